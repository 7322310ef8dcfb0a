"""A loaded data set: arrays as stored, three parts, and what the numbers mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Part:
    """Samples in stored form. `inputs` is (N, C, H, W) uint8 for images or (N, features…) float32; possibly memory-mapped.

    `targets` is (N,) int64 class numbers, or (N, …) float32 values. `index` holds each sample's number in its source.
    `more` holds further inputs of the same samples, for networks with several.
    `weights` (N,) float32 says how much each sample counts, 1 on average; `groups` (N,) int64 which samples belong together.
    """

    inputs: NDArray[np.generic]
    targets: NDArray[np.generic]
    index: NDArray[np.int64]
    weights: NDArray[np.float32] | None = None
    groups: NDArray[np.int64] | None = None
    more: tuple[NDArray[np.generic], ...] = ()

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class Normalisation:
    """`(stored · scale − mean) / std` per channel, statistics from the training part only; `others` are those of further inputs."""

    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]
    others: tuple[Normalisation, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """Training, validation and test parts. `classes` is empty when targets are values."""

    name: str
    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]
    normalisation: Normalisation
    licence: str = ""
    notes: tuple[str, ...] = ()

    @property
    def input_shape(self) -> tuple[int, ...]:
        """One sample's shape, without the batch; of several inputs the first."""
        return tuple(self.train.inputs.shape[1:])

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of all inputs of one sample."""
        return tuple(tuple(each.shape[1:]) for each in (self.train.inputs, *self.train.more))
