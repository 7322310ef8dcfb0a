"""Non-linearities that work along an axis: softmax and gated units."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.checks import arrow, axis_of, floating
from netbuilder.layers.declare import Category, Layer, LayerError, Module, Shape, Shaped, Target, TensorSpec, declare, unchanged
from netbuilder.layers.settings import Axis

_BRIDLE = "Bridle: Probabilistic interpretation of feedforward classification network outputs, 1990"


class _Softmax(Layer, frozen=True):
    dim: Annotated[Axis, Meta(description="Axis along which the results add up to 1: 1 is the classes, -1 the last.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        floating(self, inputs[0])
        axis_of(self, "dim", self.dim, len(inputs[0].shape))
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module(f"torch.nn.{self.about.title}", self.arguments("dim"))

    def summary(self) -> str:
        return "" if self.dim == 1 else f"axis {self.dim}"


@declare(
    "softmax",
    "Softmax",
    Category.ACTIVATION,
    "softmax",
    "Turns scores into probabilities that add up to 1. The loss cross-entropy does this by itself.",
    formula="pᵢ = e^(zᵢ) / Σⱼ e^(zⱼ)",
    paper=_BRIDLE,
    keywords=("probabilities", "classes"),
)
class Softmax(_Softmax, frozen=True):
    """Normalised exponentials."""


@declare(
    "logsoftmax",
    "LogSoftmax",
    Category.ACTIVATION,
    "softmax",
    "The logarithm of softmax, computed without overflow.",
    formula="ln pᵢ = zᵢ − ln Σⱼ e^(zⱼ)",
    paper=_BRIDLE,
    keywords=("probabilities", "classes"),
)
class LogSoftmax(_Softmax, frozen=True):
    """Logarithms of normalised exponentials."""


@declare(
    "glu",
    "GLU",
    Category.ACTIVATION,
    "glu",
    "Halves the input and lets one half open and close the other.",
    formula="y = a · σ(b),  [a, b] = x",
    paper="Dauphin, Fan, Auli & Grangier: Language modeling with gated convolutional networks, 2017",
    keywords=("gate", "gated linear unit"),
)
class GLU(Layer, frozen=True):
    """Gated linear unit: halves the axis `dim`."""

    dim: Annotated[Axis, Meta(description="Axis to halve: 1 is the channels, -1 the last.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        floating(self, inputs[0])
        axis = axis_of(self, "dim", self.dim, len(given))
        size = given[axis] or 1
        if size % 2:
            even = [a for a in range(1, len(given)) if (given[a] or 1) % 2 == 0]
            raise LayerError(
                f"GLU halves axis {axis}, but its size {size} is odd.",
                remedy="Make the size even in the layer before it.",
                setting="dim",
                changes=tuple((f"Halve axis {a} of size {given[a]}", {"dim": a}) for a in even[:2]),
            )
        shape: Shape = (*given[:axis], size // 2, *given[axis + 1 :])
        return Shaped((TensorSpec(shape, inputs[0].dtype),), partial(_halved, size, given, shape))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.GLU", self.arguments())

    def summary(self) -> str:
        return "" if self.dim == -1 else f"axis {self.dim}"


def _halved(size: int, given: Shape, shape: Shape) -> str:
    return f"{size} / 2 = {size // 2}\n{arrow(given, shape)}"
