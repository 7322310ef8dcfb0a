"""The drawing area of a curve plot, made with pyqtgraph. Imported only when there is a curve to draw: it takes half a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.series import Array
from netbuilder.ui.plots.strokes import Stroke
from netbuilder.ui.theme import Theme, mono_font

AXIS_WIDTH = 46
TOP, RIGHT, BOTTOM = 8, 6, 4


class Surface:
    """Curves, horizontal lines, the best-epoch line and the cursor line inside one pyqtgraph view.

    Ranges are set from outside only: no mouse of its own, no automatic range, no menu.
    `updates` counts `setData` calls for each curve.
    """

    def __init__(self, theme: Theme) -> None:
        self._plot: Any = pg.PlotWidget(background=theme.panel)
        self.widget: QWidget = self._plot
        self.updates: dict[str, int] = {}
        self._curves: dict[str, Any] = {}
        self._lines: list[Any] = []
        self._ranges = ((0.0, 1.0), (0.0, 1.0))
        self._item: Any = self._plot.getPlotItem()
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._item.setMouseEnabled(False, False)
        self._item.hideAxis("bottom")
        self._item.layout.setContentsMargins(0, TOP, RIGHT, BOTTOM)
        self._item.getViewBox().setDefaultPadding(0)
        self._item.disableAutoRange()
        self.widget.setFrameShape(self._plot.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._axis: Any = self._item.getAxis("left")
        self._axis.setWidth(AXIS_WIDTH)
        self._axis.setStyle(tickLength=0, tickTextOffset=6, tickFont=mono_font(11), hideOverlappingLabels=False)
        self._best: Any = self._line(90, theme.good)
        self._cursor: Any = self._line(90, theme.secondary)
        self.apply(theme)

    def apply(self, theme: Theme) -> None:
        """Take on a theme's colours; curves get theirs with `restyle`."""
        self._theme = theme
        self._plot.setBackground(theme.panel)
        self._axis.setPen(pg.mkPen(None))
        self._axis.setTextPen(pg.mkPen(theme.secondary))
        self._best.setPen(pg.mkPen(theme.good, width=1.2, style=Qt.PenStyle.DashLine))
        self._cursor.setPen(pg.mkPen(theme.faint, width=1))
        for line in self._lines:
            line.setPen(pg.mkPen(theme.line, width=1))

    def draw(self, key: str, x: Array, y: Array, stroke: Stroke) -> None:
        """Show these points, a single one as a dot; one `setData`. `x` rises; points are already as few as the pixels need."""
        curve = self._curves.get(key)
        if curve is None:
            curve = pg.PlotDataItem(antialias=True, autoDownsample=True, downsampleMethod="peak", clipToView=True, skipFiniteCheck=True)
            curve.setZValue(2 if stroke.width > 1 else 1)
            self._curves[key] = curve
            self._item.addItem(curve)
            curve.setPen(_pen(stroke))
        curve.setData(x, y, symbol="o" if len(x) == 1 else None, symbolSize=7, symbolPen=None, symbolBrush=_pen(stroke).color())
        self.updates[key] = self.updates.get(key, 0) + 1

    def restyle(self, key: str, stroke: Stroke) -> None:
        """Change a curve's pen."""
        if key in self._curves:
            self._curves[key].setPen(_pen(stroke))
            self._curves[key].setSymbolBrush(stroke.colour)

    def remove(self, key: str) -> None:
        """Take a curve away."""
        curve = self._curves.pop(key, None)
        if curve is not None:
            self._item.removeItem(curve)

    def frame(self, x: tuple[float, float], y: tuple[float, float], lines: Sequence[tuple[float, str]]) -> None:
        """Set both ranges, and the horizontal lines with their labels."""
        self._item.getViewBox().setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
        self._ranges = (x, y)
        self._axis.setTicks([list(lines)])
        while len(self._lines) < len(lines):
            self._lines.append(self._line(0, self._theme.line))
        for line, (place, _) in zip(self._lines, lines, strict=False):
            line.setPos(place)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(lines))

    def mark_best(self, x: float | None) -> None:
        """Place the dashed line of the best epoch, or hide it."""
        self._mark(self._best, x)

    def mark_cursor(self, x: float | None) -> None:
        """Place the line under the pointer, or hide it."""
        self._mark(self._cursor, x)

    def area(self) -> QRectF:
        """The rectangle in which curves are drawn, in the widget's pixels."""
        return QRectF(AXIS_WIDTH, TOP, max(1, self.widget.width() - AXIS_WIDTH - RIGHT), max(1, self.widget.height() - TOP - BOTTOM))

    def to_pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Where points lie, in the widget's pixels."""
        area, ((x0, x1), (y0, y1)) = self.area(), self._ranges
        return area.left() + (x - x0) / (x1 - x0) * area.width(), area.bottom() - (y - y0) / (y1 - y0) * area.height()

    def across(self, x: float) -> float:
        """Where `x` lies, in the widget's pixels."""
        return float(self.to_pixels(np.array([x]), np.zeros(1))[0][0])

    def x_at(self, position: QPointF) -> float | None:
        """The x at a place in the widget, or `None` beside the area."""
        area, ((x0, x1), _) = self.area(), self._ranges
        return x0 + (position.x() - area.left()) / area.width() * (x1 - x0) if area.left() <= position.x() <= area.right() else None

    def _line(self, angle: int, colour: QColor) -> Any:
        line = pg.InfiniteLine(pos=0, angle=angle, pen=pg.mkPen(colour, width=1), movable=False)
        line.setZValue(-10 if angle == 0 else 3)
        line.setVisible(angle == 0)
        self._item.addItem(line, ignoreBounds=True)
        return line

    @staticmethod
    def _mark(line: Any, x: float | None) -> None:
        line.setVisible(x is not None)
        if x is not None:
            line.setPos(x)


def _pen(stroke: Stroke) -> Any:
    colour = QColor(stroke.colour)
    colour.setAlphaF(stroke.opacity)
    return pg.mkPen(colour, width=stroke.width, style=Qt.PenStyle.DashLine if stroke.dashed else Qt.PenStyle.SolidLine)
