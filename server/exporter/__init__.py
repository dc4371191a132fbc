"""Exporter: everything in the store, as it is or was at one data version; one format a module."""
