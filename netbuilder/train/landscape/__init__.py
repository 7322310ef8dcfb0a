"""The loss as a landscape over the weights of a network: its values along lines and planes, and its curvature at a point."""
