"""Gestures, one module each: an object that follows the pointer, shows feedback, and ends in one edit or none."""
