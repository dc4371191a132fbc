"""Tests of the room that knows what words mean."""
