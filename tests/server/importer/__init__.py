"""Tests of the importer, on invented pages and, where they are, on real ones."""
