"""A place for a panel that is made after the first paint, so that the window is there at once and nothing jumps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

Factory = Callable[[], QWidget]


class LaterPanel(QWidget):
    """Empty until `make` is called; the panel then takes exactly the same room, or scrolls `sideways` where it needs more."""

    def __init__(self, factory: Factory, parent: QWidget | None = None, *, sideways: bool = False) -> None:
        super().__init__(parent)
        self._factory: Factory | None = factory
        self._sideways = sideways
        self.panel: QWidget | None = None
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def make(self) -> QWidget:
        """Make the panel, once."""
        if self.panel is None and self._factory is not None:
            self.panel = self._factory()
            self._factory = None
            shown = _scrolling(self.panel) if self._sideways else self.panel
            self._column.addWidget(shown)
            shown.show()  # now, not when the event loop comes to it: the keyboard may go there at once
        assert self.panel is not None
        return self.panel


def _scrolling(panel: QWidget) -> QWidget:
    from netbuilder.ui.widgets.sideways import Sideways

    return Sideways(panel)
