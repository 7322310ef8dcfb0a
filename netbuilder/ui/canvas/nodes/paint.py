"""Drawing a node: the whole card, and its simpler forms for small zooms."""

from __future__ import annotations

from enum import IntFlag
from functools import cache, lru_cache

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from netbuilder.layers.declare import Category
from netbuilder.net.results import Severity
from netbuilder.ui.canvas.geometry import PORT, RADIUS, RING, STRIPE, WIDTH
from netbuilder.ui.canvas.nodes.level_of_detail import Detail
from netbuilder.ui.canvas.nodes.look import NodeLook
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.icons import glyph_pixmap, paint_glyph
from netbuilder.ui.theme import mono_font, ui_font

_TEXT_X = 39.0
_PAD = 12.0
BADGE = QPointF(WIDTH - 6, 1)
"""Where the middle of a problem's badge lies on a card."""
SETTINGS_ROW = QRectF(_TEXT_X - 3, 25, WIDTH - _TEXT_X - 4, 17)
"""Where a node's settings are written, in its own coordinates."""
_GLYPH, _MARK = 16, 12
_STACK = 4.0
_SIDE = PORT / 2 + RING


class State(IntFlag):
    """What is happening to a node; any may hold together."""

    PLAIN = 0
    SELECTED = 1
    HOVERED = 2
    PRESSED = 4
    DIMMED = 8
    TARGET = 16
    FOCUSED = 32


class Texts(Struct, frozen=True):
    """The texts of a look, shortened to the room they have."""

    title: str
    name: str
    name_x: float
    settings: str
    shape: str
    parameters: str
    parameters_x: float
    repeat: str
    repeat_x: float
    mark_x: float
    far_title: str
    far_shape: str
    block_title: str


@cache
def font(kind: str) -> QFont:
    """The fonts of a node by their use."""
    return {
        "title": lambda: ui_font(13, 600),
        "small": lambda: ui_font(11),
        "mono": lambda: mono_font(11),
        "far": lambda: ui_font(24, 600),
        "far mono": lambda: mono_font(20),
        "block": lambda: ui_font(34, 600),
    }[kind]()


@cache
def _metrics(kind: str) -> QFontMetricsF:
    return QFontMetricsF(font(kind))


@lru_cache(maxsize=4096)
def _elided(kind: str, text: str, width: float) -> str:
    return _metrics(kind).elidedText(text, Qt.TextElideMode.ElideRight, width) if text else ""


@lru_cache(maxsize=4096)
def _width(kind: str, text: str) -> float:
    return _metrics(kind).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def texts(look: NodeLook) -> Texts:
    """Measure and shorten once for each look."""
    repeat = f"×{look.repeat}" if look.repeat > 1 else ""
    right = WIDTH - _PAD - (_width("title", repeat) + 6 if repeat else 0)
    mark_x = right - _MARK
    right -= _MARK + 4 if look.learning else 0
    title = _elided("title", look.title, right - _TEXT_X)
    far = f"{repeat} {look.title}" if repeat else look.title
    name_x = _TEXT_X + _width("title", title) + 8
    figure = _figure(look)
    count = _width("mono", figure)
    return Texts(
        title=title,
        name=_elided("small", look.name, right - name_x) if right - name_x > 14 else "",
        name_x=name_x,
        settings=_elided("small", look.settings, WIDTH - _TEXT_X - 4),
        shape=_elided("mono", look.shape, WIDTH - 15 - _PAD - (count + 10 if count else 0)),
        parameters=figure,
        parameters_x=WIDTH - _PAD - count,
        repeat=repeat,
        repeat_x=WIDTH - _PAD - _width("title", repeat),
        mark_x=mark_x,
        far_title=_elided("far", far, WIDTH - 26),
        far_shape=_elided("far mono", look.shape if look.heat is None else look.parameters.split(" · ")[0], WIDTH - 26),
        block_title=_elided("block", far, WIDTH - 28),
    )


def _figure(look: NodeLook) -> str:
    """What stands at the lower right: the number of parameters, or the heat, without its share where shape and share have no room."""
    room = WIDTH - 15 - _PAD - 10 - _width("mono", look.shape)
    return look.parameters if look.heat is None or _width("mono", look.parameters) <= room else look.parameters.split(" · ")[0]


@cache
def card(height: float, inset: float) -> QPainterPath:
    """The rounded outline of a node, `inset` inside (or, negative, outside) its rectangle."""
    path = QPainterPath()
    rect = QRectF(0, 0, WIDTH, height).adjusted(inset, inset, -inset, -inset)
    path.addRoundedRect(rect, RADIUS - inset, RADIUS - inset)
    return path


@cache
def _stripe(height: float, inset: float, width: float) -> QPainterPath:
    bar = QPainterPath()
    bar.addRect(QRectF(inset, 0, width, height))
    return card(height, inset).intersected(bar)


def paint_words(painter: QPainter, look: NodeLook, height: float, level: Detail, colours: Colours, scale: float) -> None:
    """Draw what a node says, as much as its size on the screen allows; `scale` is device pixels for a unit, 0 without pixels."""
    if level is Detail.FULL:
        _paint_full(painter, look, height, colours, scale)
    elif level is Detail.SHAPE:
        _text(painter, "far", colours.text, 18, 32, texts(look).far_title)
        _text(painter, "far mono", colours.secondary, 18, height - 14, texts(look).far_shape)
    else:
        _text(painter, "block", colours.text, 20, height / 2 + 12, texts(look).block_title)


