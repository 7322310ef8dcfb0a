"""What lies under the gestures: dotted paper and the network on it, drawn anew only where something has changed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QTimer
from PySide6.QtGui import QPainter, QPen

from netbuilder.ui.canvas.nodes.level_of_detail import Detail, detail
from netbuilder.ui.canvas.painting.carried import Carried
from netbuilder.ui.canvas.painting.far_view import FarView
from netbuilder.ui.canvas.painting.frame import Frame
from netbuilder.ui.canvas.painting.grid import paint_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from netbuilder.core.graph import Port
    from netbuilder.ui.canvas.notes.notes import Notes
    from netbuilder.ui.canvas.scene import CanvasScene
    from netbuilder.ui.canvas.view import CanvasView
    from netbuilder.ui.canvas.wires.item import WireItem

_SHARPEN, _NEXT = 80, 4
_LARGE, _QUIET = 500, 300
_LEAP = 1.5
"""After a zoom by so much at once nobody waits for another step."""
_CHIP = QMarginsF(160, 20, 160, 20)
"""How far labels of wires may reach that a label in sight may have to give way to."""


class Ground:
    """Hears from the scene what has changed; what a fast zoom left rough is drawn sharply when it pauses."""

    def __init__(self, canvas: CanvasView, scene: CanvasScene) -> None:
        self._canvas = canvas
        self._scene = scene
        self._frame = Frame(self._draw)
        self._far = FarView(scene.near)
        self._level = Detail.FULL
        self._seen = (-1, 1.0)
        self._pause = QTimer(canvas, singleShot=True)
        self._pause.timeout.connect(self._sharpen)
        self._idle = QTimer(canvas, singleShot=True)
        self._idle.timeout.connect(self._prepare)
        scene.watch(self._touched)

    @cached_property
    def notes(self) -> Notes:
        """Frames and comments."""
        from netbuilder.ui.canvas.notes.notes import Notes

        return Notes(self._canvas)

    @property
    def is_rough(self) -> bool:
        """Whether something waits to be drawn sharply."""
        return self._pause.isActive()

    def paint(self, painter: QPainter) -> None:
        """Fill the view."""
        canvas, scene = self._canvas, self._scene
        zoomed = self._zoomed(canvas.scale_factor)
        scene.painter.begin(fast=zoomed != 1.0 or self.is_rough or not scene.painter.hurried)
        self._level = detail(canvas.scale_factor, scene.crowd(canvas.visible_rect()))
        look, zooming = (self._level, scene.colours), zoomed != 1.0 and scene.painter.hurried
        self._frame.paint(painter, canvas.viewport().size(), canvas.viewportTransform(), look, zooming=zooming)
        if canvas.keyboard.ring:
            painter.resetTransform()
            painter.setPen(QPen(scene.colours.accent, 2))
            painter.drawRect(canvas.viewport().rect().adjusted(1, 1, -1, -1))
        if scene.painter.rough or (zooming and self._frame.rough):
            self._pause.start(_SHARPEN if scene.painter.hurried and 1 / _LEAP < zoomed < _LEAP else _NEXT)
        scene.painter.rough, scene.painter.hurried = False, True
        if self._level is not Detail.BLOCK and len(scene.nodes) > _LARGE:
            self._idle.start(_QUIET)

    def _zoomed(self, zoom: float) -> float:
        """How much larger the same network is seen than before."""
        before, self._seen = self._seen, (self._scene.version, zoom)
        return zoom / before[1] if before[0] == self._scene.version else 1.0

    def _sharpen(self) -> None:
        self._scene.painter.hurried = False
        self._frame.forget()
        self._canvas.viewport().update()

    def _prepare(self) -> None:
        """While nothing happens, get the far view of a large network ready bit by bit, so that zooming out does not have to wait for it."""
        if self._far.prepare(self._scene.node_bounds()):
            self._idle.start(_NEXT)

    def _touched(self, rect: QRectF | None) -> None:
        self._frame.forget(rect)
        if rect is None:
            self._far.forget_all()
        else:
            self._far.forget(rect)

    def _draw(self, painter: QPainter, rect: QRectF) -> None:
        scene, way = self._scene, painter.worldTransform()
        painter.setBackground(scene.colours.canvas)
        painter.eraseRect(rect)
        paint_grid(painter, scene.colours.grid, way.m11(), way.map(QPointF()), way.mapRect(rect).toAlignedRect())
        if self._canvas.graph.frames:
            self.notes.paint(painter, rect)
        if scene.carried is not None:
            self._draw_apart(painter, rect, scene.carried)
        elif self._level is Detail.BLOCK:
            scene.painter.paint_far(painter, self._far.squares(rect))
        else:
            scene.painter.paint(painter, *scene.near(rect), self._level, self._labelled(rect))
        if self._canvas.graph.frames:
            painter.setWorldTransform(way)
            self.notes.paint_titles(painter, rect)

    def _draw_apart(self, painter: QPainter, rect: QRectF, carried: Carried) -> None:
        """What stays first, then what is carried."""
        self._draw_some(painter, rect, lambda node: node not in carried.ids, lambda port: port not in carried.inner)
        painter.save()
        painter.translate(carried.by)
        self._draw_some(painter, rect.translated(-carried.by), carried.ids.__contains__, carried.inner.__contains__)
        painter.restore()

    def _draw_some(
        self, painter: QPainter, rect: QRectF, node_is_meant: Callable[[str], bool], wire_is_meant: Callable[[Port], bool]
    ) -> None:
        nodes, wires = self._scene.near(rect)
        wires, labelled = ([wire for wire in each if wire_is_meant(wire.link.target)] for each in (wires, self._labelled(rect)))
        self._scene.painter.paint(painter, [node for node in nodes if node_is_meant(node.node_id)], wires, self._level, labelled)

    def _labelled(self, rect: QRectF) -> list[WireItem]:
        """Wires whose labels may be here, or lie on one that is."""
        return self._scene.wires_near(rect.marginsAdded(_CHIP)) if self._level is Detail.FULL else []
