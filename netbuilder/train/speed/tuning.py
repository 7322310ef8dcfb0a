"""Chooses thread count and memory layout for the CPU by a short measurement, and remembers the choice.

The choice changes the order of additions and with it the last digits of every result, so it is kept in the user's
folder: the same network trains to the same numbers on the same machine. A choice made while others kept the machine busy is
made again in a quiet moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import ClassVar, NamedTuple

BUDGET = 1.2
"""Seconds that all measurements together may take."""
QUICK = 0.0006
"""Steps shorter than this (seconds) are bound by Python; one thread is best and nothing is measured."""
HOPELESS, NEARLY, SPARING = 1.5, 1.05, 1.35
"""Options this much slower than the quickest are dropped; those that are no slower than this count as equally quick; and this is
what leaving a core free may cost. Threads on every core wait for whichever the window, or any other program, interrupts."""
_ENTRIES = 500
_BUSY = " busy"


class Execution(NamedTuple):
    """How steps run on the CPU: threads inside each operation, memory format, shares of the batch (`shards.py`).

    `batch_last` is for networks that are a plain chain (`chain.py`).
    """

    threads: int
    channels_last: bool = False
    shards: int = 1
    batch_last: bool = False

    @classmethod
    def read(cls, values: object) -> Execution | None:
        """From a file's list; `None` when it is none, or one of another time."""
        if not isinstance(values, list) or len(values) != len(cls._fields):
            return None
        threads, channels_last, shards, batch_last = values
        with contextlib.suppress(TypeError, ValueError):
            return cls(int(threads), bool(channels_last), int(shards), bool(batch_last))
        return None

    def note(self) -> str:
        """For people."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        if self.shards > 1:
            threads = f"{self.shards} threads, each with a share of the batch"
        layout = "batch-last" if self.batch_last else "channels-last" if self.channels_last else "contiguous"
        return f"{threads}, {layout} memory format"


def candidates(cores: int, images: bool, divisible: bool = False, chain: bool = False) -> list[Execution]:
    """All cores first, then all but one, then 1, 2, 4, … threads, each with both memory formats when there are images.

    A `chain` may also learn with the batch last, any other network that is `divisible` a batch in as many shares, up to eight.
    """
    counts = dict.fromkeys((cores, max(cores - 1, 1), 1, *(2**power for power in range(1, cores.bit_length()) if 2**power < cores)))
    formats = (True, False) if images else (False,)
    if chain:
        special = [Execution(count, batch_last=True) for count in counts]
    else:
        special = [Execution(1, False, count) for count in dict.fromkeys(min(count, 8) for count in counts) if count > 1 and divisible]
    return [*special, *(Execution(count, last) for count in counts for last in formats)]


def measure(options: Sequence[Execution], trial: Callable[[Execution], float], budget: float | None = None) -> Execution:
    """The option with the shortest step, if it can be one that leaves a core free; of nearly equal ones that with the fewest threads.

    `trial` makes one step and says how many seconds it took.

    Rounds over all options alternate, so that a busy moment hurts none of them alone; hopeless options drop out.
    Options that the budget leaves no time for are not tried.
    """
    start = perf_counter()
    budget = BUDGET if budget is None else budget
    times: dict[Execution, list[float]] = {}
    for option in options:
        times[option] = [trial(option)]
        if perf_counter() - start > budget:
            break
        times[option] = [trial(option)]  # the first one made its plans and its memory
        if times[option][0] < QUICK:
            return min(options, key=lambda option: (_cores(option), options.index(option)))
    while len(times) > 1 and perf_counter() - start < budget:
        shortest = min(map(min, times.values()))
        for option, taken in times.items():
            if min(taken) <= HOPELESS * shortest:
                taken.append(trial(option))
    return _lightest({option: _typical(taken) for option, taken in times.items()})


def _typical(times: list[float]) -> float:
    """The median: a busy moment does not decide, but an option that suffers from every one is judged by that."""
    return sorted(times)[len(times) // 2]


def _lightest(times: dict[Execution, float]) -> Execution:
    """The quickest, or one that leaves more cores to everything else and is nearly as quick."""
    most, shortest = max(map(_cores, times)), min(times.values())
    sparing = {option: time for option, time in times.items() if _cores(option) < most and time <= SPARING * shortest}
    times = sparing or times
    near = [option for option, time in times.items() if time <= NEARLY * min(times.values())]
    return min(near, key=lambda option: (_cores(option), times[option]))


def _cores(option: Execution) -> int:
    return option.threads * option.shards


def quiet(cores: int) -> bool:
    """Whether the machine had little else to do in the last minute, so that a measurement may count for later runs."""
    try:
        return os.getloadavg()[0] < 0.6 * cores
    except (AttributeError, OSError):
        return True


class Memory:
    """Choices made before: in this process, and in a small JSON file.

    A file that cannot be read or written is as good as none.
    """

    _here: ClassVar[dict[tuple[Path, str], Execution]] = {}

    def __init__(self, path: Path) -> None:
        self.path = path

    def recall(self, key: str, *, busy: bool = False) -> Execution | None:
        """The choice made under this key; while the machine is `busy`, one made when it was so counts, too."""
        if (self.path, key) in self._here:
            return self._here[self.path, key]
        entries = self._entries()
        return Execution.read(entries.get(key)) or (Execution.read(entries.get(key + _BUSY)) if busy else None)

    def note(self, key: str, choice: Execution, *, busy: bool = False) -> None:
        """Remember a choice for this process and for later ones, one of a `busy` machine until a better one is made.

        The oldest are forgotten.
        """
        from netbuilder.core.atomic import write_atomically
        from netbuilder.core.errors import FileError

        self._here[self.path, key] = choice
        entries = {**self._entries(), key + (_BUSY if busy else ""): list(choice)}
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
