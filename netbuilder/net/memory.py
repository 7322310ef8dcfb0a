"""How much memory this computer has."""

from __future__ import annotations

import os
from functools import cache

_FALLBACK = 64 * 2**30


@cache
def physical_memory() -> int:
    """Bytes of main memory; 64 GiB where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return _FALLBACK
