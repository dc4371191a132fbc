"""Benchmarks: figures of this machine, taken in one run; each is a program and has a small smoke test."""
