"""How far a complexity sweep has come, and how long the rest will take."""

from __future__ import annotations

from collections.abc import Sequence

from netbuilder.core import format
from netbuilder.train.events import EpochDone, Event, Started, StepsLogged


class SweepPace:
    """Follows a sweep's events; networks count by their operations, because large ones take longer."""

    def __init__(self) -> None:
        self.begin([], 1)

    def begin(self, macs: Sequence[int], epochs: int) -> None:
        """These networks are trained one after another, for so many epochs each."""
        self._macs = [max(1, each) for each in macs]
        self._epochs = epochs
        self._number = self._epoch = 0
        self._part = self._seconds = 0.0
        self._steps = 1

    def take(self, event: Event) -> None:
        """Follow what the training tells."""
        match event:
            case Started():
                self._number, self._epoch, self._part, self._steps = self._number + 1, 0, 0.0, max(1, event.steps_per_epoch)
            case StepsLogged():
                self._part = (event.step / self._steps) % 1
            case EpochDone():
                self._epoch, self._part = event.epoch, 0.0
                self._seconds += event.seconds

    @property
    def share(self) -> float:
        """Of all operations."""
        if not self._macs or not self._number:
            return 0.0
        now = self._macs[min(self._number, len(self._macs)) - 1] * min(1.0, (self._epoch + self._part) / self._epochs)
        return (sum(self._macs[: self._number - 1]) + now) / sum(self._macs)

    @property
    def words(self) -> str:
        """Which network, which epoch, how much time is left."""
        if not self._number:
            return "Loading data…"
        left = f" · {format.duration(self._seconds * (1 / self.share - 1))} left" if self.share > 0 and self._seconds else ""
        return f"Network {self._number} of {len(self._macs)}, epoch {min(self._epoch + 1, self._epochs)} of {self._epochs}{left}"
