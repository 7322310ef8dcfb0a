"""Thread behaviour that must be settled before torch is imported. Imports nothing heavy."""

from __future__ import annotations

import os

_PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}


def prepare_threads() -> None:
    """Make OpenMP's idle threads sleep instead of spin, so that a window beside them stays fluid.

    Call it first thing in a program, before anything imports torch; what the user has set in the environment stays.
    """
    for name, value in _PASSIVE.items():
        os.environ.setdefault(name, value)
