"""Wires on the canvas: the ways they take (`layout`, `routing`, `lanes`), what one shows, and their labels."""
