"""What the present training warned of: said once over the canvas, and kept until the next training starts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from netbuilder.net.results import Problem, Severity
from netbuilder.train.events import Event, Warned
from netbuilder.ui.bridge import Bridge
from netbuilder.ui.context import Notify


class TrainingNotes(QObject):
    """Collects warnings from the bridge as problems of kind “warning”; `changed` tells when there are others."""

    changed = Signal()

    def __init__(self, bridge: Bridge, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notify = notify
        self._kept: dict[tuple[str, str | None], Problem] = {}
        bridge.events.connect(self._take)
        bridge.state_changed.connect(self._on_state)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """One for each different warning, in the order of their arrival."""
        return tuple(self._kept.values())

    @Slot(list)
    def _take(self, events: list[Event]) -> None:
        before = len(self._kept)
        for event in events:
            if isinstance(event, Warned) and event.news:
                self._notify(event.message, "info", event.node)
            elif isinstance(event, Warned):
                self._kept.setdefault((event.message, event.node), Problem(Severity.WARNING, event.node, event.message))
                self._notify(event.message, "warning", event.node)
        if len(self._kept) != before:
            self.changed.emit()

    @Slot(str)
    def _on_state(self, state: str) -> None:
        if state == "loading" and self._kept:
            self._kept.clear()
            self.changed.emit()
