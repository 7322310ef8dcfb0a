"""Frames and comments on the canvas: shown, edited with mouse and keys, and painted."""
