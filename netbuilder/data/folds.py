"""Cross-validation: every sample is held out once, by its own, with its class's share, or with all of its group."""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from netbuilder.data.errors import DataError

Index = NDArray[np.int64]


class Fold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which fold of how many validates. `count` 0 leaves one out at a time, a sample or a group."""

    number: Annotated[int, Meta(ge=1)] = 1
    count: Annotated[int, Meta(ge=0)] = 5
    stratified: bool = True
    grouped: bool = False


def folds(targets: NDArray[np.generic], groups: Index | None, wanted: Fold, seed: int = 0) -> list[Index]:
    """The places of the samples that each fold holds out, whatever the number of the wanted one.

    Raises `DataError` for more folds than samples or groups, and for groups where none are known.
    """
    count, total = wanted.count, len(targets)
    if wanted.grouped:
        return _of_groups(groups, count, seed)
    if count == 0:
        return [np.array([place], np.int64) for place in range(total)]
    _enough(count, total, "samples")
    random = np.random.default_rng((seed, total, count))
    order = random.permutation(total)
    if wanted.stratified and targets.ndim == 1 and targets.dtype.kind in "iu":
        order = order[np.argsort(targets[order], kind="stable")]
    return [np.sort(order[start::count]).astype(np.int64) for start in range(count)]


def _of_groups(groups: Index | None, count: int, seed: int) -> list[Index]:
    """Whole groups, the largest dealt first, each to the fold that has the fewest samples so far."""
    if groups is None:
        raise DataError(
            "The samples of this data set do not say to which group they belong.",
            place="groups",
            remedy="Name an array of groups in the Data tab, or do without groups.",
        )
    names, sizes = np.unique(groups, return_counts=True)
    if count == 0:
        return [np.flatnonzero(groups == name).astype(np.int64) for name in names]
    _enough(count, len(names), "groups")
    order = np.random.default_rng((seed, len(names), count)).permutation(len(names))
    held: list[list[int]] = [[] for _ in range(count)]
    filled = [0] * count
    for which in order[np.argsort(-sizes[order], kind="stable")]:
        least = filled.index(min(filled))
        held[least].append(int(names[which]))
        filled[least] += int(sizes[which])
    return [np.flatnonzero(np.isin(groups, own)).astype(np.int64) for own in held]


def _enough(count: int, there: int, what: str) -> None:
    if count < 2:
        raise DataError(f"{count} fold leaves nothing to learn from.", place="folds", remedy="Give at least 2.")
    if count > there:
        raise DataError(f"{count:,} folds need as many {what}, but there are {there:,}.", place="folds", remedy=f"Give at most {there:,}.")
