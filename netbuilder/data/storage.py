"""Arrays larger than memory: cached files that are mapped, and selections from them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netbuilder.paths import home

_IN_MEMORY = 2 * 1024**3
_ROWS = 256


def cache(*parts: str) -> Path:
    """A path in the cache folder, which exists afterwards; everything in it can be made again."""
    path = home("cache", *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def take(array: NDArray[np.generic], index: NDArray[np.int64]) -> NDArray[np.generic]:
    """The chosen samples: the array itself when all are chosen, in memory when they fit, else mapped from the cache."""
    if len(index) == len(array) and np.array_equal(index, np.arange(len(array))):
        return array
    size = len(index) * array[:1].nbytes
    if not isinstance(array, np.memmap) or size <= _IN_MEMORY or array.filename is None:
        return np.asarray(array[index])
    key = hashlib.sha256(index.tobytes() + str(array.filename).encode()).hexdigest()[:24]
    path = cache(f"selection-{key}.npy")
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}.part")
        target = np.lib.format.open_memmap(part, "w+", array.dtype, (len(index), *array.shape[1:]))
        for start in range(0, len(index), _ROWS):
            target[start : start + _ROWS] = array[index[start : start + _ROWS]]
        target.flush()
        del target
        part.replace(path)
    mapped: NDArray[np.generic] = np.load(path, mmap_mode="r")
    return mapped
