"""Targets beside outputs: of which kind they are, in the shape of the outputs, and whether they suit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netbuilder.train.errors import TrainingError
from netbuilder.train.losses.unlabelled import told

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part


def of_samples(found: torch.Tensor) -> torch.Tensor:
    """The mean of every sample, (N,)."""
    return found.flatten(1).mean(1) if found.dim() > 1 else found


def has_classes(part: Part) -> bool:
    """Whether the targets are class numbers, not values."""
    return part.targets.dtype.kind in "iu"


def like(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Targets in the shape and type of the outputs: classes one-hot, a missing last axis added."""
    if target.shape == output.shape:
        return target.to(output.dtype)
    if not target.is_floating_point() and target.dim() == 1 and output.dim() == 2 and output.shape[1] > 1:
        from torch.nn.functional import one_hot

        return one_hot(target, output.shape[1]).to(output.dtype)
    return target.reshape(output.shape).to(output.dtype)


def check_range(part: Part, classes: int, ignored: int | None = None) -> None:
    """Raise `TrainingError` when a label does not lie in 0 … `classes` − 1."""
    labels = told(part.targets, ignored)
    if not len(labels):
        return
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= classes:
        wrong = low if low < 0 else high
        raise TrainingError(
            f"The data set has the label {wrong}, but the network tells {classes} classes apart: labels must be 0 to {classes - 1}.",
            place="loss",
            remedy=f"Give the last layer {high + 1} outputs." if low >= 0 else "Number the classes from 0.",
        )


def check_values(shape: tuple[int, ...], part: Part, title: str) -> None:
    """Raise `TrainingError` when the loss called `title` cannot compare targets with outputs of `shape` element by element."""
    if has_classes(part) and part.targets.ndim == 1 and len(shape) == 1:
        check_range(part, max(shape[0], 2))
        return
    wanted = tuple(part.targets.shape[1:])
    if int(np.prod(wanted)) != int(np.prod(shape)) or (wanted != shape and wanted and 1 not in shape and len(wanted) > 1):
        raise TrainingError(
            f"{title} compares the network's output with the targets, but one has the shape {show(shape)} and the other {show(wanted)}.",
            place="loss",
            remedy=f"Make the network end in the shape {show(wanted)}.",
        )


def show(shape: tuple[int, ...]) -> str:
    """A shape in words: `3×28×28`."""
    return "×".join(map(str, shape)) or "1"


def count(shape: tuple[int, ...]) -> str:
    """How many numbers there are along the first axis, in words."""
    return "a single number" if not shape or shape[0] == 1 else f"{shape[0]} numbers"
