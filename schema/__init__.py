"""Schema: the domain as tables and GraphQL types, and the store; no HTTP, no files."""
