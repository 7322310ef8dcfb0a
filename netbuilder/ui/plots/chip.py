"""A small raised label in mono type that follows the pointer and never leaves its parent."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from netbuilder.ui.theme import Theme, mono_font


class Chip(QWidget):
    """Lines of text beside a point; transparent to the mouse. Each line may have a colour of its own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._font = mono_font(11)
        self._lines: list[tuple[str, QColor | None]] = []
        self._theme: Theme | None = None
        self.hide()

    @property
    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return "\n".join(text for text, _ in self._lines)

    def say(self, lines: list[tuple[str, QColor | None]], beside: QPoint, theme: Theme, avoid: QRect | None = None) -> None:
        """Show these lines right of a point, or left of it when there is no room; `avoid` is kept free."""
        self._lines, self._theme = lines, theme
        metrics = QFontMetrics(self._font)
        width = max(metrics.horizontalAdvance(text) for text, _ in lines) + 16
        self.resize(width, metrics.height() * len(lines) + 10)
        room = self._room.rect()
        anchor = avoid or QRect(beside, beside)
        x = anchor.right() + 8
        if x + width > room.right():
            x = anchor.left() - 8 - width
        y = beside.y() - self.height() // 2
        self.move(max(0, min(x, room.width() - width)), max(0, min(y, room.height() - self.height())))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.line)
        painter.setBrush(self._theme.raised)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.setFont(self._font)
        metrics = QFontMetrics(self._font)
        for number, (text, colour) in enumerate(self._lines):
            painter.setPen(colour or self._theme.text)
            painter.drawText(8, 5 + metrics.ascent() + number * metrics.height(), text)
        painter.end()
