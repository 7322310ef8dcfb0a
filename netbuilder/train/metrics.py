"""Means that grow on the device and come to the host only when somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Metrics:
    """Means over `count` samples; `accuracy` is a share, `None` when the task has no classes."""

    loss: float
    accuracy: float | None
    count: int


@dataclass
class Sums:
    """Sums on the host, kept in double precision."""

    loss: float = 0.0
    correct: float = 0.0
    count: int = 0

    def add(self, other: Sums) -> None:
        """Take another's sums in."""
        self.loss += other.loss
        self.correct += other.correct
        self.count += other.count

    def means(self, classes: bool) -> Metrics:
        """The means; `classes` says whether correct answers were counted."""
        count = max(self.count, 1)
        return Metrics(self.loss / count, self.correct / count if classes else None, self.count)


class Totals:
    """Sums of loss and correct answers on a device; `take` is the only thing that waits for it."""

    def __init__(self, device: torch.device) -> None:
        import torch

        wide = torch.float32 if device.type == "mps" else torch.float64
        self.loss = torch.zeros((), dtype=wide, device=device)
        self.correct = torch.zeros((), dtype=wide, device=device)
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

        loss, correct = torch.stack((self.loss, self.correct)).tolist()
        sums = Sums(loss, correct, self.count)
        self.loss.zero_()
        self.correct.zero_()
        self.count = 0
        return sums
