"""Ontology: what words mean, and how a record becomes a graph; no table, no database, no HTTP."""
