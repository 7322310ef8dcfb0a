"""A whole node as a picture at the pixels of one zoom, kept while it is used and shared by nodes that look alike."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from netbuilder.ui.canvas.geometry import MARGIN, WIDTH, port_places
from netbuilder.ui.canvas.nodes.level_of_detail import Detail
from netbuilder.ui.canvas.nodes.look import NodeLook
from netbuilder.ui.canvas.nodes.paint import BADGE, State, paint_badge, paint_body, paint_port, paint_words
from netbuilder.ui.canvas.painting.colours import Colours

_BUDGET = 96 * 2**20

End = tuple[str, bool]
"""A port of a known node: its name, and whether it is an output."""


class Marks(NamedTuple):
    """What is happening to a node: its state, the port under the pointer, and the ports where a wire may end.

    Dimming is no part of it, because it needs no picture of its own.
    """

    state: State = State.PLAIN
    hot: End | None = None
    wanted: frozenset[End] = frozenset()

    @property
    def busy(self) -> bool:
        """Whether anything is happening."""
        return bool(self.state or self.hot or self.wanted)


UNMARKED = Marks()


class Grain(NamedTuple):
    """How finely to draw: how much of a node, and how many device pixels make a unit of the scene."""

    level: Detail
    scale: float

    @property
    def margin(self) -> int:
        """Pixels left of and above the card in its picture."""
        return round(MARGIN * self.scale)


class Picture(NamedTuple):
    """A drawn node and the grain it was drawn for."""

    pixmap: QPixmap
    grain: Grain


class Pictures:
    """The most recently used pictures of one theme, within a budget of memory."""

    def __init__(self, colours: Colours) -> None:
        self._colours = colours
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._bytes = 0

    def kept(self, face: Hashable, marks: Marks, grain: Grain) -> Picture | None:
        """The picture of such a face, if there is one."""
        pixmap = self._recall((face, marks if marks.busy else None, grain))
        return Picture(pixmap, grain) if pixmap is not None else None

    def picture(self, face: Hashable, look: Callable[[], NodeLook], height: float, marks: Marks, grain: Grain) -> Picture:
        """The node with its ports and its badge; drawn only when no picture of such a face is kept."""
        picture = self.kept(face, marks, grain)
        if picture is None:
            picture = Picture(self._draw(look(), height, marks, grain), grain)
            self._keep((face, marks if marks.busy else None, grain), picture.pixmap)
        return picture

    def _draw(self, look: NodeLook, height: float, marks: Marks, grain: Grain) -> QPixmap:
        pixmap = self.body(look, height, marks.state, grain).copy()
        painter = QPainter(pixmap)
        _to_scene(painter, grain)
        paint_words(painter, look, height, grain.level, self._colours, grain.scale)
        if marks.hot or marks.wanted:
            self._draw_ports(painter, look, height, marks)
        if look.severity is not None:
            paint_badge(painter, look.severity, BADGE, self._colours, 1.0 if grain.level is Detail.FULL else 1.15)
        painter.end()
        return pixmap

    def body(self, look: NodeLook, height: float, state: State, grain: Grain) -> QPixmap:
        """The card without its words, which all nodes of a family share."""
        key = (look.category, look.stack, height, len(look.inputs), len(look.outputs), look.down, look.heat, state, grain)
        body = self._recall(key)
        if body is None:
            margin = 2 * grain.margin
            body = QPixmap(max(1, ceil(WIDTH * grain.scale) + margin), max(1, ceil(height * grain.scale) + margin))
            body.fill(Qt.GlobalColor.transparent)
            painter = QPainter(body)
            _to_scene(painter, grain)
            paint_body(painter, look.category, height, state, grain.level, self._colours, look.stack)
            if look.heat:
                from netbuilder.ui.canvas.heat.paint import paint_heat

                paint_heat(painter, look.heat, height, grain.level, self._colours)
            if grain.level >= Detail.SHAPE:
                self._draw_ports(painter, look, height, Marks())
            painter.end()
            self._keep(key, body)
        return body

    def _draw_ports(self, painter: QPainter, look: NodeLook, height: float, marks: Marks) -> None:
        colour = self._colours.category(look.category)
        for names, output in ((look.inputs, False), (look.outputs, True)):
            for name, place in zip(names, port_places(len(names), height, output=output, down=look.down), strict=True):
                end = (name, output)
                paint_port(painter, place, colour, self._colours, hot=end == marks.hot, wanted=end in marks.wanted)

    def _recall(self, key: Hashable) -> QPixmap | None:
        pixmap = self._kept.get(key)
        if pixmap is not None:
            self._kept.move_to_end(key)
        return pixmap

    def _keep(self, key: Hashable, pixmap: QPixmap) -> None:
        self._kept[key] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > _BUDGET:
            self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(pixmap: QPixmap) -> int:
    return 4 * pixmap.width() * pixmap.height()


def _to_scene(painter: QPainter, grain: Grain) -> None:
    """From pixels of a picture to units of the scene."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(grain.margin, grain.margin)
    painter.scale(grain.scale, grain.scale)


def face(look: NodeLook, level: Detail) -> Hashable:
    """All that can be seen of a look at this level; only what is hashed at no cost."""
    heat = (look.heat, look.parameters) if look.heat is not None else None
    seen = (look.title, look.repeat, look.stack, heat, look.shape, look.category, look.severity, look.inputs, look.outputs, look.down)
    return seen if level is not Detail.FULL else (look.name, look.settings, look.parameters, look.glyph, look.learning, *seen)
