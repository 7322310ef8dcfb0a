"""Icons: stroke drawings in `resources/icons`, recoloured for the theme and cached."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from netbuilder.paths import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

FALLBACK = "identity"


def icon(name: str, colour: QColor | None = None, size: int = 16) -> QIcon:
    """The drawing called `name` in one colour (default: the palette's text), with a faint disabled state."""
    from PySide6.QtGui import QIcon  # with its many enumerations, which the first window does not need

    tint = colour or QGuiApplication.palette().windowText().color()
    disabled = QColor(tint)
    disabled.setAlphaF(0.4)
    result = QIcon()
    for dpr in (1.0, 2.0):
        result.addPixmap(glyph_pixmap(name, tint, size, dpr), QIcon.Mode.Normal)
        result.addPixmap(glyph_pixmap(name, disabled, size, dpr), QIcon.Mode.Disabled)
    return result


def glyph_pixmap(name: str, colour: QColor, size: int = 16, dpr: float = 1.0) -> QPixmap:
    """The drawing at a size in logical pixels for a screen of that device pixel ratio."""
    return _pixmap(resolve(name), colour.rgba(), size, dpr)


@cache
def resolve(name: str) -> str:
    """The drawing that stands for `name`: itself, or the identity arrow when there is none."""
    return name if resource("icons", f"{name}.svg").is_file() else FALLBACK


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def paint_glyph(painter: QPainter, name: str, colour: QColor, place: QRectF) -> None:
    """Draw it as lines, for pictures that are made of lines."""
    QSvgRenderer(QByteArray(_source(resolve(name)).replace("currentColor", colour.name()).encode())).render(painter, place)


@lru_cache(maxsize=1024)
def _pixmap(name: str, rgba: int, size: int, dpr: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    data = _source(name).replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(data.encode()))
    pixmap = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
