"""The pointer over a plot's drawing area, as signals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

CLOSER, FARTHER = 0.8, 1.25


class Pointer(QObject):
    """Watches a widget: moves and leaving, wheel, double click, menu, and when the widget's size changes."""

    moved = Signal(QPointF)
    left = Signal()
    wheeled = Signal(QPointF, float)
    reset = Signal()
    menu = Signal(QPoint)
    resized = Signal()

    def __init__(self, watched: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        watched.setMouseTracking(True)
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell what happens; wheel, double click and menu go no further."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.moved.emit(event.position())
        elif kind == QEvent.Type.Leave:
            self.left.emit()
        elif kind == QEvent.Type.Resize:
            self.resized.emit()
        elif kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self.wheeled.emit(event.position(), CLOSER if event.angleDelta().y() > 0 else FARTHER)
            return True
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.reset.emit()
            return True
        elif kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            self.menu.emit(event.globalPos())
            return True
        return False
