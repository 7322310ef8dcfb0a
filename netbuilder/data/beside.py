"""What a source may know of its samples beside inputs and targets: how much each counts, and which belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.errors import DataError
from netbuilder.data.sources.base import Contents

Arrays = Sequence[NDArray[np.generic]]


def added(contents: Contents, found: Mapping[str, Arrays], place: str) -> Contents:
    """The contents with `weights` and `groups`, each an array for the training and perhaps one for the test samples."""
    for field, arrays in found.items():
        parts = [part for part in (contents.train, contents.test) if part is not None][: len(arrays)]
        for part, array in zip(parts, arrays, strict=False):
            if array.shape not in ((len(part),), (len(part), 1)):
                message = f"“{field}” has the shape {array.shape}, but there are {len(part):,} samples."
                raise DataError(message, place=place, remedy="Give one number for each.")
        read: Any = _weights if field == "weights" else _groups
        done = [replace(part, **{field: values}) for part, values in zip(parts, read([a.reshape(-1) for a in arrays], place), strict=False)]
        contents = replace(contents, train=done[0], test=done[1] if len(done) > 1 else contents.test)
    return contents


def _weights(arrays: Arrays, place: str) -> list[NDArray[np.float32]]:
    for array in arrays:
        numbers = array.dtype.kind in "biuf"
        if not numbers or not np.isfinite(array.astype(np.float64)).all() or float(array.astype(np.float64).min(initial=0.0)) < 0:
            raise DataError("The weights of samples must be numbers of at least 0.", place=place)
    return [array.astype(np.float32) for array in arrays]


def _groups(arrays: Arrays, place: str) -> list[NDArray[np.int64]]:
    """Names or numbers of groups, counted from 0 over all parts."""
    if any(array.dtype.kind not in "biuU" for array in arrays):
        raise DataError("Groups must be whole numbers or names.", place=place)
    _, numbers = np.unique(np.concatenate(arrays), return_inverse=True)
    return [each.astype(np.int64) for each in np.split(numbers, np.cumsum([len(array) for array in arrays])[:-1])]
