"""The loss of a trained network as a landscape over its weights: heights along lines and planes, and how it curves at a point."""
