"""A strip of colours with the numbers they stand for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.ui.plots.chart_parts import Axis
from netbuilder.ui.plots.terrain import tints
from netbuilder.ui.theme import Themes, mono_font, ui_font

STRIP = 12
TOP, BOTTOM = 20, 18


class ColourBar(QWidget):
    """The tints of a terrain from its lowest to its highest place; as high as the chart beside it."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._axis: Axis | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(72)
        themes.changed.connect(self.update)

    @property
    def numbers(self) -> list[str]:
        """The texts beside the strip, from below."""
        return [] if self._axis is None else [text for _, text in self._axis.ticks]

    def sizeHint(self) -> QSize:
        """Narrow and high."""
        return QSize(72, 200)

    def show_axis(self, axis: Axis | None) -> None:
        """Set the ends and the numbers, or show nothing."""
        self._axis = axis
        self.setAccessibleDescription(", ".join(self.numbers))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Strip, numbers, and what is measured."""
        if self._axis is None:
            return
        theme, axis = self._themes.current, self._axis
        box = QRectF(4, TOP, STRIP, max(1, self.height() - TOP - BOTTOM))
        high, low = tints(theme)
        gradient = QLinearGradient(box.bottomLeft(), box.topLeft())
        gradient.setColorAt(0, low)
        gradient.setColorAt(1, high)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(gradient)
        painter.drawRect(box)
        painter.setFont(mono_font(11))
        half = QFontMetrics(mono_font(11)).ascent() / 2 - 1
        for place, text in axis.ticks:
            y = box.bottom() - (place - axis.low) / axis.span * box.height()
            painter.setPen(QPen(theme.secondary, 1))
            painter.drawLine(QPointF(box.right(), y), QPointF(box.right() + 4, y))
            painter.drawText(QPointF(box.right() + 8, y + half), text)
        painter.setFont(ui_font(11))
        painter.drawText(QPointF(box.left(), 11), axis.label)
        painter.end()
