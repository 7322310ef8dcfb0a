"""The gallery: each template is a function that returns a graph. Imports `core` only."""
