"""The last picture of the canvas, kept: moving the paper shifts it, an edit repaints its place, anything else copies it.

Where a step of the zoom takes long to draw, the next ones scale the last picture that was drawn, until the zoom pauses.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

Draw = Callable[[QPainter, QRectF], None]
_MOST = 8
_EDGE = 2
_JOINED = 1.25
_DEAR = 0.006
_SCALED, _BARE = 1.4, 0.25
"""A picture is not scaled by more, nor when more than this share of the view would have to be drawn beside it."""


class Frame:
    """Asks `draw` for what is missing, in scene coordinates. `forget` tells it what has changed. `rough` tells that it is scaled."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._pixmap = QPixmap()
        self._way = QTransform()
        self._look: object = None
        self._stale: list[QRectF] | None = None
        self._drawn: tuple[QPixmap, QTransform] | None = None
        self._dear = False

    @property
    def rough(self) -> bool:
        """Whether a scaled picture is shown."""
        return self._drawn is not None

    def forget(self, rect: QRectF | None = None) -> None:
        """This part of the scene has changed, or everything."""
        if rect is None:
            self._stale = None
        elif self._stale is not None:
            self._stale.append(rect)

    def paint(self, painter: QPainter, size: QSize, way: QTransform, look: object, *, zooming: bool = False) -> None:
        """Fill a view of this size, which shows the scene by `way`; with another `look` everything is drawn anew.

        While one is `zooming`, it may be scaled instead.
        """
        dpr = painter.device().devicePixelRatioF()
        pixels = QSize(round(size.width() * dpr), round(size.height() * dpr))
        if self._pixmap.size() != pixels or self._pixmap.devicePixelRatio() != dpr:
            self._pixmap = QPixmap(pixels)
            self._pixmap.setDevicePixelRatio(dpr)
            self._stale = None
        if not (zooming and self._dear and self._stale is not None and self._scale(way)):
            start = thread_time()
            self._renew(way, look, dpr)
            self._dear = thread_time() - start > _DEAR if zooming else self._dear
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._pixmap)
        painter.restore()

    def _renew(self, way: QTransform, look: object, dpr: float) -> None:
        if self.rough and way == self._way and self._stale == []:
            return
        whole = self._whole()
        exposed = self._shift(way, dpr) if look == self._look and not self.rough else None
        self._drawn = None
        if exposed is None or self._stale is None:
            missing = [whole]
        else:
            boxes = [way.mapRect(rect).toAlignedRect().adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE) & whole for rect in self._stale]
            missing = _few([*exposed, *(box for box in boxes if not box.isEmpty())])
        self._way, self._look, self._stale = way, look, []
        if missing:
            self._fill(missing, way)

    def _scale(self, way: QTransform) -> bool:
        """Show what was drawn last at another zoom, and draw what that leaves bare; returns whether it is of use."""
        source, was = self._drawn or (self._pixmap, self._way)
        by, whole = way.m11() / was.m11(), self._whole()
        place = QRectF(way.dx() - was.dx() * by, way.dy() - was.dy() * by, whole.width() * by, whole.height() * by)
        covered = place.toAlignedRect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE) & whole
        if not 1 / _SCALED < by < _SCALED or _area(covered) < (1 - _BARE) * _area(whole):
            return False
        if self._drawn is None:
            self._drawn = source, was
            self._pixmap = QPixmap(source.size())
            self._pixmap.setDevicePixelRatio(source.devicePixelRatio())
        painter = QPainter(self._pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, source, QRectF(source.rect()))
        painter.end()
        self._way, self._stale = way, []
        self._fill([*QRegion(whole).subtracted(covered)], way)  # type: ignore[misc]
        return True

    def _whole(self) -> QRect:
        return QRect(QPoint(), self._pixmap.deviceIndependentSize().toSize())

    def _shift(self, way: QTransform, dpr: float) -> list[QRect] | None:
        """Move the picture to where the scene is now; returns what is bare, or `None` when the picture is of no use."""
        was = self._way
        if (was.m11(), was.m22()) != (way.m11(), way.m22()):
            return None
        across, down = (way.dx() - was.dx()) * dpr, (way.dy() - was.dy()) * dpr
        x, y = round(across), round(down)
        if abs(across - x) > 0.01 or abs(down - y) > 0.01 or abs(x) >= self._pixmap.width() or abs(y) >= self._pixmap.height():
            return None
        if not x and not y:
            return []
        self._pixmap.scroll(x, y, self._pixmap.rect())
        width, height = self._pixmap.width(), self._pixmap.height()
        bare = [QRect(0 if x > 0 else width + x, 0, abs(x), height), QRect(0, 0 if y > 0 else height + y, width, abs(y))]
        return [QRectF(b.x() / dpr, b.y() / dpr, b.width() / dpr, b.height() / dpr).toAlignedRect() for b in bare if not b.isEmpty()]

    def _fill(self, boxes: list[QRect], way: QTransform) -> None:
        painter = QPainter(self._pixmap)
        back = way.inverted()[0]
        for box in boxes:
            painter.resetTransform()
            painter.setClipRect(box, Qt.ClipOperation.ReplaceClip)
            painter.setWorldTransform(way)
            self._draw(painter, back.mapRect(QRectF(box)))
        painter.end()


def _few(boxes: list[QRect]) -> list[QRect]:
    """The same area in a few rectangles: those are joined that cover little more together."""
    apart: list[QRect] = []
    for box in boxes:
        for other in [other for other in apart if other.intersects(box)]:
            if _area(other.united(box)) <= _JOINED * (_area(other) + _area(box)):
                apart.remove(other)
                box = other.united(box)
        apart.append(box)
    if len(apart) <= _MOST:
        return apart
    around = QRect()
    for box in apart:
        around = around.united(box)
    return [around]


def _area(box: QRect) -> int:
    return box.width() * box.height()
