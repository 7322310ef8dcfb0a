"""One wire: a smooth line behind the nodes, with the tensor's shape on long ones."""

from __future__ import annotations

from enum import IntFlag

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from netbuilder.core.graph import Link
from netbuilder.ui.canvas.colours import Colours
from netbuilder.ui.canvas.level_of_detail import Detail, detail
from netbuilder.ui.canvas.node_paint import font

_THICK = 2.0
_LABELLED = 480.0
_LANE = 160.0


class WireState(IntFlag):
    """What is happening to a wire; any may hold together."""

    PLAIN = 0
    SELECTED = 1
    HOVERED = 2
    DIMMED = 4
    INSERT = 8


class WireItem(QGraphicsItem):
    """Shows one link; `label` is the shape of the tensor that flows along it."""

    def __init__(self, link: Link, colours: Colours) -> None:
        super().__init__()
        self.link = link
        self.label = ""
        self._colours = colours
        self._state = WireState.PLAIN
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._outline: QPainterPath | None = None
        self._chip: QRectF | None = None
        self.setZValue(0)

    @property
    def path(self) -> QPainterPath:
        """Its way, in scene coordinates."""
        return self._path

    @property
    def state(self) -> WireState:
        """What is happening to it."""
        return self._state

    def set_path(self, path: QPainterPath) -> None:
        """Take another way."""
        if path == self._path:
            return
        self.prepareGeometryChange()
        self._path = path
        self._bounds = path.controlPointRect().adjusted(-8, -10, 8, 10)
        self._outline = None
        self._chip = None
        self.update()

    def set_label(self, label: str) -> None:
        """Show another shape."""
        if label != self.label:
            self.label = label
            self._chip = None
            self.update()

    def set_state(self, flag: WireState, on: bool) -> None:
        """Switch one state on or off."""
        state = self._state | flag if on else self._state & ~flag
        if state != self._state:
            self._state = state
            self.setZValue(0.5 if state & (WireState.SELECTED | WireState.HOVERED | WireState.INSERT) else 0)
            self.update()

    def set_colours(self, colours: Colours) -> None:
        """Repaint in another theme."""
        self._colours = colours
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        if self._outline is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(12)
            self._outline = stroker.createStroke(self._path)
        return self._outline

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        level = detail(zoom)
        state, colours = self._state, self._colours
        if state & WireState.DIMMED:
            painter.setOpacity(0.35)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, level >= Detail.NAME)
        marked = state & (WireState.SELECTED | WireState.INSERT)
        colour = colours.accent if marked else colours.wire_hover if state & WireState.HOVERED else colours.wire
        thick = max(_THICK + (1 if marked else 0), 1.0 / zoom)
        painter.setPen(QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        if level is Detail.FULL and self.label and self._has_lane and self._bounds.width() > _LABELLED:
            paint_chip(painter, self._chip_rect(), self.label, colours, quiet=True)

    @property
    def _has_lane(self) -> bool:
        """Whether it runs straight between rows, where no node hides a label."""
        if self._path.elementCount() <= 4:
            return False
        start, end = self._path.elementAt(3), self._path.elementAt(4)
        return bool(abs(end.x - start.x) > _LANE)  # type: ignore[attr-defined]

    def _chip_rect(self) -> QRectF:
        if self._chip is None:
            self._chip = chip_rect(self.label, self._path.pointAtPercent(0.5))
        return self._chip


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
