"""A curve without axes: how a learning rate will go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.ticks import say_value
from netbuilder.ui.theme import Themes, mono_font


class Sparkline(QWidget):
    """Values evenly spread over the width, from zero; the first and the last are written beside the ends."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._values: list[float] = []
        self.setFixedHeight(52)
        themes.changed.connect(self.update)

    @property
    def values(self) -> list[float]:
        """What is drawn."""
        return self._values

    def show_values(self, values: Sequence[float]) -> None:
        """Replace the curve."""
        self._values = [float(v) for v in values]
        self.setVisible(bool(self._values))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Card, curve, both ends' values."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self._values:
            box = QRectF(self.rect()).adjusted(8, 8, -8, -18)
            top = max(self._values) or 1.0
            pace = box.width() / max(1, len(self._values) - 1)
            points = [QPointF(box.left() + i * pace, box.bottom() - v / top * box.height()) for i, v in enumerate(self._values)]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawPolyline(QPolygonF(points))
            painter.setFont(mono_font(10))
            painter.setPen(theme.secondary)
            line = self.rect().adjusted(8, 0, -8, -3)
            bottom = int(Qt.AlignmentFlag.AlignBottom)
            painter.drawText(line, bottom | int(Qt.AlignmentFlag.AlignLeft), say_value(float(f"{self._values[0]:.3g}")))
            painter.drawText(line, bottom | int(Qt.AlignmentFlag.AlignRight), say_value(float(f"{self._values[-1]:.3g}")))
        painter.end()
