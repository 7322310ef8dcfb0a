"""Arrays larger than memory: cached files that are mapped, and selections from them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netbuilder.data.errors import DataError
from netbuilder.paths import home

_IN_MEMORY = 2 * 1024**3
_ROWS = 256


def cache(*parts: str) -> Path:
    """A path in the cache folder, which exists afterwards; everything in it can be made again."""
    path = home("cache", *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def mapped(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.memmap[Any, Any]:
    """A new .npy file to be filled. Its disk space is taken now: writing to a map on a full disk would end the process.

    Raises `OSError` when there is no room.
    """
    array: np.memmap[Any, Any] = np.lib.format.open_memmap(path, "w+", dtype, shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return array


def take(array: NDArray[np.generic], index: NDArray[np.int64]) -> NDArray[np.generic]:
    """The chosen samples: the array itself when all are chosen, in memory when they fit, else mapped from the cache.

    Raises `DataError` when the cache has no room for them.
    """
    if len(index) == len(array) and np.array_equal(index, np.arange(len(array))):
        return array
    size = len(index) * array[:1].nbytes
    if not isinstance(array, np.memmap) or size <= _IN_MEMORY or array.filename is None:
        return np.asarray(array[index])
    key = hashlib.sha256(index.tobytes() + str(array.filename).encode()).hexdigest()[:24]
    path = cache(f"selection-{key}.npy")
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            target = mapped(part, array.dtype, (len(index), *array.shape[1:]))
            for start in range(0, len(index), _ROWS):
                target[start : start + _ROWS] = array[index[start : start + _ROWS]]
            target.flush()
            del target
            part.replace(path)
        except OSError as error:
            raise DataError(f"The chosen samples cannot be kept in “{path.parent}”: {error.strerror}.", place=str(path)) from error
        finally:
            part.unlink(missing_ok=True)
    chosen: NDArray[np.generic] = np.load(path, mmap_mode="r")
    return chosen
