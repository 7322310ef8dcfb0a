"""Which layers are selected: one object shared by canvas, inspector, outline and problems."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids of the selected nodes. `changed` fires only when the set differs."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """The selected nodes."""
        return self._ids

    @property
    def only(self) -> str | None:
        """The selected node when there is exactly one."""
        return next(iter(self._ids)) if len(self._ids) == 1 else None

    def set(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes."""
        new = frozenset(ids)
        if new != self._ids:
            self._ids = new
            self.changed.emit()

    def toggle(self, ids: Iterable[str]) -> None:
        """Select those of `ids` that were not selected, and the other way round."""
        self.set(self._ids ^ frozenset(ids))

    def clear(self) -> None:
        """Select nothing."""
        self.set(())
