"""One wire on the canvas: its way behind the nodes and what is happening to it. A plain object; the scene's painter draws it."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from itertools import pairwise
from math import copysign

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from netbuilder.core.graph import Link
from netbuilder.ui.canvas.nodes.paint import font
from netbuilder.ui.canvas.painting.colours import Colours

_REACH = 12
_LABELLED = 480.0
_LANE = 160.0


class WireState(IntFlag):
    """What is happening to a wire; any may hold together."""

    PLAIN = 0
    SELECTED = 1
    HOVERED = 2
    DIMMED = 4
    INSERT = 8


class WireItem:
    """Shows one link; asks for the shape of its tensor only when somebody looks.

    `line` is its way while that is straight, as it is between most neighbours.
    """

    __slots__ = ("_bounds", "_chip", "_label", "_outline", "_path", "_touch", "line", "link", "serial", "state")

    def __init__(self, link: Link, label: Callable[[Link], str], touch: Callable[[WireItem], None], serial: int) -> None:
        self.link = link
        self.serial = serial
        self.state = WireState.PLAIN
        self.line: QLineF | None = None
        self._bounds: QRectF | None = None
        self._chip: tuple[str, QRectF | None] | None = None
        self._label = label
        self._touch = touch
        self._path: QPainterPath | None = None
        self._outline: QPainterPath | None = None

    @property
    def label(self) -> str:
        """The shape of the tensor that flows along it; empty while that is unknown."""
        return self._label(self.link)

    @property
    def bounds(self) -> QRectF:
        """Everything it paints, in scene coordinates."""
        if self._bounds is None:
            around = QRectF(self.line.p1(), self.line.p2()).normalized() if self.line is not None else self.path.controlPointRect()
            self._bounds = around.adjusted(-8, -10, 8, 10)
        return self._bounds

    @property
    def path(self) -> QPainterPath:
        """Its way, in scene coordinates."""
        if self._path is None:
            self._path = QPainterPath()
            if self.line is not None:
                self._path.moveTo(self.line.p1())
                self._path.lineTo(self.line.p2())
        return self._path

    @property
    def chip(self) -> tuple[QRectF, str] | None:
        """Its label and where that goes: on a long lane between rows, where no node hides it; none in a lane between columns.

        Wires that leave a node together share it, because it is as far from the source on all of them.
        """
        if self.line is not None or self.bounds.width() <= _LABELLED:
            return None
        label = self.label
        if self._chip is None or self._chip[0] != label:
            self._chip = label, self._place(label) if label else None
        place = self._chip[1]
        return (place, label) if place is not None else None

    def _place(self, label: str) -> QRectF | None:
        path = self.path
        spots = [path.elementAt(index) for index in range(path.elementCount())]
        for start, end in pairwise(spots):
            along = float(end.x - start.x)  # type: ignore[attr-defined]
            if end.isLineTo() and abs(along) > _LANE:
                off = copysign(min(abs(along) / 2, _LABELLED / 2), along)
                return chip_rect(label, QPointF(start.x + off, start.y))  # type: ignore[attr-defined]
        return None

    def set_way(self, way: QLineF | QPainterPath) -> bool:
        """Take another way; returns whether it differs."""
        line, path = (way, None) if isinstance(way, QLineF) else (None, way)
        if (line is not None and line == self.line) or (path is not None and self.line is None and path == self._path):
            return False
        if self.line is not None or self._path is not None:
            self.update()
        self.line, self._path = line, path
        self._bounds = self._outline = self._chip = None
        self.update()
        return True

    def set_state(self, flag: WireState, on: bool) -> None:
        """Switch one state on or off."""
        state = self.state | flag if on else self.state & ~flag
        if state != self.state:
            self.state = state
            self.update()

    def update(self) -> None:
        """Have it painted anew."""
        self._touch(self)

    def contains(self, point: QPointF) -> bool:
        """Whether a point is on the wire, or so near that it is meant."""
        if self._outline is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(_REACH)
            self._outline = stroker.createStroke(self.path)
        return self._outline.contains(point)


def chip_rect(label: str, centre: QPointF) -> QRectF:
    """The rectangle of a shape chip around a point."""
    width = QFontMetricsF(font("mono")).horizontalAdvance(label) + 12
    return QRectF(round(centre.x() - width / 2), round(centre.y() - 9), round(width), 18)


def paint_chip(painter: QPainter, rect: QRectF, label: str, colours: Colours, *, quiet: bool = False) -> None:
    """A small rounded label with a tensor's shape; a quiet one only interrupts its wire."""
    painter.setPen(Qt.PenStyle.NoPen if quiet else QPen(colours.border_hover, 1))
    painter.setBrush(colours.canvas if quiet else colours.body)
    painter.drawRoundedRect(rect if quiet else rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    painter.setFont(font("mono"))
    painter.setPen(colours.secondary if quiet else colours.text)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, label)
