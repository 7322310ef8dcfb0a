"""A short message at the pointer that goes away by itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from netbuilder.ui.theme import ui_font

_STAYS = 6000


class Bubble(QLabel):
    """Says why something was refused, next to where it was tried."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("canvas.bubble")
        self.setWordWrap(True)
        self.setFont(ui_font(12))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, at: QPoint) -> None:
        """Show `text` beside a point of the parent, wholly inside it."""
        parent = self._host
        self.setText(text)
        self.ensurePolished()
        width = min(max(160, min(320, parent.width() - 24)), self.fontMetrics().horizontalAdvance(text) + 28)
        self.resize(width, self.heightForWidth(width) + 2)
        x = min(at.x() + 14, parent.width() - self.width() - 8)
        y = at.y() + 16 if at.y() + 16 + self.height() < parent.height() else at.y() - self.height() - 12
        self.move(max(8, x), max(8, y))
        self.show()
        self.raise_()
        self._timer.start(_STAYS)
