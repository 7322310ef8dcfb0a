"""The part of the scene on show: zoom, place, and scrolling just enough to bring something into view."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QTransform

from netbuilder.ui.canvas.geometry import united

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

LEAST, MOST = 0.03, 4.0
_TOP, _SIDE = 44, 24
_SMALL = 0.4  # of the view, both ways


class Sight(NamedTuple):
    """A view to return to: the zoom, the scene point in the middle, and whether it was fitted to the whole network."""

    zoom: float
    centre: QPointF
    fitted: bool


class Camera:
    """`fitted` says that the whole network was brought into view, so that it stays in view when the canvas is resized."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._layers = len(canvas.graph.nodes)
        self.fitted = True

    @property
    def zoom(self) -> float:
        """1 is 100 %."""
        return self._canvas.transform().m11()

    @property
    def visible(self) -> QRectF:
        """The part of the scene on show."""
        return self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()

    @property
    def sight(self) -> Sight:
        """The present view, for `look_again`."""
        return Sight(self.zoom, self.visible.center(), self.fitted)

    def look_again(self, sight: Sight | None) -> None:
        """Return to a former view; without one, show everything."""
        self._layers = len(self._canvas.graph.nodes)
        self.fit()
        if sight is not None and not sight.fitted:
            self.fitted = False
            self._look_at(sight.zoom, sight.centre, self._middle())

    def fit(self) -> None:
        """Show everything, at most at 100 %, clear of breadcrumb and minimap."""
        self.fitted = True
        notes = united(QRectF(*note.position, *note.size) for note in self._canvas.graph.frames.values())
        bounds = self._canvas.canvas_scene.bounds().united(notes)
        if bounds.isEmpty():
            self._look_at(1.0, QPointF(0, 0), self._middle())
            return
        room = max(self._rooms(), key=lambda room: (_zoom_for(bounds, room), room.width()))
        self._look_at(_zoom_for(bounds, room), bounds.center(), room.center())

    def follow(self) -> None:
        """After the drawing changed: what was wholly on show stays so when layers joined it, and stays readable when many left it."""
        before, self._layers = self._layers, len(self._canvas.graph.nodes)
        if before == self._layers or not self.fitted:
            return
        bounds, seen = self._canvas.canvas_scene.bounds(), self.visible
        if self._layers > before:
            lost = not seen.contains(bounds)
        else:
            lost = self.zoom < 1.0 and bounds.width() < _SMALL * seen.width() and bounds.height() < _SMALL * seen.height()
        if lost:
            self.fit()

    def magnify(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom around a point of the view, by default its middle."""
        spot = QPointF(at) if at is not None else self._middle()
        fixed = self._canvas.mapToScene(spot.toPoint())
        self.fitted = False
        self._look_at(min(MOST, max(LEAST, self.zoom * factor)), fixed, spot)

    def pan(self, across: int, down: int) -> None:
        """Move the paper by pixels."""
        self.fitted = False
        self._scroll(-across, -down)

    def go_to(self, point: QPointF) -> None:
        """Put a scene point in the middle."""
        self.fitted = False
        self._look_at(self.zoom, point, self._middle())

    def reveal(self, rect: QRectF) -> None:
        """Bring a rectangle of the scene into view if it is not, moving as little as possible; of a large one its upper left corner."""
        room = self._room()
        box = self._canvas.mapFromScene(rect).boundingRect()
        if room.contains(box):
            return
        box.setSize(box.size().boundedTo(room.size()))
        across = max(0, room.left() - box.left()) - max(0, box.right() - room.right())
        down = max(0, room.top() - box.top()) - max(0, box.bottom() - room.bottom())
        self.pan(across, down)

    def _middle(self) -> QPointF:
        return QPointF(self._canvas.viewport().rect().center())

    def _room(self) -> QRect:
        return self._canvas.viewport().rect().adjusted(_SIDE, _TOP, -_SIDE, -_SIDE)

    def _rooms(self) -> list[QRectF]:
        """The free parts of the view: above the minimap, and left of it."""
        room, minimap = QRectF(self._room()), self._canvas.overlays.minimap
        if minimap.isHidden():
            return [room]
        map_ = minimap.geometry()
        above, beside = QRectF(room), QRectF(room)
        above.setBottom(max(room.top() + 40, map_.top() - 12))
        beside.setRight(max(room.left() + 40, map_.left() - 12))
        return [above, beside]

    def _look_at(self, zoom: float, point: QPointF, spot: QPointF) -> None:
        """Show a scene point at a spot of the view."""
        if zoom != self.zoom:
            self._canvas.setTransform(QTransform.fromScale(zoom, zoom))
            self._canvas.zoomed.emit(zoom)
        off = QPointF(self._canvas.mapFromScene(point)) - spot
        self._scroll(round(off.x()), round(off.y()))

    def _scroll(self, across: int, down: int) -> None:
        for bar, by in ((self._canvas.horizontalScrollBar(), across), (self._canvas.verticalScrollBar(), down)):
            bar.setValue(bar.value() + by)


def _zoom_for(bounds: QRectF, room: QRectF) -> float:
    return max(LEAST, min(1.0, room.width() / bounds.width(), room.height() / max(bounds.height(), 1.0)))
