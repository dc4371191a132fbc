"""Benchmarks: scripts that print tables of times and sizes, and claim nothing."""
