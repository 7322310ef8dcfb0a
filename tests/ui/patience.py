"""Waiting that lets threads run, which `QTest.qWait` holds up; and a pointer that hovers, which a screen in memory has not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def until(true: Callable[[], bool], milliseconds: int = 10_000) -> None:
    """Let the event loop and all threads run until something holds."""
    loop, look, limit = QEventLoop(), QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if true() else None)
    limit.timeout.connect(loop.quit)
    look.start(5)
    limit.start(milliseconds)
    loop.exec()
    look.stop()
    limit.stop()
    assert true()


def hover(widget: QWidget, place: QPointF) -> None:
    """Move the pointer over a place of a widget with no button held."""
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, place, widget.mapToGlobal(place), none, none, keys))
