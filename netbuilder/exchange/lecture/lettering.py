"""How wide text is, without a window: measured in the bundled fonts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from netbuilder.paths import resource

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FILES = {"text": "Inter_400Regular.ttf", "strong": "Inter_600SemiBold.ttf", "mono": "JetBrainsMono_400Regular.ttf"}
_SLACK = 1.08
"""Viewers without these fonts take others, which may be a little wider."""


def width(text: str, kind: str, size: float) -> float:
    """Pixels that a line of text takes; `kind` is `text`, `strong` or `mono`."""
    return float(_font(kind).getlength(text)) * size / 100 * _SLACK


@cache
def _font(kind: str) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(resource("fonts", _FILES[kind])), 100)
