"""The dotted paper."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_PITCH = 16.0
_LEAST = 9.0
_DOT = 2


def paint_grid(painter: QPainter, colour: QColor, zoom: float, origin: QPointF, size: tuple[int, int]) -> None:
    """Dots at every 16 scene units, fewer when zoomed out; `origin` is the scene's origin in the view, in pixels."""
    pitch = _PITCH * zoom
    while pitch < _LEAST:
        pitch *= 2
    width, height = size
    half = pitch / 2
    left, top = round((origin.x() + half) % pitch) - 1, round((origin.y() + half) % pitch) - 1
    row = _row(pitch, width, colour.rgba(), painter.device().devicePixelRatioF())
    painter.save()
    painter.resetTransform()
    for index in range(-1, int(height / pitch) + 1):
        painter.drawPixmap(QPoint(left - round(pitch), top + round(index * pitch)), row)
    painter.restore()


@lru_cache(maxsize=8)
def _row(pitch: float, width: int, rgba: int, dpr: float) -> QPixmap:
    """One row of dots, of which the paper consists."""
    columns = int(width / pitch) + 3
    row = QPixmap(round((columns * pitch + _DOT) * dpr), round(_DOT * dpr))
    row.setDevicePixelRatio(dpr)
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    colour = QColor.fromRgba(rgba)
    for index in range(columns):
        painter.fillRect(round(index * pitch), 0, _DOT, _DOT, colour)
    painter.end()
    return row
