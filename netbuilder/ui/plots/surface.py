"""The drawing area of a curve plot, made with pyqtgraph. Imported only when there is a curve to draw: it takes half a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.series import Array
from netbuilder.ui.theme import Theme, mono_font

AXIS_WIDTH = 46
TOP, RIGHT, BOTTOM = 8, 6, 4


@dataclass(frozen=True)
class Stroke:
    """How a curve is drawn."""

    colour: QColor
    width: float = 1.0
    opacity: float = 1.0
    dashed: bool = False

    def pen(self) -> Any:
        """As a pyqtgraph pen."""
        colour = QColor(self.colour)
        colour.setAlphaF(self.opacity)
        return pg.mkPen(colour, width=self.width, style=Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine)


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
        """Show these points; one `setData`. `x` rises; points are already as few as the pixels need."""
        curve = self._curves.get(key)
        if curve is None:
            curve = pg.PlotDataItem(antialias=True, autoDownsample=True, downsampleMethod="peak", clipToView=True, skipFiniteCheck=True)
            curve.setZValue(2 if stroke.width > 1 else 1)
            self._curves[key] = curve
            self._item.addItem(curve)
            curve.setPen(stroke.pen())
        curve.setData(x, y)
        self.updates[key] = self.updates.get(key, 0) + 1

    def restyle(self, key: str, stroke: Stroke) -> None:
        """Change a curve's pen."""
        if key in self._curves:
            self._curves[key].setPen(stroke.pen())

    def remove(self, key: str) -> None:
        """Take a curve away."""
        curve = self._curves.pop(key, None)
        if curve is not None:
            self._item.removeItem(curve)

    def frame(self, x: tuple[float, float], y: tuple[float, float], lines: Sequence[tuple[float, str]]) -> None:
        """Set both ranges, and the horizontal lines with their labels."""
        self._item.getViewBox().setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
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
