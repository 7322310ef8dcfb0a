"""Dropout and its relatives: noise while training, nothing afterwards."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from netbuilder.layers.checks import floating, image
from netbuilder.layers.declare import Category, Layer, Module, Shaped, Target, TensorSpec, declare, say, unchanged
from netbuilder.layers.settings import Fraction


class _Dropout(Layer, frozen=True):
    rank: ClassVar[int] = 0

    p: Annotated[Fraction, Meta(description="Share that is set to 0 at each training step.")] = 0.5

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.rank:
            image(self, inputs[0], self.rank)
        else:
            floating(self, inputs[0])
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("p"))

    def summary(self) -> str:
        return f"p {say(self.p)}"


_SRIVASTAVA = "Srivastava et al.: Dropout: a simple way to prevent neural networks from overfitting, 2014"
_TOMPSON = "Tompson et al.: Efficient object localization using convolutional networks, 2015"
_FORMULA = "y = x · m / (1 − p),  m ~ Bernoulli(1 − p)"


def _dropout(title: str, tip: str, paper: str, formula: str = _FORMULA) -> Any:
    more = {"formula": formula, "paper": paper, "keywords": ("regularisation", "noise", "overfitting"), "main": title == "Dropout"}
    return declare(title.lower(), title, Category.REGULARISATION, "dropout", tip, **more)


@_dropout("Dropout", "Sets random numbers to 0 while training, so that no unit can rely on another.", _SRIVASTAVA)
class Dropout(_Dropout, frozen=True):
    """Drops single elements."""


@_dropout("Dropout1d", "Sets whole random channels of a sequence to 0 while training.", _TOMPSON)
class Dropout1d(_Dropout, frozen=True):
    """Drops channels of (channels, length)."""

    rank = 1


@_dropout("Dropout2d", "Sets whole random feature maps to 0 while training.", _TOMPSON)
class Dropout2d(_Dropout, frozen=True):
    """Drops channels of (channels, height, width)."""

    rank = 2


@_dropout("Dropout3d", "Sets whole random volumes to 0 while training.", _TOMPSON)
class Dropout3d(_Dropout, frozen=True):
    """Drops channels of (channels, depth, height, width)."""

    rank = 3


@_dropout(
    "AlphaDropout",
    "Dropout that keeps mean and spread, made to go with SELU.",
    "Klambauer et al.: Self-normalizing neural networks, 2017",
    "y = a · (x · m + α′ · (1 − m)) + b",
)
class AlphaDropout(_Dropout, frozen=True):
    """Drops single elements to SELU's negative limit."""
