"""Dropout and its relatives: noise while training, nothing afterwards."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from netbuilder.layers.checks import floating, image
from netbuilder.layers.declare import Category, Layer, Module, Shaped, Target, TensorSpec, declare, say, unchanged
from netbuilder.layers.settings import Fraction

_IN_PLACE = "numbers lose their value while training, never their place"


class _Dropout(Layer, frozen=True):
    rank: ClassVar[int] = 0

    p: Annotated[Fraction, Meta(description="Share that is set to 0 at each training step.")] = 0.5

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.rank:
            image(self, inputs[0], self.rank)
        else:
            floating(self, inputs[0])
        return unchanged(inputs[0], _IN_PLACE)

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


@_dropout(
    "FeatureAlphaDropout",
    "Alpha dropout of whole channels, made to go with SELU.",
    "Klambauer et al.: Self-normalizing neural networks, 2017",
    "y = a · (x · m + α′ · (1 − m)) + b",
)
class FeatureAlphaDropout(_Dropout, frozen=True):
    """Drops whole channels to SELU's negative limit."""


@declare(
    "stochasticdepth",
    "StochasticDepth",
    Category.REGULARISATION,
    "dropout",
    "Drops a whole branch at random while training, so that a residual network is shorter for some samples.",
    formula="y = x · m / (1 − p),  m ~ Bernoulli(1 − p) for each sample",
    paper="Huang, Sun, Liu, Sedra & Weinberger: Deep networks with stochastic depth, 2016",
    keywords=("drop path", "droppath", "residual", "regularisation"),
)
class StochasticDepth(Layer, frozen=True):
    """Zeroes whole samples (`row`) or the whole batch (`batch`) while training; the rest is scaled by 1 / (1 − p)."""

    p: Annotated[Annotated[float, Meta(ge=0.0, le=1.0)], Meta(description="Chance that the branch is dropped.")] = 0.2
    mode: Annotated[Literal["row", "batch"], Meta(description="Decide for each sample, or for the whole batch.")] = "row"

    def shape(self, *inputs: TensorSpec) -> Shaped:
        floating(self, inputs[0])
        return unchanged(inputs[0], _IN_PLACE)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("netbuilder.net.modules.noise.StochasticDepth", self.arguments("p", "mode"))

    def summary(self) -> str:
        return f"p {say(self.p)} · {self.mode}"


@declare(
    "gaussiannoise",
    "GaussianNoise",
    Category.REGULARISATION,
    "noise",
    "Adds random numbers to every value while training.",
    formula="y = x + σ·n,  n ~ N(0, 1)",
    paper="Bishop: Training with noise is equivalent to Tikhonov regularization, 1995",
    keywords=("noise", "regularisation", "denoising", "jitter"),
)
class GaussianNoise(Layer, frozen=True):
    """Normal noise of standard deviation `std` while training, nothing afterwards."""

    std: Annotated[Annotated[float, Meta(ge=0.0, le=1e6)], Meta(description="Standard deviation of the noise.")] = 0.1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        floating(self, inputs[0])
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("netbuilder.net.modules.noise.GaussianNoise", self.arguments("std"))

    def summary(self) -> str:
        return f"σ {say(self.std)}"
