"""Linking: texts of our own with the objectives and goals that they are about, and how they are labelled."""
