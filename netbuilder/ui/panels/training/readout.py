"""A line of live figures that does not jump: tabular figures, elided when the window is narrow; painted alone, on a panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.theme import Themes, ui_font


def tabular(font: QFont) -> QFont:
    """The font with figures of equal width."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


class Readout(QWidget):
    """One line of text. `kind` chooses its colour; a `link` is underlined on hover and emits `clicked`."""

    clicked = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None, *, size: int = 12) -> None:
        super().__init__(parent)
        self._themes = themes
        self._font = tabular(ui_font(size))
        self._text = ""
        self._kind = "secondary"
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @property
    def kind(self) -> str:
        """`secondary`, `text`, `error`, `warning`, `good` or `link`."""
        return self._kind

    def say(self, text: str, kind: str = "secondary") -> None:
        """Show a line."""
        if (text, kind) == (self._text, self._kind):
            return
        if kind != self._kind:
            self.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if kind == "link" else Qt.FocusPolicy.NoFocus)
        self._text, self._kind = text, kind
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its text."""
        return QSize(QFontMetrics(self._font).horizontalAdvance(self._text) + 8, 20)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow the link."""
        if self._kind == "link":
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, elided at its end."""
        theme = self._themes.current
        colour: QColor = theme.error if self._kind == "link" else getattr(theme, self._kind)
        font = self._font
        if self._kind == "link" and (self.underMouse() or self.hasFocus()):
            font = QFont(font)
            font.setUnderline(True)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        painter.setFont(font)
        painter.setPen(colour)
        text = QFontMetrics(font).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()
