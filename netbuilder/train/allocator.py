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
_M_MXFAST, _M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = 1, -1, -3


@cache
def keep_memory() -> bool:
    """Keep freed memory, once per process; says whether the C library can be told so (glibc can)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
        # without “fast bins”, freeing a large block no longer walks through all small ones
        return all((mallopt(_M_MMAP_THRESHOLD, LARGE), mallopt(_M_TRIM_THRESHOLD, SPARE), mallopt(_M_MXFAST, 0)))
    except (OSError, AttributeError):
        return False
