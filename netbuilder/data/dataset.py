"""A loaded data set: arrays as stored, three parts, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Part:
    """Samples in stored form. `inputs` is (N, C, H, W) uint8 for images or (N, features…) float32; possibly memory-mapped.

    `targets` is (N,) int64 class numbers, or (N, …) float32 values. `index` holds each sample's number in its source.
    `more` holds further inputs of the same samples, for networks with several.
    Where outputs learn targets of their own, `target` is the name of `targets`, and `others` are further ones by name.
    `weights` (N,) float32 says how much each sample counts, 1 on average; `groups` (N,) int64 which samples belong together.
    """

    inputs: NDArray[np.generic]
    targets: NDArray[np.generic]
    index: NDArray[np.int64]
    weights: NDArray[np.float32] | None = None
    groups: NDArray[np.int64] | None = None
    more: tuple[NDArray[np.generic], ...] = ()
    target: str = ""
    others: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of several targets; none where there is one for all outputs."""
        return (self.target, *self.others) if self.others else ()

    def aimed(self, name: str) -> Part:
        """These samples with the targets of this name in front; raises `KeyError`."""
        if name == self.target:
            return self
        rest = {each: array for each, array in self.others.items() if each != name}
        return replace(self, targets=self.others[name], target=name, others={self.target: self.targets, **rest})


@dataclass(frozen=True)
class Normalisation:
    """`(stored · scale − mean) / std` per channel, statistics from the training part only; `others` are those of further inputs."""

    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]
    others: tuple[Normalisation, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """Training, validation and test parts. `classes` is empty when targets are values; `others` are those of further targets."""

    name: str
    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]
    normalisation: Normalisation
    licence: str = ""
    notes: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of several targets; none where there is one for all outputs. By the first go splits, balanced batches, baselines."""
        return self.train.names

    def aimed(self, name: str) -> Dataset:
        """This data with the targets of this name, and their classes, in front; raises `KeyError`."""
        if name == self.train.target:
            return self
        train, validation, test = (part.aimed(name) for part in (self.train, self.validation, self.test))
        others = {each: self.classes if each == self.train.target else self.others[each] for each in train.others}
        return replace(self, train=train, validation=validation, test=test, classes=self.others[name], others=others)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """One sample's shape, without the batch; of several inputs the first."""
        return tuple(self.train.inputs.shape[1:])

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of all inputs of one sample."""
        return tuple(tuple(each.shape[1:]) for each in (self.train.inputs, *self.train.more))
