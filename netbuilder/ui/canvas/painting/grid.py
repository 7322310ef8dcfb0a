"""The dotted paper."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_PITCH = 16.0
_LEAST = 9.0
_DOT = 2


def paint_grid(painter: QPainter, colour: QColor, zoom: float, origin: QPointF, box: QRect) -> None:
    """Dots between every 16 scene units, fewer when zoomed out, in a box of the view; `origin` is the scene's origin there, in pixels.

    Every dot keeps its place beside the origin, so that a picture of the paper can be moved by whole pixels.
    """
    pitch = _PITCH * zoom
    while pitch < _LEAST:
        pitch *= 2
    x, y = round(origin.x()) - 1, round(origin.y()) - 1
    first, last = floor((box.left() - x - _DOT) / pitch), ceil((box.right() - x) / pitch)
    row = _row(pitch, first, last, colour.rgba(), painter.device().devicePixelRatioF())
    left = x + _offset(first, pitch)
    painter.save()
    painter.resetTransform()
    for line in range(floor((box.top() - y - _DOT) / pitch), ceil((box.bottom() - y) / pitch)):
        painter.drawPixmap(QPoint(left, y + _offset(line, pitch)), row)
    painter.restore()


def _offset(index: int, pitch: float) -> int:
    """How far a dot lies from the origin."""
    return round((index + 0.5) * pitch)


@lru_cache(maxsize=16)
def _row(pitch: float, first: int, last: int, rgba: int, dpr: float) -> QPixmap:
    """One row of dots, of which the paper consists."""
    start = _offset(first, pitch)
    row = QPixmap(max(1, round((_offset(last, pitch) - start + _DOT) * dpr)), round(_DOT * dpr))
    row.setDevicePixelRatio(dpr)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(rgba))
    for index in range(first, last):
        painter.drawRect(_offset(index, pitch) - start, 0, _DOT, _DOT)
    painter.end()
    return row
