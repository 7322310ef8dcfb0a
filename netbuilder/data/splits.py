"""Which samples go where: seeded splits that keep the share of every class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.errors import DataError

Index = NDArray[np.int64]


def size_of(share: float, total: int, what: str) -> int:
    """A fraction below one of `total`, or a whole count; raises `DataError` when nothing would be left."""
    wanted = round(share * total) if share < 1 else int(share)
    if wanted >= total and total > 0:
        raise DataError(
            f"The {what} part would take {wanted:,} of {total:,} samples and leave none to train on.",
            place=what,
            remedy="Give a fraction below 1 or a smaller count.",
        )
    return wanted


def split(targets: NDArray[np.generic], count: int, *, seed: int, stratified: bool = True) -> tuple[Index, Index]:
    """(rest, taken) as sorted sample numbers; `taken` has `count` of them.

    Stratified: every class gives its share, by largest remainder, when targets are class numbers.
    """
    total = len(targets)
    if count <= 0:
        return np.arange(total, dtype=np.int64), np.empty(0, np.int64)
    generator = np.random.default_rng((seed, total, count))
    if stratified and targets.ndim == 1 and np.issubdtype(targets.dtype, np.integer):
        taken = _stratified(targets, count, generator)
    else:
        taken = generator.permutation(total)[:count]
    mask = np.zeros(total, bool)
    mask[taken] = True
    return np.flatnonzero(~mask).astype(np.int64), np.flatnonzero(mask).astype(np.int64)


def _stratified(targets: NDArray[np.generic], count: int, generator: np.random.Generator) -> Index:
    classes, sizes = np.unique(targets, return_counts=True)
    exact = sizes * (count / len(targets))
    quota = np.floor(exact).astype(np.int64)
    for which in np.argsort(-(exact - quota), kind="stable")[: count - int(quota.sum())]:
        quota[which] += 1
    chosen = [generator.permutation(np.flatnonzero(targets == value))[:n] for value, n in zip(classes, quota, strict=True)]
    return np.concatenate(chosen).astype(np.int64)
