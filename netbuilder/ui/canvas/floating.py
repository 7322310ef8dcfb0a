"""What opens over the canvas to be typed into: a small frame that stays inside it, and a line whose keys are its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

_MARGIN = 8


class Floating(QFrame):
    """Opened by `open_at`; `closed` follows once, however it ends."""

    closed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host, self._open = host, False

    def open_at(self, at: QPoint, field: QLineEdit) -> None:
        """Show at a point of the host, wholly inside it, ready to type into the field."""
        self._open = True
        self.setFocusProxy(field)  # a click on what is beside the line must not take the keyboard to the canvas
        self.adjustSize()
        spare = self._host.size() - self.size()
        self.move(max(_MARGIN, min(at.x(), spare.width() - _MARGIN)), max(_MARGIN, min(at.y(), spare.height() - _MARGIN)))
        self.show()
        self.raise_()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close; a second time does nothing."""
        if self._open:
            self._open = False
            self.hide()
            self.closed.emit()


def claims_key(event: QEvent) -> bool:
    """Whether a widget is asked if it wants a key that is a shortcut, too; the answer is yes."""
    asked = event.type() == QEvent.Type.ShortcutOverride
    if asked:
        event.accept()
    return asked


class OwnLine(QLineEdit):
    """Every key is the line's own, not a shortcut's. `gave_up` on Escape; `left` when the focus goes elsewhere than to its menu."""

    gave_up = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """No shortcut takes a key."""
        return claims_key(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes on to what is around the line."""
        if event.key() == Qt.Key.Key_Escape:
            self.gave_up.emit()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Another window in front, or a menu of the line, is not elsewhere."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()
