"""Where data comes from: one declared source for each module."""
