"""Heights over a plane seen from the side: a painted surface that is turned with the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from netbuilder.ui.plots.chart import Describe
from netbuilder.ui.plots.chart_parts import Axis, colour
from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.plots.terrain import Floats, tints
from netbuilder.ui.theme import Theme, Themes, mix, ui_font

TURN, TILT = 35.0, 32.0
STEEPEST, FLATTEST = 85.0, 10.0
TALL = 0.55
"""Height of the surface as a share of its sides."""
NEAR = 14.0
CORNERS = np.array([-0.5, 0.5, 0.5, -0.5]), np.array([-0.5, -0.5, 0.5, 0.5])
"""x and y of the square below."""
SUN = np.array([-0.4, -0.5, 0.77])


@dataclass(frozen=True)
class Hill:
    """(rows, columns) of heights from 0 to 1, rows along the second axis, and the axes below. `spot` is a marked place in their units."""

    heights: Floats
    x: Axis
    y: Axis
    spot: tuple[float, float] | None = None


class Relief(QWidget):
    """Shows a `Hill`. Dragging or the arrow keys turn it; `describe` answers what the chip says at a place."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._hill: Hill | None = None
        self._turn, self._tilt = TURN, TILT
        self._held: QPointF | None = None
        self._chip = Chip(self)
        self.describe: Describe | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Drag to turn it")
        themes.changed.connect(self.update)

    @property
    def view(self) -> tuple[float, float]:
        """Degrees around the upright axis, and down onto the plane."""
        return self._turn, self._tilt

    def sizeHint(self) -> QSize:
        """A comfortable plot."""
        return QSize(280, 220)

    def show_hill(self, hill: Hill | None) -> None:
        """Replace the surface."""
        self._hill = hill
        self._chip.hide()
        self.update()

    def turn(self, across: float, down: float) -> None:
        """Turn by so many degrees."""
        self._turn = (self._turn + across) % 360
        self._tilt = min(max(self._tilt + down, FLATTEST), STEEPEST)
        self._chip.hide()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to turn."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End turning."""
        self._held = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn, or say what is here."""
        if self._held is None:
            self._say(event.position())
            return
        moved = event.position() - self._held
        self._held = event.position()
        self.turn(moved.x() / 2, moved.y() / 2)

    def leaveEvent(self, event: object) -> None:
        """Stop reading."""
        self._chip.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn by five degrees."""
        step = {
            Qt.Key.Key_Left: (-5.0, 0.0),
            Qt.Key.Key_Right: (5.0, 0.0),
            Qt.Key.Key_Up: (0.0, 5.0),
            Qt.Key.Key_Down: (0.0, -5.0),
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.turn(*step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, then every piece from the farthest to the nearest, then the marked place."""
        if self._hill is None:
            return
        theme, hill = self._themes.current, self._hill
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, columns = hill.heights.shape
        across, up, depth = self._projected(*_sides(rows, columns), hill.heights)
        self._ground(painter, theme)
        tones = _tones(hill.heights, theme)
        far = depth[:-1, :-1] + depth[1:, 1:]
        for piece in np.argsort(-far, axis=None):
            row, column = divmod(int(piece), columns - 1)
            corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
            if all(np.isfinite(hill.heights[at]) for at in corners):
                tint = tones[row][column]
                painter.setPen(QPen(mix(tint, theme.text, 0.22), 0.7))
                painter.setBrush(tint)
                painter.drawPolygon(QPolygonF([QPointF(across[at], up[at]) for at in corners]))
        self._names(painter, theme, hill)
        if hill.spot is not None:
            self._mark(painter, theme, hill, hill.spot)
        painter.end()

    def _ground(self, painter: QPainter, theme: Theme) -> None:
        """The square below."""
        across, up, _ = self._projected(*CORNERS, np.zeros(4))
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([QPointF(a, b) for a, b in zip(across, up, strict=True)]))

    def _names(self, painter: QPainter, theme: Theme, hill: Hill) -> None:
        """The axes' names outside the two front sides of the square."""
        across, up, depth = self._projected(*CORNERS, np.zeros(4))
        painter.setPen(theme.secondary)
        painter.setFont(ui_font(11))
        for ends, label in (((0, 1), hill.x.label), ((1, 2), hill.y.label)):
            front = ends if depth[list(ends)].sum() <= depth.sum() / 2 else tuple((n + 2) % 4 for n in ends)
            middle = QPointF(float(across[list(front)].mean()), float(up[list(front)].mean()))
            width = painter.fontMetrics().horizontalAdvance(label)
            left = middle.x() + 14 if middle.x() > self.width() / 2 else middle.x() - 14 - width
            painter.drawText(QPointF(min(max(left, 0.0), max(0.0, self.width() - float(width))), middle.y() + 20), label)

    def _mark(self, painter: QPainter, theme: Theme, hill: Hill, spot: tuple[float, float]) -> None:
        rows, columns = hill.heights.shape
        x, y = (spot[0] - hill.x.low) / hill.x.span, (spot[1] - hill.y.low) / hill.y.span
        height = hill.heights[round(y * (rows - 1)), round(x * (columns - 1))] if 0 <= x <= 1 and 0 <= y <= 1 else np.nan
        if np.isfinite(height):
            across, up, _ = self._projected(np.array([x - 0.5]), np.array([y - 0.5]), np.array([height]))
            painter.setPen(QPen(theme.panel, 1.5))
            painter.setBrush(theme.text)
            painter.drawEllipse(QPointF(across[0], up[0]), 5, 5)

    def _projected(self, x: Floats, y: Floats, heights: Floats) -> tuple[Floats, Floats, Floats]:
        """Where points of the unit square are in the widget, without perspective, and how far behind."""
        turn, tilt = radians(self._turn), radians(self._tilt)
        side, behind = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
        size = min(self.width() / 1.5, self.height() / (1.45 * sin(tilt) + TALL * cos(tilt) + 0.12))
        up = behind * sin(tilt) + (np.nan_to_num(heights) - 0.5) * TALL * cos(tilt)
        return self.width() / 2 + side * size, self.height() / 2 - 8 - up * size, behind * cos(tilt) - np.nan_to_num(heights) * 1e-3

    def _say(self, place: QPointF) -> None:
        hill = self._hill
        if hill is None or self.describe is None:
            return
        x, y = _sides(*hill.heights.shape)
        across, up, depth = self._projected(x, y, hill.heights)
        distance = np.hypot(across - place.x(), up - place.y())
        near = np.where((distance < NEAR) & np.isfinite(hill.heights), depth, np.inf)
        lines = []
        if np.isfinite(near).any():
            at = np.unravel_index(int(near.argmin()), near.shape)
            lines = self.describe(hill.x.low + (x[at] + 0.5) * hill.x.span, hill.y.low + (y[at] + 0.5) * hill.y.span)
        if lines:
            theme = self._themes.current
            self._chip.say([(text, colour(theme, ink)) for text, ink in lines], place.toPoint(), theme)
        else:
            self._chip.hide()


def _sides(rows: int, columns: int) -> tuple[Floats, Floats]:
    """Places on the unit square around 0, (rows, columns) each."""
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(-0.5, 0.5, rows))
    return x, y


def _tones(heights: Floats, theme: Theme) -> list[list[QColor]]:
    """A colour for every piece: by its height, and darker or lighter by how it faces the light."""
    known = np.nan_to_num(heights)
    rows, columns = heights.shape
    middle = (known[:-1, :-1] + known[1:, 1:]) / 2
    slope_x = (known[:-1, 1:] - known[:-1, :-1]) * (columns - 1) * TALL
    slope_y = (known[1:, :-1] - known[:-1, :-1]) * (rows - 1) * TALL
    light = (-SUN[0] * slope_x - SUN[1] * slope_y + SUN[2]) / np.sqrt(1 + slope_x**2 + slope_y**2)
    high, low = tints(theme)
    top = mix(high, theme.text, 0.16)
    return [
        [mix(mix(low, top, min(max(share, 0.0), 1.0)), theme.canvas, 0.45 * (1 - min(max(bright, 0.0), 1.0))) for share, bright in pair]
        for pair in (zip(shares, lights, strict=True) for shares, lights in zip(middle.tolist(), light.tolist(), strict=True))
    ]
