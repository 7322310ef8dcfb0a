"""A painted chart of lines and dots on two labelled axes: small, sharp, no library to import."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.chart_painting import TICKS, ChartPainting
from netbuilder.ui.plots.chart_parts import Content, Floats, Ink, colour
from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.theme import Themes, mono_font, ui_font

Describe = Callable[[float, float], list[tuple[str, Ink]]]
TOP, RIGHT, BOTTOM = 20, 10, 18
NEAR = 9.0
"""Pixels within which the pointer is on something."""


class Chart(QWidget):
    """Shows a `Content`. `describe` answers what the chip says at a place; nothing hides it.

    `pressed`, `dragged` and `released` carry places in data units; `chosen` a place that was clicked twice.
    """

    pressed = Signal(float, float)
    dragged = Signal(float, float)
    released = Signal()
    chosen = Signal(float, float)

    def __init__(self, themes: Themes, *, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.themes = themes
        self.empty = empty
        self.content: Content | None = None
        self.describe: Describe | None = None
        self._held = False
        self._chip = Chip(self)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 90)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A comfortable plot."""
        return QSize(280, 220)

    def show_content(self, content: Content | None) -> None:
        """Replace everything that is drawn."""
        self.content = content
        if content is None:
            self._chip.hide()
        self.update()

    @property
    def told(self) -> str:
        """What the chip says now."""
        return self._chip.text if self._chip.isVisible() else ""

    # Places

    def area(self) -> QRectF:
        """Where data is drawn, in pixels."""
        left = 6.0
        if self.content is not None and self.content.y.ticks:
            metrics = QFontMetrics(mono_font(11))
            left = max(metrics.horizontalAdvance(text) for _, text in self.content.y.ticks) + TICKS + 4.0
        return QRectF(left, TOP, max(1.0, self.width() - left - RIGHT), max(1.0, self.height() - TOP - BOTTOM))

    def to_pixel(self, x: float, y: float) -> QPointF:
        """Where a place of the data is."""
        assert self.content is not None
        return self.content.place(x, y, self.area())

    def to_data(self, place: QPointF) -> tuple[float, float]:
        """Which data is at a pixel."""
        assert self.content is not None
        box, across, up = self.area(), self.content.x, self.content.y
        return (
            across.low + (place.x() - box.left()) / box.width() * across.span,
            up.low + (box.bottom() - place.y()) / box.height() * up.span,
        )

    def nearest(self, x: Floats, y: Floats, at: tuple[float, float], within: float = NEAR) -> int | None:
        """The number of the point nearest to a place, if it is within some pixels."""
        if self.content is None or not len(x):
            return None
        box = self.area()
        across = (np.asarray(x) - at[0]) / self.content.x.span * box.width()
        up = (np.asarray(y) - at[1]) / self.content.y.span * box.height()
        distance = np.hypot(across, up)
        if np.isnan(distance).all():
            return None
        best = int(np.nanargmin(distance))
        return best if distance[best] <= within else None

    def near(self, one: tuple[float, ...], other: tuple[float, float], within: float = NEAR) -> bool:
        """Whether two places are within some pixels of each other."""
        return self.nearest(np.array([one[0]]), np.array([one[1]]), other, within) is not None

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if self.content is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self.pressed.emit(*self.to_data(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, and say what is here."""
        if self.content is None:
            return
        if self._held:
            self.dragged.emit(*self.to_data(event.position()))
        self._say(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose a place."""
        if self.content is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(*self.to_data(event.position()))

    def leaveEvent(self, event: object) -> None:
        """Stop reading."""
        self._chip.hide()

    def _say(self, place: QPointF) -> None:
        inside = self.area().adjusted(-4, -4, 4, 4).contains(place)
        lines = self.describe(*self.to_data(place)) if self.describe is not None and inside else []
        if not lines:
            self._chip.hide()
            return
        theme = self.themes.current
        self._chip.say([(text, colour(theme, ink)) for text, ink in lines], place.toPoint() + QPoint(6, 0), theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything, or what to do."""
        theme = self.themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.content is None:
            painter.setFont(ui_font(12))
            painter.setPen(theme.secondary)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self.empty)
        else:
            ChartPainting(painter, self.content, self.area(), theme).paint()
        painter.end()
