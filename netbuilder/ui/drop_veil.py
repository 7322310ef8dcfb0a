"""What a window shows while files are held over it: that they may be let go, and what will be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from netbuilder.ui.theme import Themes, ui_font

_INSET, _LINE = 8.0, 26


class DropVeil(QWidget):
    """Over the whole window, with an edge in the accent colour and one line for each file; the pointer goes through it."""

    def __init__(self, window: QWidget, themes: Themes) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("drop.veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._themes = themes
        self.lines: Sequence[str] = ()

    def show_over(self, lines: Sequence[str]) -> None:
        """Tell what would be done."""
        self.lines = lines
        self.setAccessibleName(". ".join(lines))
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._themes.current
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.window)
        ground.setAlphaF(0.82)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(theme.accent, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET), 8, 8)
        painter.setPen(theme.text)
        painter.setFont(ui_font(15, 600))
        top = (self.height() - _LINE * len(self.lines)) // 2
        for number, line in enumerate(self.lines):
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, self.width() - 80)
            painter.drawText(0, top + number * _LINE, self.width(), _LINE, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
