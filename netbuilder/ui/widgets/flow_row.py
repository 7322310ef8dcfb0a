"""Widgets side by side, going on in the next line where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 6


class FlowRow(QWidget):
    """Left to right, then down; its height follows from its width.

    A widget that places its own, not a `QLayout`: Qt deletes a layout's items behind Python's back.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Add behind the last one."""
        widget.setParent(self)
        self._widgets.append(widget)
        self._arrange()

    def keep(self, count: int) -> None:
        """Take all but the first ones away."""
        for widget in self._widgets[count:]:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        del self._widgets[count:]
        self._arrange()

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """Room for the largest; the rest follows from the width."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for the largest."""
        size = QSize()
        for widget in self._widgets:
            size = size.expandedTo(widget.sizeHint())
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """A widget that has become wider or narrower moves the others."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        self._place()
        self.updateGeometry()

    def _place(self) -> None:
        for widget, place in zip(self._widgets, self._places(self.width()), strict=True):
            widget.setGeometry(place)

    def _places(self, width: int) -> list[QRect]:
        places: list[QRect] = []
        x = y = line = 0
        for widget in self._widgets:
            size = widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())
            if x > 0 and x + size.width() > width:
                x, y, line = 0, y + line + GAP, 0
            places.append(QRect(x, y, size.width(), size.height()))
            x += size.width() + GAP
            line = max(line, size.height())
        return places
