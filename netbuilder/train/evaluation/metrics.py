"""Sums that accumulate on the device and come to the host only on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Own:
    """Means of one output among several: its own loss, before its weight in the sum, and its own accuracy if it has classes."""

    loss: float
    accuracy: float | None


@dataclass(frozen=True)
class Metrics:
    """Means over `count` samples; `accuracy` is a share, `None` when the task has no classes.

    `outputs` are those of each output where there are several, in order.
    """

    loss: float
    accuracy: float | None
    count: int
    outputs: tuple[Own, ...] = ()


@dataclass
class Sums:
    """Sums on the host, kept in double precision. `own` are those of several outputs: all their losses, then all right answers."""

    loss: float = 0.0
    correct: float = 0.0
    count: int = 0
    own: tuple[float, ...] = ()

    def add(self, other: Sums) -> None:
        """Add another's sums."""
        self.loss += other.loss
        self.correct += other.correct
        self.count += other.count
        self.own = tuple(a + b for a, b in zip(self.own, other.own, strict=True)) if self.own and other.own else self.own or other.own

    def means(self, classes: bool, tells: Sequence[bool] = ()) -> Metrics:
        """The means; `classes` says whether correct answers were counted, and `tells` says so for every output."""
        count = max(self.count, 1)
        half = len(self.own) // 2
        pairs = zip(self.own[:half], self.own[half:], tells, strict=False)
        own = tuple(Own(loss / count, right / count if told else None) for loss, right, told in pairs)
        return Metrics(self.loss / count, self.correct / count if classes else None, self.count, own)


class Totals:
    """Sums of loss and correct answers on a device; only `take` waits for the device.

    With several `outputs`, `correct` also holds the sums of each: see `Objective`.
    """

    def __init__(self, device: torch.device, outputs: int = 1) -> None:
        import torch

        wide = torch.float32 if device.type == "mps" else torch.float64
        self.loss = torch.zeros((), dtype=wide, device=device)
        self.correct = torch.zeros(() if outputs == 1 else (1 + 2 * outputs,), dtype=wide, device=device)
        self.count = 0

    def add(self, loss: torch.Tensor, correct: torch.Tensor | None, count: int) -> None:
        """A batch's mean loss and right answers, both still on the device."""
        self.loss.add_(loss, alpha=count)
        if correct is not None:
            self.correct.add_(correct)
        self.count += count

    def take(self) -> Sums:
        """The sums since the last call, on the host."""
        import torch

        loss, correct, *own = torch.cat((self.loss.reshape(1), self.correct.reshape(-1))).tolist()
        sums = Sums(loss, correct, self.count, tuple(own))
        self.loss.zero_()
        self.correct.zero_()
        self.count = 0
        return sums
