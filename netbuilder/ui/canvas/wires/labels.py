"""Labels on wires as pictures at the pixels of one zoom, shared by all wires that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.canvas.wires.item import WireItem, paint_chip

_MOST = 500
_EDGE = 1

Label = tuple[QRectF, str]
"""Where it goes, in scene coordinates, and what it says."""


def apart(wires: Iterable[WireItem]) -> Iterator[Label]:
    """Labels that lie on no earlier one, be that painted or not: so it is the same whichever part of the canvas is painted."""
    earlier: list[QRectF] = []
    for wire in wires:
        if wire.line is None and (chip := wire.chip) is not None:
            if not any(map(chip[0].intersects, earlier)):
                yield chip
            earlier.append(chip[0])


class _Drawn(NamedTuple):
    pixmap: QPixmap
    scale: float


class WireLabels:
    """Keeps for every text the picture of the last zoom."""

    def __init__(self, colours: Colours) -> None:
        self._colours = colours
        self._drawn: dict[str, _Drawn] = {}

    def paint(self, painter: QPainter, labels: Iterable[Label], end: float, *, fast: bool) -> bool:
        """Draw these on whole pixels of the screen; returns whether all are there and sharp.

        After `end` those of another zoom are scaled, and new ones left out while the zoom is `fast`.
        """
        way, dpr = painter.worldTransform(), painter.device().devicePixelRatioF()
        scale, x, y = way.m11() * dpr, way.dx() * dpr - _EDGE, way.dy() * dpr - _EDGE
        painter.save()
        painter.setWorldTransform(QTransform.fromScale(1 / dpr, 1 / dpr))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        sharp = True
        for rect, text in labels:
            drawn = self._drawn.get(text)
            if (drawn is None or drawn.scale != scale) and ((drawn is None and not fast) or perf_counter() <= end):
                drawn = self._draw(rect, text, scale)
            if drawn is None:
                sharp = False
                continue
            left, top = round(rect.x() * scale + x), round(rect.y() * scale + y)
            if drawn.scale == scale:
                painter.drawPixmap(left, top, drawn.pixmap)
            else:
                sharp = False
                _draw_scaled(painter, drawn.pixmap, left, top, scale / drawn.scale)
        painter.restore()
        return sharp

    def _draw(self, rect: QRectF, text: str, scale: float) -> _Drawn:
        pixmap = QPixmap(ceil(rect.width() * scale) + 2 * _EDGE, ceil(rect.height() * scale) + 2 * _EDGE)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_EDGE, _EDGE)
        painter.scale(scale, scale)
        paint_chip(painter, QRectF(0, 0, rect.width(), rect.height()), text, self._colours, quiet=True)
        painter.end()
        if len(self._drawn) >= _MOST:
            self._drawn.clear()
        drawn = self._drawn[text] = _Drawn(pixmap, scale)
        return drawn


def _draw_scaled(painter: QPainter, pixmap: QPixmap, left: int, top: int, by: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(left, top, pixmap.width() * by, pixmap.height() * by), pixmap, QRectF(pixmap.rect()))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
