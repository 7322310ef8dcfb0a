"""Non-linearities that work along an axis: softmax and gated units."""

from __future__ import annotations

from functools import partial
from math import exp, log1p
from typing import Annotated, ClassVar

from msgspec import Meta

from netbuilder.layers.checks import along, arrow, axis_of, divisors, floating, image
from netbuilder.layers.declare import Category, Layer, LayerError, Module, Reach, Shape, Shaped, Target, TensorSpec, declare
from netbuilder.layers.settings import Axis, Count

_BRIDLE = "Bridle: Probabilistic interpretation of feedforward classification network outputs, 1990"


_OF_TWO = "The share of a score x beside another one that is 0."


def _share(x: float) -> float:
    """e^x / (e^x + 1) without overflow."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def _weighed(given: TensorSpec, axis: int) -> Shaped:
    why = partial("every number is weighed against those beside it along axis {}, so the shape stays\n{}".format, axis)
    return Shaped((given,), partial(why, arrow(given.shape, given.shape)))


class _Softmax(Layer, frozen=True):
    drawn = _OF_TWO
    dim: Annotated[Axis, Meta(description="Axis along which the results add up to 1: 1 is the classes, -1 the last.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        floating(self, inputs[0])
        return _weighed(inputs[0], axis_of(self, "dim", self.dim, len(inputs[0].shape)))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True) if axis_of(self, "dim", self.dim, len(inputs[0].shape)) > 1 else Reach()

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

    def sketch(self, x: float) -> float:
        return _share(x)


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

    drawn = "The logarithm of the share of a score x beside another one that is 0."

    def sketch(self, x: float) -> float:
        return min(x, 0.0) - log1p(exp(-abs(x)))


@declare(
    "softmin",
    "Softmin",
    Category.ACTIVATION,
    "softmax",
    "Softmax of the negated scores: the smallest gets the largest share.",
    formula="pᵢ = e^(−zᵢ) / Σⱼ e^(−zⱼ)",
    keywords=("probabilities", "distance"),
)
class Softmin(_Softmax, frozen=True):
    """Normalised exponentials of the negated input."""

    def sketch(self, x: float) -> float:
        return _share(-x)


@declare(
    "softmax2d",
    "Softmax2d",
    Category.ACTIVATION,
    "softmax",
    "Turns the channels at each place of an image into probabilities.",
    formula="pᵢ = e^(zᵢ) / Σⱼ e^(zⱼ) over the channels",
    paper=_BRIDLE,
    keywords=("probabilities", "segmentation", "pixels"),
)
class Softmax2d(Layer, frozen=True):
    """Softmax over the channels of (channels, height, width)."""

    rank: ClassVar[int] = 2
    drawn = _OF_TWO

    def sketch(self, x: float) -> float:
        return _share(x)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        image(self, inputs[0], 2)
        return _weighed(inputs[0], 1)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.Softmax2d")


@declare(
    "maxout",
    "Maxout",
    Category.ACTIVATION,
    "maxout",
    "Keeps the largest of every k channels, so that the layer before it learns the shape of the non-linearity.",
    formula="y = max(x₁, …, x_k)",
    paper="Goodfellow, Warde-Farley, Mirza, Courville & Bengio: Maxout networks, 2013",
    keywords=("non-linearity", "pieces", "max"),
)
class Maxout(Layer, frozen=True):
    """The maximum over each run of `pieces` neighbours along `dim`."""

    drawn = "The largest of k straight lines, here tangents of x²/4: with enough pieces any convex curve can be learned."
    pieces: Annotated[Count, Meta(description="How many values compete for each output.")] = 2
    dim: Annotated[Axis, Meta(description="Axis along which they lie: 1 is the channels, -1 the last.")] = 1

    def sketch(self, x: float) -> float:
        slopes = [2 * place / (self.pieces - 1) - 1 for place in range(self.pieces)] if self.pieces > 1 else [0.0]
        return max(slope * x - slope**2 for slope in slopes)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, pieces = inputs[0].shape, self.pieces
        floating(self, inputs[0])
        axis = axis_of(self, "dim", self.dim, len(given))
        size = given[axis] or 1
        if size % pieces:
            raise LayerError(
                f"Maxout takes the largest of every {pieces}, but axis {axis} has size {size}.",
                remedy="Make the size a multiple of the pieces in the layer before it.",
                setting="pieces",
                changes=tuple((f"Use {n} pieces", {"pieces": n}) for n in divisors(size, 2, pieces)),
            )
        shape: Shape = (*given[:axis], size // pieces, *given[axis + 1 :])
        why = partial("{} / {} = {}\n{}".format, size, pieces, size // pieces, arrow(given, shape))
        return Shaped((TensorSpec(shape, inputs[0].dtype),), why)

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        rank = len(inputs[0].shape)
        return along(axis_of(self, "dim", self.dim, rank), rank, self.pieces, self.pieces)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("netbuilder.net.modules.maxout.Maxout", self.arguments("pieces"))

    def summary(self) -> str:
        return f"{self.pieces} pieces"


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

    drawn = "Both halves are x: x · σ(x)."
    dim: Annotated[Axis, Meta(description="Axis to halve: 1 is the channels, -1 the last.")] = -1

    def sketch(self, x: float) -> float:
        return x * _share(x)

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

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        given = inputs[0].shape
        axis = axis_of(self, "dim", self.dim, len(given))
        return along(axis, len(given), (given[axis] or 1) // 2 + 1)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.GLU", self.arguments())

    def summary(self) -> str:
        return "" if self.dim == -1 else f"axis {self.dim}"


def _halved(size: int, given: Shape, shape: Shape) -> str:
    return f"{size} / 2 = {size // 2}\n{arrow(given, shape)}"
