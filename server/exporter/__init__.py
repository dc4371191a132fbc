"""Exporter: everything in the store, written at one data version; one format a module."""
