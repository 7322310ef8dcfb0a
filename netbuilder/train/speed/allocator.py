"""Has the C library keep the memory of one step for the next, instead of asking the system for it again and again.

By default glibc returns every large block at once, and the system then fills a thousand fresh pages with zeros in each
step of a small network: a fifth of its time.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

LARGE = 64 << 20
"""Bytes from which a block is worth returning: activations of small networks are kept, data sets are not."""
SPARE = 256 << 20
"""Bytes of unused memory that stay with the process."""
ARENAS = 2
"""Separate heaps for all threads together: the window has many threads, and each heap keeps memory of its own."""
_M_MXFAST, _M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = 1, -1, -3, -8


@cache
def keep_memory() -> bool:
    """Keep memory that is freed from now on, once per process; says whether the C library can be told so (glibc can)."""
    # without “fast bins”, freeing a large block no longer walks through all small ones
    return _tell((_M_MMAP_THRESHOLD, LARGE), (_M_TRIM_THRESHOLD, SPARE), (_M_MXFAST, 0))


@cache
def share_heaps() -> bool:
    """Let threads that begin from now on share heaps; says whether the C library can be told so."""
    return _tell((_M_ARENA_MAX, ARENAS))


def give_back() -> None:
    """Return what loading, measuring or validating has left behind, before the steps begin whose memory is worth keeping."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _tell(*options: tuple[int, int]) -> bool:
    library = _glibc()
    return library is not None and all(library.mallopt(option, value) for option, value in options)


@cache
def _glibc() -> ctypes.CDLL | None:
    """The C library where it is glibc; others have no such options."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
