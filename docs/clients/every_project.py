"""Every project, page by page, with gql: python every_project.py [ADDRESS]."""

import sys

from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

PAGE = """
query Page($after: String) {
  projects(first: 10, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id budgetUsd title(languages: [EN, FR, ES]) { value } }
  }
}
"""

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql"
# With the schema at hand, gql finds mistakes in a query before it is sent.
client = Client(transport=HTTPXTransport(url=address), fetch_schema_from_transport=True)

with client as session:
    after = None
    while True:
        query = gql(PAGE)
        query.variable_values = {"after": after}
        page = session.execute(query)["projects"]
        for project in page["nodes"]:
            print(project["id"], project["budgetUsd"], project["title"]["value"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
