"""The order in which an epoch takes its samples: a function of seed and epoch alone, so that a resumed run sees the same ones."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.dataset import Part
from netbuilder.data.errors import DataError

Sampling = Literal["shuffled", "balanced", "weighted", "as stored"]
WAYS: tuple[str, ...] = get_args(Sampling)
Order = NDArray[np.int64]


def shuffled(seed: int, epoch: int, count: int) -> Order:
    """Every sample once, in random order."""
    return np.random.default_rng((seed, epoch)).permutation(count).astype(np.int64, copy=False)


def balanced(labels: NDArray[np.generic], seed: int, epoch: int) -> Order:
    """As many draws as there are samples, in which every class comes equally often in every stretch, a batch for instance.

    The samples of a class come in random order, all of them before one comes again; large classes show a part of theirs.
    """
    random = np.random.default_rng((seed, epoch, 1))
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    rounds = -(-len(labels) // len(members))
    columns = [np.concatenate([random.permutation(own) for _ in range(-(-rounds // len(own)))])[:rounds] for own in members]
    table = random.permuted(np.stack(columns, axis=1), axis=1)
    return table.reshape(-1)[: len(labels)].astype(np.int64, copy=False)


def weighted(weights: NDArray[np.generic], seed: int, epoch: int) -> Order:
    """As many draws as there are samples, each with a chance in proportion to its weight."""
    random = np.random.default_rng((seed, epoch, 2))
    chances = np.asarray(weights, np.float64)
    return random.choice(len(chances), len(chances), p=chances / chances.sum()).astype(np.int64, copy=False)


def order(part: Part, way: Sampling, seed: int, epoch: int) -> Order:
    """The sample numbers of an epoch."""
    if way == "balanced":
        return balanced(part.targets, seed, epoch)
    if way == "weighted" and part.weights is not None:
        return weighted(part.weights, seed, epoch)
    return np.arange(len(part), dtype=np.int64) if way == "as stored" else shuffled(seed, epoch, len(part))


def check(part: Part, way: Sampling) -> None:
    """Raise `DataError` when the samples cannot be drawn in this way."""
    if way == "balanced" and not (part.targets.dtype.kind in "iu" and part.targets.ndim == 1):
        which = f"“{part.target}”, the first targets of this data set," if part.names else "the targets of this data set"
        choice = "Name targets with classes first in the Data tab, or choose" if part.names else "Choose"
        raise DataError(
            f"Balanced batches need one class for each sample, but {which} are none.",
            place="sampling",
            remedy=f"{choice} the sampling “shuffled”.",
        )
    if way == "weighted" and part.weights is None:
        raise DataError(
            "The samples of this data set have no weights to be drawn by.",
            place="sampling",
            remedy="Name an array of weights in the Data tab, or choose the sampling “balanced” or “shuffled”.",
        )


def class_weights(labels: NDArray[np.generic]) -> tuple[float, ...]:
    """A weight for every class from 0 on by which each counts as much as any other; absent classes weigh what the rarest could."""
    counts = np.bincount(labels.reshape(-1).clip(min=0))
    weights = labels.size / np.maximum(counts, 1) / max(int((counts > 0).sum()), 1)
    return tuple(float(weight) for weight in weights)
