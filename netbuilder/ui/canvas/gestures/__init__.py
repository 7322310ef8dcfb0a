"""One gesture, one object: each follows the mouse and ends in one edit, or in nothing."""
