"""What all element-wise activations share."""

from __future__ import annotations

from math import exp, log1p
from typing import Any

from netbuilder.layers.checks import floating
from netbuilder.layers.declare import Category, Layer, Module, Shaped, Target, TensorSpec, declare, unchanged

FLAT = 0.05
"""A curve that squeezes values between two limits is flat, and a unit there saturated, where its slope is at most this share of
its steepest: LeCun, Bottou, Orr & Müller: Efficient backprop, 1998, and Glorot & Bengio: Understanding the difficulty of training
deep feedforward neural networks, 2010, say why such units hardly learn; neither draws the line, this one is ours."""


class Elementwise(Layer, frozen=True):
    """A function of one number, applied to each element."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if inputs[0].dtype != "float32":
            floating(self, inputs[0])
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments())

    def steep(self) -> tuple[float, float] | None:
        """Outputs strictly between these two lie where the curve is not `FLAT`; `None` for a curve without flat parts at both ends."""
        return None


def activation(title: str, tip: str, formula: str, paper: str = "", *keywords: str, main: bool = False) -> Any:
    """Declare an element-wise activation."""
    more = {"formula": formula, "paper": paper, "keywords": ("non-linearity", *keywords), "main": main}
    return declare(title.lower(), title, Category.ACTIVATION, title.lower(), tip, **more)


def sigmoid(x: float) -> float:
    """1 / (1 + e⁻ˣ) without overflow."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def softplus(x: float) -> float:
    """ln(1 + eˣ) without overflow."""
    return max(x, 0.0) + log1p(exp(-abs(x)))
