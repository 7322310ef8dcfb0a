"""Where a run stands: what, besides weights and optimizer memory, is needed to continue as if nothing had happened."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from netbuilder.train.evaluation.metrics import Sums
from netbuilder.train.schedules import Memory


@dataclass
class Progress:
    """`epoch` is the current one, counted from 1; `step_in_epoch` and `step` (of the whole run) count finished steps.

    `score` is that of the best epoch: accuracy, or the negated loss, so that more is better. `waited` counts the epochs since then.
    """

    epoch: int = 1
    step_in_epoch: int = 0
    step: int = 0
    epoch_done: bool = False
    score: float = -math.inf
    best_epoch: int | None = None
    waited: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    sums: Sums = field(default_factory=Sums)
    schedule: Memory = field(default_factory=Memory)

    def next_epoch(self) -> None:
        """Begin the following epoch."""
        self.epoch += 1
        self.step_in_epoch = 0
        self.restart_epoch()

    def restart_epoch(self) -> None:
        """Forget the sums of the current epoch."""
        self.epoch_done = False
        self.epoch_seconds = 0.0
        self.sums = Sums()

    def judge(self, score: float) -> bool:
        """Take note of an epoch's score; says whether it is the best so far."""
        if score > self.score:
            self.score, self.best_epoch, self.waited = score, self.epoch, 0
            return True
        self.waited += 1
        return False

    def state(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {**plain, "sums": [self.sums.loss, self.sums.correct, self.sums.count, *self.sums.own], "schedule": list(self.schedule)}

    @classmethod
    def read(cls, state: dict[str, Any]) -> Progress:
        """From a checkpoint's state; raises `KeyError`, `TypeError` or `ValueError` when it is not one."""
        loss, correct, count, *own = state["sums"]
        return cls(
            **{name: state[name] for name in _PLAIN}, sums=Sums(loss, correct, count, tuple(own)), schedule=Memory(*state["schedule"])
        )


_PLAIN = ("epoch", "step_in_epoch", "step", "epoch_done", "score", "best_epoch", "waited", "seconds", "epoch_seconds")
