"""Importer: what users hand over, taken into the store; one format a module."""
