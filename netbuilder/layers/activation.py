"""Non-linearities: element by element, plus softmax and gated units."""

from __future__ import annotations

from math import exp, log1p, tanh
from typing import Any

from netbuilder.layers.checks import floating
from netbuilder.layers.declare import Category, Layer, Module, Shaped, Target, TensorSpec, declare, unchanged


class _Activation(Layer, frozen=True):
    """A function of one number, applied to each element."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if inputs[0].dtype != "float32":
            floating(self, inputs[0])
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments())


def _activation(title: str, tip: str, formula: str, paper: str = "", *keywords: str) -> Any:
    more = {"formula": formula, "paper": paper, "keywords": ("non-linearity", *keywords)}
    return declare(title.lower(), title, Category.ACTIVATION, title.lower(), tip, **more)


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + log1p(exp(-abs(x)))


@_activation(
    "ReLU", "Lets positive values through and sets negative ones to 0.", "y = max(0, x)", "Nair & Hinton: Rectified linear units, 2010"
)
class ReLU(_Activation, frozen=True):
    """Rectified linear unit."""

    def curve(self, x: float) -> float:
        return max(0.0, x)


@_activation("Tanh", "Squeezes every value between -1 and 1.", "y = tanh x", "LeCun et al.: Efficient backprop, 1998")
class Tanh(_Activation, frozen=True):
    """Hyperbolic tangent."""

    def curve(self, x: float) -> float:
        return tanh(x)


@_activation("Sigmoid", "Squeezes every value between 0 and 1.", "y = 1 / (1 + e⁻ˣ)", "", "logistic")
class Sigmoid(_Activation, frozen=True):
    """Logistic function."""

    def curve(self, x: float) -> float:
        return _sigmoid(x)
