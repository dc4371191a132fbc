"""Pages: what browsers get, rendered by the server from the declaration, without a script."""
