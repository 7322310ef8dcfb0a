"""Layers that sum up whole axes, or run along one."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from netbuilder.layers.checks import arrow, axes_of, axis_of, floating, product
from netbuilder.layers.declare import Category, Function, Layer, Reach, Shape, Shaped, Target, TensorSpec, declare, unchanged
from netbuilder.layers.settings import Axis, Positive

Axes = Axis | Annotated[tuple[Axis, ...], Meta(min_length=1, max_length=7)]


class _Reduced(Layer, frozen=True):
    """One number from all along some axes."""

    function: ClassVar[str] = ""
    whole: ClassVar[bool] = False

    dim: Annotated[Axes, Meta(description="Axis to sum up, or several: 1 is the channels, -1 the last; 0 is the batch, which stays.")] = -1
    keepdim: Annotated[bool, Meta(description="Keep the axes with size 1 instead of dropping them.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        axes = axes_of(self, "dim", self.dim, len(given))
        if not self.whole:
            floating(self, inputs[0])
        ones: Shape = tuple(1 if axis in axes else size for axis, size in enumerate(given))
        shape = ones if self.keepdim else tuple(size for axis, size in enumerate(given) if axis not in axes)
        return Shaped((TensorSpec(shape, dtype),), partial(self._why, given, axes, shape), self._caution(given, axes))

    def _why(self, given: Shape, axes: tuple[int, ...], shape: Shape) -> str:
        return f"one number from {product([given[axis] for axis in axes])} values each\n{arrow(given, shape)}"

    def _caution(self, given: Shape, axes: tuple[int, ...]) -> str | None:
        return None

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        places = axes_of(self, "dim", self.dim, len(inputs[0].shape))
        return Reach(everything=True) if max(places) > 1 else Reach()

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function(f"torch.{self.function}", self.arguments("dim"))

    def summary(self) -> str:
        axes = (self.dim,) if isinstance(self.dim, int) else self.dim
        return f"{'axis' if len(axes) == 1 else 'axes'} {', '.join(map(str, axes))}"


def _reduction(title: str, glyph: str, tip: str, formula: str, *keywords: str) -> Any:
    return declare(title.lower(), title, Category.ARITHMETIC, glyph, tip, formula=formula, keywords=("reduce", "reduction", *keywords))


@_reduction("Mean", "sum", "Keeps the mean along one or more axes.", "y = Σ x / n", "average", "pool")
class Mean(_Reduced, frozen=True):
    """Arithmetic mean."""

    function = "mean"


@_reduction("Sum", "sum", "Adds up all values along one or more axes.", "y = Σ x", "add", "total")
class Sum(_Reduced, frozen=True):
    """Sum."""

    function = "sum"


@_reduction("Max", "maximum", "Keeps the largest value along one or more axes.", "y = max x", "amax", "maximum", "largest")
class Max(_Reduced, frozen=True):
    """Maximum."""

    function = "amax"
    whole = True


@_reduction("Min", "minimum", "Keeps the smallest value along one or more axes.", "y = min x", "amin", "minimum", "smallest")
class Min(_Reduced, frozen=True):
    """Minimum."""

    function = "amin"
    whole = True


class _Spread(_Reduced, frozen=True):
    correction: Annotated[
        Annotated[int, Meta(ge=0, le=1)],
        Meta(description="1 divides by n − 1 (the estimate from a sample), 0 by n (as normalisation does)."),
    ] = 1

    def _caution(self, given: Shape, axes: tuple[int, ...]) -> str | None:
        if prod(given[axis] or 1 for axis in axes) <= self.correction:
            return f"{self.about.title} of a single value is not defined when dividing by n − 1; set correction to 0."
        return None


@_reduction("Var", "variance", "Keeps the variance along one or more axes.", "y = Σ (x − mean)² / (n − 1)", "variance", "spread")
class Var(_Spread, frozen=True):
    """Variance."""

    function = "var"


@_reduction("Std", "variance", "Keeps the standard deviation along one or more axes.", "y = √Var x", "deviation", "spread")
class Std(_Spread, frozen=True):
    """Standard deviation."""

    function = "std"


@_reduction(
    "Norm", "abs", "Keeps the length of the vector along one or more axes.", "y = (Σ |x|ᵖ)^(1/p)", "length", "euclidean", "l1", "l2"
)
class Norm(_Reduced, frozen=True):
    """Vector p-norm."""

    function = "norm"

    p: Annotated[Positive, Meta(description="Which norm: 2 is the Euclidean length, 1 the sum of magnitudes.")] = 2.0

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.norm", self.arguments("dim", "p"))


class _Along(Layer, frozen=True):
    """Runs along one axis."""

    dim: Annotated[Axis, Meta(description="Axis to run along: 1 is the channels, -1 the last.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        axis_of(self, "dim", self.dim, len(inputs[0].shape))
        floating(self, inputs[0])
        return unchanged(inputs[0], f"a number in every place, from those beside it along axis {self.dim}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True) if axis_of(self, "dim", self.dim, len(inputs[0].shape)) > 1 else Reach()

    def summary(self) -> str:
        return f"axis {self.dim}"


@_reduction("CumSum", "sum", "Adds up all values so far along an axis.", "yᵢ = x₁ + … + xᵢ", "cumulative", "running", "integral")
class CumSum(_Along, frozen=True):
    """Cumulative sum."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.cumsum", self.arguments("dim"))


@_reduction(
    "L2Normalize", "normalisation", "Scales the vectors along an axis to length 1.", "y = x / max(‖x‖₂, ε)", "normalize", "unit", "cosine"
)
class L2Normalize(_Along, frozen=True):
    """Vectors of length 1."""

    eps: Annotated[Positive, Meta(description="Smallest length to divide by.")] = 1e-12

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.nn.functional.normalize", self.arguments("dim"))


class _Place(_Along, frozen=True):
    """The place of an extreme value: a whole number."""

    keepdim: Annotated[bool, Meta(description="Keep the axis with size 1 instead of dropping it.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        axis = axis_of(self, "dim", self.dim, len(given))
        shape: Shape = (*given[:axis], *([1] if self.keepdim else []), *given[axis + 1 :])
        why = partial("a place from 0 to {} along axis {}\n{}".format, (given[axis] or 1) - 1, axis, arrow(given, shape))
        return Shaped((TensorSpec(shape, "int64"),), why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function(f"torch.{self.about.name}", self.arguments("dim"))


@_reduction(
    "ArgMax", "maximum", "Gives the place of the largest value along an axis: the predicted class.", "y = argmax x", "class", "index"
)
class ArgMax(_Place, frozen=True):
    """Place of the maximum. No gradient passes."""


@_reduction("ArgMin", "minimum", "Gives the place of the smallest value along an axis.", "y = argmin x", "index")
class ArgMin(_Place, frozen=True):
    """Place of the minimum. No gradient passes."""
