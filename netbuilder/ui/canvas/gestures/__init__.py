"""One gesture, one object: it follows the pointer, shows feedback, and ends in at most one edit or none."""
