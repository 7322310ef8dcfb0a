"""A line over the canvas that asks for a name, beside what it is for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from netbuilder.ui.widgets.labels import label

_WIDTH = 280


class _Line(QLineEdit):
    """Enter is taken by the prompt, not by a shortcut of the canvas."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Every key is the line's own."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Looking elsewhere gives up, a menu of the line's own does not."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class NamePrompt(QFrame):
    """Asks until `accept` takes the name: it returns why not, or an empty text. `closed` follows in any case."""

    closed = Signal()

    def __init__(self, host: QWidget, title: str, hint: str, accept: Callable[[str], str]) -> None:
        super().__init__(host)
        self._host, self._accept, self._open = host, accept, True
        self.setObjectName("canvas.name_prompt")
        self.field = _Line(self)
        self.field.setObjectName("canvas.name_prompt.field")
        self.field.setAccessibleName(title)
        self.field.returnPressed.connect(self._take)
        self.field.left.connect(self.dismiss)
        self.field.textEdited.connect(lambda: self._say(""))
        self._error = label("", "error", self, wrap=True)
        self._error.setObjectName("canvas.name_prompt.error")
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(label(title, "heading", self))
        column.addWidget(self.field)
        column.addWidget(self._error)
        column.addWidget(label(hint, "secondary", self))
        self.setFixedWidth(_WIDTH)

    def ask(self, name: str, at: QPoint) -> None:
        """Open at a point of the parent, wholly inside it, with this name ready to be typed over."""
        self.field.setText(name)
        self.field.selectAll()
        self.adjustSize()
        self.move(max(8, min(at.x(), self._host.width() - self.width() - 8)), max(8, min(at.y(), self._host.height() - self.height() - 8)))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close without a name."""
        if self._open:
            self._open = False
            self.hide()
            self.closed.emit()

    def _take(self) -> None:
        problem = self._accept(self.field.text().strip())
        self._say(problem)
        if not problem:
            self.dismiss()

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.adjustSize()
