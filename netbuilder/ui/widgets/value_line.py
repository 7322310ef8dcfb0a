"""The line in which a form shows a value: typed into, or counted up and down by keys and by the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimerEvent, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

ARROWS = 16
"""Width of the arrows that count, pixels."""
WAIT, AGAIN = 400, 70
"""Milliseconds until a held arrow counts again, and from then on."""


class ValueLine(QLineEdit):
    """A value field: arrow keys count, and so do arrows at its end under the mouse; Escape takes back what cannot be read."""

    stepped = Signal(int)
    reverted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "value")
        self.setFixedHeight(26)
        self.setMouseTracking(True)
        self._counts = False
        self._held = self._timer = 0

    def set_counts(self, counts: bool) -> None:
        """Whether the value can be counted up and down with the mouse."""
        if counts != self._counts:
            self._counts = counts
            self.setTextMargins(0, 0, ARROWS if counts else 0, 0)
            self.update()

    def _arrow(self, place: QPointF) -> int:
        """1 over the upper arrow, −1 over the lower one, else 0."""
        if not self._counts or not self.isEnabled() or place.x() < self.width() - ARROWS - 4:
            return 0
        return 1 if place.y() < self.height() / 2 else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """An arrow counts, again and again while it is held; with Shift by ten."""
        self._held = self._arrow(event.position()) if event.button() == Qt.MouseButton.LeftButton else 0
        if not self._held:
            super().mousePressEvent(event)
            return
        self._held *= 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._timer = self.startTimer(WAIT)
        self.stepped.emit(self._held)

    def timerEvent(self, event: QTimerEvent) -> None:
        """The arrow is held."""
        if event.timerId() != self._timer:
            super().timerEvent(event)
            return
        self.killTimer(self._timer)
        self._timer = self.startTimer(AGAIN)
        self.stepped.emit(self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """No longer."""
        if not self._held:
            super().mouseReleaseEvent(event)
            return
        self.killTimer(self._timer)
        self._held = self._timer = 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Arrows are no text."""
        self.setCursor(Qt.CursorShape.ArrowCursor if self._arrow(event.position()) else Qt.CursorShape.IBeamCursor)
        self.update()
        if not self._held:
            super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks on an arrow are two."""
        (self.mousePressEvent if self._arrow(event.position()) else super().mouseDoubleClickEvent)(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, and its arrows while the mouse is over it."""
        super().paintEvent(event)
        if not self._counts or not self.isEnabled() or not self.underMouse():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self._arrow(QPointF(self.mapFromGlobal(QCursor.pos())))
        x, middle = self.width() - ARROWS / 2 - 2, self.height() / 2
        for way in (1, -1):
            role = QPalette.ColorRole.Text if over == way else QPalette.ColorRole.PlaceholderText
            painter.setPen(QPen(self.palette().color(role), 1.5))
            y = middle - way * 4
            painter.drawPolyline([QPointF(x - 3.5, y + way * 1.5), QPointF(x, y - way * 2), QPointF(x + 3.5, y + way * 1.5)])

    def event(self, event: QEvent) -> bool:
        """Undo and redo are the document's, not the line's: every key has already reached it."""
        keys = QKeySequence.StandardKey
        typed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if typed and isinstance(event, QKeyEvent) and (event.matches(keys.Undo) or event.matches(keys.Redo)):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down count; with Shift by ten. Escape takes back what is refused, otherwise it leaves the form."""
        by = counts(event)
        if by:
            self.stepped.emit(by)
        elif event.key() == Qt.Key.Key_Escape and self.property("invalid"):
            self.reverted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def counts(event: QKeyEvent) -> int:
    """By how much a key counts: one for Up, minus one for Down, ten times as much with Shift, and nothing for any other."""
    by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
    return by * 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else by
