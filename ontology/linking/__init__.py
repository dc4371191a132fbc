"""Linking: from the words of a text to proposed links, with the evidence for each."""
