"""The family of errors that training may raise."""

from __future__ import annotations

from netbuilder.core.errors import NetbuilderError


class TrainingError(NetbuilderError):
    """Training cannot start or go on. `place` is a node id, or a setting's dotted name such as `optimizer.learning_rate`."""


class RecipeError(TrainingError):
    """A setting of the recipe is unusable; `place` is its dotted name."""


class CheckpointError(TrainingError):
    """No checkpoint can be read there; `place` is the folder."""


class ToldElsewhereError(TrainingError):
    """Another process of the same training has told the user why it ended; this one ends silently."""


class OutOfMemoryError(TrainingError):
    """The device has no room for a step of this size. The batch size is never changed silently."""
