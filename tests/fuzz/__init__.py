"""Imports of arbitrary bytes: only coded errors and refused entries, nothing in half."""
