"""Tests of the room that faces the world."""
