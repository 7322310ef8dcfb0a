"""The drawing area of a curve plot, made with pyqtgraph. Imported only when there is a curve to draw: it takes half a second.

While a network trains, every moment of painting is taken from the training: what stays while curves grow is painted from a picture,
and the items of the scene are painted without the scene, which asks each of them a dozen questions first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QWidget

from netbuilder.ui.plots.series import Array
from netbuilder.ui.plots.strokes import Stroke
from netbuilder.ui.theme import Theme, mono_font

AXIS_WIDTH = 46
TOP, RIGHT, BOTTOM = 8, 6, 4
GAP = 6
"""Pixels between the labels of the axis and the area."""
DOT = 3.5


class Surface(pg.PlotWidget):  # type: ignore[misc]
    """Curves, horizontal lines, the best-epoch line and the cursor line in one view.

    `ranges`, of x and y, are set from outside only: no mouse of its own, no automatic range, no menu. It is never seen through.
    `updates` counts the `setData` calls for each curve.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._curves: dict[str, Any] = {}
        self._lines: list[tuple[float, str]] = []
        self._best: float | None = None
        self._cursor: float | None = None
        self._font = mono_font(11)
        self._theme = theme
        self._ground: QPixmap | None = None
        self._area = QRectF(0, 0, 1, 1)
        self.updates: dict[str, int] = {}
        self.ranges = ((0.0, 1.0), (0.0, 1.0))
        super().__init__(parent, background=None)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        for side in ("left", "bottom"):
            plot.hideAxis(side)
        plot.layout.setContentsMargins(AXIS_WIDTH, TOP, RIGHT, BOTTOM)
        plot.getViewBox().setDefaultPadding(0)
        plot.disableAutoRange()

    def apply(self, theme: Theme) -> None:
        """Take on a theme's colours; curves get theirs with `restyle`."""
        self._theme = theme
        self._forget_ground()

    def __contains__(self, key: str) -> bool:
        return key in self._curves

    def add(self, key: str, stroke: Stroke) -> None:
        """Make a curve, above those with thinner strokes."""
        curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        curve.setZValue(stroke.width)
        curve.setPen(_pen(stroke))
        self.addItem(curve)
        self._curves = dict(sorted([*self._curves.items(), (key, curve)], key=lambda entry: entry[1].zValue()))

    def draw(self, key: str, x: Array, y: Array) -> None:
        """Show these points, a single one as a dot. `x` rises; points are already as few as the pixels need."""
        self._curves[key].setData(x, y)
        self.updates[key] = self.updates.get(key, 0) + 1
        self.viewport().update()

    def restyle(self, key: str, stroke: Stroke) -> None:
        """Change a curve's pen."""
        if key in self._curves:
            self._curves[key].setPen(_pen(stroke))

    def remove(self, key: str) -> None:
        """Take a curve away."""
        curve = self._curves.pop(key, None)
        if curve is not None:
            self.removeItem(curve)

    def frame(self, x: tuple[float, float], y: tuple[float, float], lines: Sequence[tuple[float, str]]) -> None:
        """Set both ranges, and the horizontal lines with their labels."""
        self.ranges, self._lines = (x, y), list(lines)
        self.getViewBox().setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
        self._forget_ground()

    def mark_best(self, x: float | None) -> None:
        """Place the dashed line of the best epoch, or hide it."""
        if x != self._best:
            self._best = x
            self.viewport().update()

    def mark_cursor(self, x: float | None) -> None:
        """Place the line under the pointer, or hide it."""
        if x != self._cursor:
            self._cursor = x
            self.viewport().update()

    def area(self) -> QRectF:
        """The rectangle in which curves are drawn, in pixels."""
        return self._area

    def drawn(self, left: float, right: float) -> list[tuple[Array, Array]]:
        """Where the points of every curve lie, in pixels, between two pixels and one point further on either side."""
        ends = [self._back(left), self._back(right)]
        found = []
        for curve in self._curves.values():
            x, y = curve.getData()
            first, last = x.searchsorted(ends)
            found.append(self.to_pixels(x[max(0, first - 1) : last + 1], y[max(0, first - 1) : last + 1]))
        return found

    def to_pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Where points lie, in pixels."""
        area, ((x0, x1), (y0, y1)) = self.area(), self.ranges
        return area.left() + (x - x0) / (x1 - x0) * area.width(), area.bottom() - (y - y0) / (y1 - y0) * area.height()

    def across(self, x: float) -> float:
        """Where `x` lies, in pixels."""
        area, (x0, x1) = self.area(), self.ranges[0]
        return area.left() + (x - x0) / (x1 - x0) * area.width()

    def x_at(self, position: QPointF) -> float | None:
        """The x at a place, or `None` beside the area."""
        area = self.area()
        return self._back(position.x()) if area.left() <= position.x() <= area.right() else None

    def _back(self, across: float) -> float:
        """The x at a pixel."""
        area, (x0, x1) = self.area(), self.ranges[0]
        return x0 + (across - area.left()) / area.width() * (x1 - x0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lines and labels move."""
        super().resizeEvent(event)
        self._area = QRectF(AXIS_WIDTH, TOP, max(1, self.width() - AXIS_WIDTH - RIGHT), max(1, self.height() - TOP - BOTTOM))
        self._forget_ground()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Horizontal lines and their labels, the curves, those of a single point as dots, and marks."""
        if self._ground is None or self._ground.devicePixelRatio() != self.devicePixelRatioF():
            self._ground = self._painted_ground()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._ground)
        painter.setClipRect(self.area())
        painter.setTransform(self._transform())
        for curve in self._curves.values():
            curve.paint(painter, None, self.viewport())
        painter.resetTransform()
        painter.setClipping(False)
        for curve in self._curves.values():
            x, y = curve.getData()
            if len(x) == 1:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(curve.opts["pen"].color())
                painter.drawEllipse(QPointF(*map(float, np.ravel(self.to_pixels(x, y)))), DOT, DOT)
        self._paint_mark(painter, self._best, QPen(self._theme.good, 1.2, Qt.PenStyle.DashLine))
        self._paint_mark(painter, self._cursor, QPen(self._theme.faint, 1))
        painter.end()

    def _transform(self) -> QTransform:
        """From values to pixels."""
        area, ((x0, x1), (y0, y1)) = self.area(), self.ranges
        across, down = area.width() / (x1 - x0), -area.height() / (y1 - y0)
        return QTransform(across, 0, 0, down, area.left() - across * x0, area.bottom() - down * y0)

    def _forget_ground(self) -> None:
        self._ground = None
        self.viewport().update()

    def _painted_ground(self) -> QPixmap:
        """The horizontal lines with their labels, which stay while curves grow."""
        ratio, area = self.devicePixelRatioF(), self.area()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(self._theme.panel)
        painter = QPainter(ground)
        painter.setFont(self._font)
        heights = self.to_pixels(np.zeros(1), np.array([place for place, _ in self._lines]))[1]
        for height, (_, text) in zip(np.round(heights), self._lines, strict=True):
            painter.setPen(self._theme.line)
            painter.drawLine(QLineF(area.left(), height, area.right(), height))
            painter.setPen(self._theme.secondary)
            beside = QRectF(0, height - 10, area.left() - GAP, 20)
            painter.drawText(beside, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()
        return ground

    def _paint_mark(self, painter: QPainter, x: float | None, pen: QPen) -> None:
        if x is not None:
            area, across = self.area(), round(self.across(x))
            painter.setPen(pen)
            painter.drawLine(QLineF(across, area.top(), across, area.bottom()))


def _pen(stroke: Stroke) -> QPen:
    colour = QColor(stroke.colour)
    colour.setAlphaF(stroke.opacity)
    pen = QPen(colour, stroke.width, Qt.PenStyle.DashLine if stroke.dashed else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)  # its width is in pixels, not in epochs
    return pen
