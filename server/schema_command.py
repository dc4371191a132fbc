"""Schema command: `compactgraph schema`, which prints the GraphQL schema."""

import sys

from server.graphql import api_schema


def schema() -> None:
    """Print the GraphQL schema."""
    sys.stdout.write(api_schema().as_str() + "\n")
