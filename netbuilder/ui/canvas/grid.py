"""The dotted paper."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

_PITCH = 16.0
_LEAST = 9.0


def paint_grid(painter: QPainter, colour: QColor, zoom: float, origin: QPointF, size: tuple[int, int]) -> None:
    """Dots at every 16 scene units, fewer when zoomed out; `origin` is the scene's origin in the view, in pixels."""
    pitch = _PITCH * zoom
    while pitch < _LEAST:
        pitch *= 2
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    half = pitch / 2
    painter.translate(round((origin.x() + half) % pitch), round((origin.y() + half) % pitch))
    painter.drawPoints(_dots(pitch, *size))
    painter.restore()


@lru_cache(maxsize=4)
def _dots(pitch: float, width: int, height: int) -> QPolygonF:
    columns, rows = int(width / pitch) + 2, int(height / pitch) + 2
    return QPolygonF([QPointF(round((c - 1) * pitch), round((r - 1) * pitch)) for r in range(rows) for c in range(columns)])
