"""Thread behaviour that must be settled before torch is imported. Imports nothing heavy."""

from __future__ import annotations

import os

_PATIENCE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "5000", "KMP_BLOCKTIME": "0"}
"""How long idle threads spin: 5000 rounds (a fifth of a millisecond) bridge the gap to the next operation of a step.

Without any, waking a thread for each operation costs more than the thread brings; by default they spin for milliseconds.
"""


def prepare_threads() -> None:
    """Make OpenMP's idle threads sleep soon instead of spinning on, so that a window beside them stays fluid.

    Call it first thing in a program, before anything imports torch; what the user has set in the environment stays.
    """
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
