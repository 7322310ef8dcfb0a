"""Checkpoints: written beside the training, complete or not there at all, and what is needed to go on from one."""
