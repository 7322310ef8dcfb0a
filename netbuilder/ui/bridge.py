"""The one timer of a window: carries training events from the runner's inbox into Qt signals at frame rate."""

from __future__ import annotations

from time import monotonic, thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from netbuilder.app.session import Session

FRAME = 50
"""Milliseconds between two looks into the inbox."""
SHARE = 0.012
"""Share of one core that showing a training may take from it; news waits the longer, the dearer the last was to draw."""
LONGEST = 0.35
"""Seconds that news waits at most: curves always move several times a second."""


class Bridge(QObject):
    """Emits `events` (a list, oldest first) and `state_changed` (the runner's state) in the window's thread."""

    events = Signal(list)
    state_changed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._state = "idle"
        self._starts = 0
        self._shown = (0.0, 0.0)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self.drain)

    @property
    def state(self) -> str:
        """The runner's state as last announced."""
        return self._state

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()

    def stop(self) -> None:
        """Look no more; what is left stays in the inbox."""
        self._timer.stop()

    @Slot()
    def drain(self) -> None:
        """Announce a new state first, then whatever has arrived. A start is announced even when it has failed already."""
        runner = self._session.runner
        starts, state = runner.starts, str(runner.state)
        if state == self._state == "running" and starts == self._starts and not self._affordable():
            return
        found = runner.inbox.drain()
        if starts != self._starts:
            self._starts = starts
            self._state = "loading"
            self.state_changed.emit(self._state)
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
        if found:
            self.events.emit(found)

    def _affordable(self) -> bool:
        """Whether what this thread has worked since it last showed news is a small enough share of the time since then."""
        wall, work = self._shown
        now, worked = monotonic(), thread_time()
        if now - wall < min(LONGEST, (worked - work) / SHARE):
            return False
        self._shown = (now, worked)
        return True
