"""Tests of plans and their answers."""
