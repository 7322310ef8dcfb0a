"""The colours of every theme as web colours: for the window, and for pictures that are made without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from netbuilder.layers.declare import Category


class Tones(Struct, frozen=True):
    """One theme. `on_accent` is text on the accent; `categories` are the colours of families of layers."""

    name: str
    window: str
    canvas: str
    grid: str
    panel: str
    raised: str
    line: str
    text: str
    secondary: str
    faint: str
    accent: str
    on_accent: str
    good: str
    warning: str
    error: str
    categories: Mapping[Category, str]

    def category(self, category: Category | None) -> str:
        """The colour of a family of layers; unknown layers are faint."""
        return self.faint if category is None else self.categories[category]


def _tones(name: str, surfaces: str, categories: str) -> Tones:
    colours: dict[str, Any] = dict(zip(Tones.__struct_fields__[1:-1], surfaces.split(), strict=True))
    return Tones(name, **colours, categories=dict(zip(Category, categories.split(), strict=True)))


DARK = _tones(
    "dark",
    "#14161B #181B21 #262B35 #1C2027 #242933 #2E3440 #E8EBF1 #98A2B3 #667085 #5B9DFF #0B1424 #46C28E #F2B63C #F0616D",
    "#7C8AA5 #4F8DFD #22B8B0 #9B6BF2 #E59B2E #3FB56B #E0608A #C26BD8 #C26BD8 #C26BD8",
)
LIGHT = _tones(
    "light",
    "#EEF1F5 #FAFBFC #DDE3EA #FFFFFF #F3F5F8 #DCE2EA #1A1F2B #5A6577 #8A94A6 #2563EB #FFFFFF #0F7A51 #935800 #C92A3A",
    "#64748B #2F6FE4 #0E9A93 #7C4BD9 #C27A0A #1F9150 #C83C6C #9B3FB5 #9B3FB5 #9B3FB5",
)
DARK_CONTRAST = _tones(
    "dark-contrast",
    "#000000 #000000 #2A2F38 #000000 #0D0F13 #8A93A3 #FFFFFF #E1E6EF #AEB7C6 #8CBDFF #000000 #5FE3AB #FFD15C #FF8A8F",
    "#B4C0D6 #7DB1FF #4FE0D8 #C3A2FF #FFBE5C #6FDD97 #FF93B8 #E3A0EE #E3A0EE #E3A0EE",
)
LIGHT_CONTRAST = _tones(
    "light-contrast",
    "#FFFFFF #FFFFFF #C4CBD6 #FFFFFF #F4F6F9 #5B6474 #000000 #262C36 #454D5B #0A3FB8 #FFFFFF #075C3B #6B4000 #A3101F",
    "#3A4454 #0B4BC0 #00635D #5A25B0 #7A4A00 #0A6030 #9C1446 #751A8B #751A8B #751A8B",
)
PRINT = _tones(
    "print",
    "#FFFFFF #FFFFFF #FFFFFF #FFFFFF #FFFFFF #B4B9C2 #000000 #3A3F48 #6B7280 #1D4ED8 #FFFFFF #0F7A51 #7A4900 #B42332",
    "#4B5563 #2F6FE4 #0E8A83 #7C4BD9 #B26B00 #1F7F46 #B8325F #8A35A3 #8A35A3 #8A35A3",
)
PICTURE_TONES = {tones.name: tones for tones in (LIGHT, DARK, PRINT)}
"""The themes that a picture may have."""
