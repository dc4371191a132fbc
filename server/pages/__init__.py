"""Pages: what browsers get, as HTML of our own that loads nothing from other hosts."""
