"""The one timer of a window: carries training events from the runner's inbox into Qt signals at frame rate."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from netbuilder.ui.listening import listen

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.ui.panels.later import Relay

FRAME = 50
"""Milliseconds between two looks into the inbox, at least."""
SHARE = 0.012
"""Share of one core that showing a training may take from it; news waits the longer, the dearer the last was to draw."""
LONGEST = 400
"""Milliseconds that news waits at most: curves always move several times a second."""


class Bridge(QObject):
    """Emits `events` (a list, oldest first) and `state_changed` (the runner's state) in the window's thread."""

    events = Signal(list)
    state_changed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._state = "idle"
        self._starts = 0
        self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self.drain)
        self._told: Relay | None = None

    @property
    def state(self) -> str:
        """The runner's state as last announced."""
        return self._state

    def start(self) -> None:
        """Begin to look, and hear of the runner's states; meant for after the first paint, because it makes the runner."""
        if self._told is None:
            from netbuilder.ui.panels.later import Relay

            told = self._told = Relay(self.drain, self)
            listen(self, self._session.runner.state_changed, lambda _state: told.send())
        self._timer.start()

    def stop(self) -> None:
        """Look no more; what is left stays in the inbox."""
        self._timer.stop()

    @Slot()
    def drain(self) -> None:
        """Announce a new state first, then whatever has arrived. A start is announced even when it has failed already."""
        runner = self._session.runner
        starts, state = runner.starts, str(runner.state)
        self._timer.setInterval(self._wait() if state == "running" else FRAME)
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

    def _wait(self) -> int:
        """Milliseconds in which what this thread has worked since it last showed news is a small enough share."""
        worked = thread_time()
        spent, self._worked = worked - self._worked, worked
        return round(min(max(1000 * spent / SHARE, FRAME), LONGEST))
