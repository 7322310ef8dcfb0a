"""Chooses thread count and memory format for the CPU by a short measurement, and remembers the choice.

The choice changes the order of additions and with it the last digits of every result, so it is kept in the user's
folder: the same network trains to the same numbers on the same machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

BUDGET = 1.2
"""Seconds that all measurements together may take."""
QUICK = 0.0006
"""Steps shorter than this (seconds) are bound by Python; one thread is best and nothing is measured."""
_ENTRIES = 500


class Execution(NamedTuple):
    """How steps run on the CPU."""

    threads: int
    channels_last: bool = False

    def note(self) -> str:
        """For people."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{threads}, {'channels-last' if self.channels_last else 'contiguous'} memory format"


def candidates(cores: int, images: bool) -> list[Execution]:
    """All cores first, then 1, 2, 4, … threads, each with both memory formats when there are images."""
    counts = dict.fromkeys((cores, 1, *(2**power for power in range(1, cores.bit_length()) if 2**power < cores)))
    formats = (True, False) if images else (False,)
    return [Execution(count, last) for count in counts for last in formats]


def measure(options: Sequence[Execution], trial: Callable[[Execution], float], budget: float | None = None) -> Execution:
    """The option with the shortest step. `trial` makes one step and says how many seconds it took.

    Rounds over all options alternate, so that a busy moment hurts none of them alone; hopeless options drop out.
    Options that the budget leaves no time for are not tried.
    """
    start = perf_counter()
    budget = BUDGET if budget is None else budget
    best: dict[Execution, float] = {}
    for option in options:
        best[option] = trial(option)
        if perf_counter() - start > budget:
            break
        best[option] = trial(option)
        if best[option] < QUICK:
            return Execution(min(option.threads for option in options))
    while len(best) > 1 and perf_counter() - start < budget:
        shortest = min(best.values())
        for option in [option for option in best if best[option] <= 1.5 * shortest]:
            best[option] = min(best[option], trial(option))
    return min(best, key=lambda option: best[option])


class Memory:
    """Choices made before, in a small JSON file; a file that cannot be read or written is as good as none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def recall(self, key: str) -> Execution | None:
        """The choice made under this key."""
        found = self._entries().get(key)
        with contextlib.suppress(TypeError, ValueError, IndexError, KeyError):
            return Execution(int(found[0]), bool(found[1])) if found else None
        return None

    def note(self, key: str, choice: Execution) -> None:
        """Remember a choice; the oldest ones are forgotten."""
        from netbuilder.core.atomic import write_atomically
        from netbuilder.core.errors import FileError

        entries = {**self._entries(), key: list(choice)}
        kept = dict(list(entries.items())[-_ENTRIES:])
        with contextlib.suppress(FileError, OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, json.dumps(kept, indent=0).encode())

    def _entries(self) -> dict[str, list[int]]:
        try:
            content = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def key(*facts: object) -> str:
    """A short name for what a choice depends on."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]
