"""How curves are drawn: by what they show, and by which run among several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QColor

from netbuilder.layers.declare import Category
from netbuilder.ui.theme import Theme, mix

Role = Literal["train", "validation"]
OTHERS = (Category.CONVOLUTION, Category.ACTIVATION, Category.NORMALISATION, Category.REGULARISATION, Category.DENSE, Category.POOLING)
"""Colours of runs that are compared, in order; then the same again, dashed."""


@dataclass(frozen=True)
class Stroke:
    """How a curve is drawn."""

    colour: QColor
    width: float = 1.0
    opacity: float = 1.0
    dashed: bool = False


def stroke(theme: Theme, role: Role, number: int | None) -> Stroke:
    """The stroke of a run's curve; `number` counts runs that are compared, and is `None` for the current one."""
    if number is None:
        if role == "train":
            return Stroke(mix(theme.panel, theme.category(Category.CONVOLUTION), 0.8), 1.0)
        return Stroke(theme.warning, 2.0)
    colour = theme.category(OTHERS[number % len(OTHERS)])
    if role == "train":
        return Stroke(mix(theme.panel, colour, 0.55), 1.0)
    return Stroke(colour, 2.0, dashed=number >= len(OTHERS))
