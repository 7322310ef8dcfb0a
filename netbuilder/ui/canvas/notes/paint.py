"""Frames and comments as they are drawn, and what of them lies at a point."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from netbuilder.core.graph import Frame
from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.theme import mix, ui_font

TITLE = 28.0
SMALLEST = (72.0, 44.0)
PAD = 10.0
COLOURS = ("", "blue", "green", "yellow", "red", "violet")
"""What a frame may be coloured; the first is grey."""

_LEGIBLE = 0.2
_REACH = 7.0


class Grip(NamedTuple):
    """Where a note is taken hold of: a corner or a side to resize it (`l`, `t`, `r`, `b` or two of them), else to move it."""

    note: str
    sides: str = ""


def rect_of(frame: Frame) -> QRectF:
    """Where it is."""
    return QRectF(*frame.position, *frame.size)


def tint(name: str, colours: Colours) -> QColor:
    """The colour that a name stands for in this theme."""
    theme = colours.theme
    known = {"blue": theme.accent, "green": theme.good, "yellow": theme.warning, "red": theme.error}
    return theme.category(Category.DENSE) if name == "violet" else known.get(name, theme.faint)


def grip_at(frame: Frame, point: QPointF, zoom: float) -> Grip | None:
    """What of a note lies at a point; the inside of a frame belongs to the canvas."""
    rect, reach = rect_of(frame), _REACH / zoom
    if not rect.adjusted(-reach, -reach, reach, reach).contains(point):
        return None
    near = {"l": point.x() - rect.left(), "t": point.y() - rect.top(), "r": rect.right() - point.x(), "b": rect.bottom() - point.y()}
    sides = "".join(side for side, away in near.items() if abs(away) <= reach)
    if sides:
        return Grip(frame.id, sides)
    on_title = point.y() <= rect.top() + TITLE
    return Grip(frame.id) if frame.comment or on_title else None


def paint_note(painter: QPainter, frame: Frame, rect: QRectF, colours: Colours, zoom: float, *, chosen: bool) -> None:
    """A titled rectangle, or a comment on paper of its colour."""
    colour = tint(frame.colour or ("yellow" if frame.comment else ""), colours)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.accent if chosen else mix(colours.canvas, colour, 0.5), (2.0 if chosen else 1.2) / min(1.0, zoom * 2)))
    painter.setBrush(_paper(frame, colour, colours))
    painter.drawRoundedRect(rect, 8, 8)
    if zoom >= _LEGIBLE:
        _words(painter, frame, rect, colours, colour)
    painter.restore()


def paint_title(painter: QPainter, frame: Frame, rect: QRectF, colours: Colours, zoom: float) -> None:
    """The title of a frame once more, on a piece of its paper, over the wires that cross it."""
    if frame.comment or zoom < _LEGIBLE:
        return
    colour = tint(frame.colour, colours)
    place = title_rect(frame, rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_paper(frame, colour, colours))
    painter.drawRoundedRect(place, 4, 4)
    _words(painter, frame, rect, colours, colour)
    painter.restore()


def title_rect(frame: Frame, rect: QRectF) -> QRectF:
    """The room that the words of a title take."""
    place = text_rect(frame, rect)
    return QRectF(
        place.left() - 4, place.top(), min(place.width(), QFontMetricsF(_title_font()).horizontalAdvance(frame.text)) + 8, place.height()
    )


def _paper(frame: Frame, colour: QColor, colours: Colours) -> QColor:
    return mix(colours.canvas, colour, 0.16 if frame.comment else 0.07)


def text_rect(frame: Frame, rect: QRectF) -> QRectF:
    """Where the words stand."""
    inside = rect.adjusted(PAD, 6, -PAD, -6)
    return inside if frame.comment else QRectF(inside.left(), rect.top() + 4, inside.width(), TITLE - 6)


def _words(painter: QPainter, frame: Frame, rect: QRectF, colours: Colours, colour: QColor) -> None:
    place = text_rect(frame, rect)
    if frame.comment:
        painter.setFont(ui_font(12))
        painter.setPen(colours.text)
        painter.drawText(place, Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value, frame.text)
    else:
        painter.setFont(_title_font())
        painter.setPen(mix(colours.text, colour, 0.25))
        told = painter.fontMetrics().elidedText(frame.text, Qt.TextElideMode.ElideRight, round(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, told)


def _title_font() -> QFont:
    return ui_font(13, 600)
