"""Benchmarks: figures that anyone can measure again; each is a command, and a test runs all of them small."""
