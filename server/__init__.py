"""Server: the world around the graph: HTTP, settings, files, people."""
