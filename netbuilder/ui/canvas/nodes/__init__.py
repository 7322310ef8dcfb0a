"""Nodes on the canvas: what one shows, decided as a plain value (`look`), and how it is drawn at each zoom."""