def paint_body(
    painter: QPainter, category: Category | None, height: float, state: State, level: Detail, colours: Colours, stack: int = 0
) -> None:
    """Draw the card in its own coordinates, without words and ports, on a `stack` of cards behind it."""
    selected = bool(state & (State.SELECTED | State.TARGET))
    paint_stack(painter, category, height, level, colours, stack)
    painter.setPen(Qt.PenStyle.NoPen)
    if level is Detail.FULL and not selected:
        painter.setBrush(colours.shadow)
        for spread in (-2.5, -1.5, -0.5):
            painter.drawPath(card(height, spread).translated(0, 1))
    if selected:
        painter.setBrush(colours.ring)
        painter.drawPath(card(height, -3 if level is Detail.FULL else -8))
    body = colours.tint(category) if level is Detail.NAME else colours.body_pressed if state & State.PRESSED else colours.body
    edge = 1.0 if level is Detail.FULL else 2.0
    painter.setPen(QPen(colours.border_hover if state & (State.HOVERED | State.FOCUSED) else colours.border, edge))
    painter.setBrush(body)
    painter.drawPath(card(height, edge / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.category(category))
    thick = 2.0 if level is Detail.FULL else 5.0
    painter.drawPath(_stripe(height, thick if selected else 0.0, STRIPE if level is Detail.FULL else 10))
    if selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if state & State.TARGET and not state & State.SELECTED else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colours.accent, thick, style))
        painter.drawPath(card(height, thick / 2))
    if state & State.FOCUSED and level is Detail.FULL:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 1))
        painter.drawPath(card(height, -3.5))


def paint_stack(painter: QPainter, category: Category | None, height: float, level: Detail, colours: Colours, stack: int) -> None:
    """Draw the cards that lie behind that of a block, the lowest first."""
    edge = 1.0 if level is Detail.FULL else 2.0
    for number in range(stack, 0, -1):
        painter.setPen(QPen(colours.border_hover, edge))
        painter.setBrush(colours.tint(category) if level is Detail.NAME else colours.body)
        painter.drawPath(card(height, edge / 2).translated(_STACK * number, _STACK * number))


def _paint_full(painter: QPainter, look: NodeLook, height: float, colours: Colours, scale: float) -> None:
    words = texts(look)
    pale = None if look.heat is None else colours.text  # on a tint, paler words would be lost
    _glyph(painter, look.glyph, colours.category(look.category), QRectF(16, 11, _GLYPH, _GLYPH), scale)
    if look.learning:
        _glyph(painter, look.learning, colours.secondary, QRectF(words.mark_x, 11, _MARK, _MARK), scale)
    _text(painter, "title", colours.text, _TEXT_X, 21, words.title)
    _text(painter, "small", pale or colours.faint, words.name_x, 21, words.name)
    _text(painter, "title", colours.category(look.category), words.repeat_x, 21, words.repeat)
    _text(painter, "small", pale or colours.secondary, _TEXT_X, 37, words.settings)
    _text(painter, "mono", colours.text, 15, height - 11, words.shape)
    _text(painter, "mono", pale or colours.secondary, words.parameters_x, height - 11, words.parameters)


def _glyph(painter: QPainter, glyph: str, colour: QColor, place: QRectF, scale: float) -> None:
    if scale:
        painter.drawPixmap(place.topLeft(), glyph_pixmap(glyph, colour, round(place.width()), scale))
    else:
        paint_glyph(painter, glyph, colour, place)


def _text(painter: QPainter, kind: str, colour: QColor, x: float, y: float, text: str) -> None:
    if text:
        painter.setFont(font(kind))
        painter.setPen(colour)
        painter.drawText(QPointF(x, y), text)


def paint_port(painter: QPainter, centre: QPointF, colour: QColor, colours: Colours, *, hot: bool, wanted: bool) -> None:
    """A ring of 9 pixels inside; filled under the pointer, with a halo when a wire may end here."""
    if hot or wanted:
        halo = QColor(colours.accent)
        halo.setAlphaF(0.45 if hot else 0.22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(halo)
        painter.drawEllipse(centre, _SIDE + 4, _SIDE + 4)
    painter.setPen(QPen(colour, RING))
    painter.setBrush(colour if hot else colours.canvas)
    painter.drawEllipse(centre, _SIDE - RING / 2, _SIDE - RING / 2)


_OCTAGON = tuple(
    (x * 9.0, y * 9.0) for x, y in ((0.41, 1), (1, 0.41), (1, -0.41), (0.41, -1), (-0.41, -1), (-1, -0.41), (-1, 0.41), (-0.41, 1))
)


def paint_badge(painter: QPainter, severity: Severity, centre: QPointF, colours: Colours, scale: float = 1.0) -> None:
    """An octagon with a cross for an error, a triangle with an exclamation mark for a warning."""
    painter.save()
    painter.translate(centre)
    painter.scale(scale, scale)
    error = severity is Severity.ERROR
    fill = colours.theme.error if error else colours.theme.warning
    sign = QColor("#FFFFFF") if not colours.theme.dark else colours.canvas
    corners = _OCTAGON if error else ((0.0, -9.5), (10.0, 8.0), (-10.0, 8.0))
    painter.setBrush(fill)
    painter.setPen(QPen(colours.canvas, 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    polygon = QPolygonF([QPointF(x, y) for x, y in corners])
    painter.drawPolygon(polygon)
    painter.setPen(QPen(fill, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolygon(polygon)
    painter.setPen(QPen(sign, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    if error:
        painter.drawLine(QPointF(-3, -3), QPointF(3, 3))
        painter.drawLine(QPointF(-3, 3), QPointF(3, -3))
    else:
        painter.drawLine(QPointF(0, -3.5), QPointF(0, 1.5))
        painter.drawPoint(QPointF(0, 5))
    painter.restore()
