// Every project, page by page, with graphql-request: node every_project.mjs [ADDRESS].
import { GraphQLClient, gql } from "graphql-request";

const PAGE = gql`
  query Page($after: String) {
    projects(first: 10, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id budgetUsd title(languages: [EN, FR, ES]) { value } }
    }
  }
`;

const client = new GraphQLClient(process.argv[2] ?? "http://127.0.0.1:8000/graphql");
let after = null;
do {
  const { projects } = await client.request(PAGE, { after });
  for (const { id, budgetUsd, title } of projects.nodes) console.log(id, budgetUsd, title.value);
  after = projects.pageInfo.hasNextPage ? projects.pageInfo.endCursor : null;
} while (after);
