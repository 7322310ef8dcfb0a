"""Arithmetic on two and more tensors: quotients, extremes, products of matrices, Einstein sums."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from netbuilder.layers.checks import axis_of
from netbuilder.layers.declare import (
    Category,
    Cost,
    Function,
    Layer,
    LayerError,
    Operator,
    Reach,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    count,
    declare,
    show,
)
from netbuilder.layers.merge import Broadcasting, broadcast
from netbuilder.layers.settings import Axis, Real

_PAIR = ("a", "b")


@declare(
    "divide",
    "Divide",
    Category.ARITHMETIC,
    "divide",
    "Divides the first input by the second, element by element.",
    formula="y = a / b",
    inputs=_PAIR,
    keywords=("quotient", "ratio"),
)
class Divide(Broadcasting, frozen=True):
    """Quotient of its inputs `a` and `b`."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        shaped = Broadcasting.shape(self, *inputs)
        return replace(shaped, outputs=(TensorSpec(shaped.outputs[0].shape, "float32"),))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Operator("/")


@declare(
    "minimum",
    "Minimum",
    Category.ARITHMETIC,
    "minimum",
    "Keeps the smaller of two values, element by element.",
    formula="y = min(a, b)",
    inputs=_PAIR,
    keywords=("smaller", "min"),
)
class Minimum(Broadcasting, frozen=True):
    """The smaller of its inputs `a` and `b`."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.minimum")


@declare(
    "maximum",
    "Maximum",
    Category.ARITHMETIC,
    "maximum",
    "Keeps the larger of two values, element by element.",
    formula="y = max(a, b)",
    paper="Goodfellow et al.: Maxout networks, 2013",
    inputs=_PAIR,
    keywords=("larger", "max", "maxout"),
)
class Maximum(Broadcasting, frozen=True):
    """The larger of its inputs `a` and `b`."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.maximum")


@declare(
    "addcmul",
    "AddCMul",
    Category.ARITHMETIC,
    "multiply",
    "Adds the product of two tensors to a third, element by element.",
    formula="y = x + c·a·b",
    inputs=("in", *_PAIR),
    keywords=("multiply", "add", "fused"),
)
class AddCMul(Broadcasting, frozen=True):
    """`in` plus `value` times the product of `a` and `b`."""

    value: Annotated[Real, Meta(description="What the product is multiplied with.")] = 1.0

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.addcmul", self.arguments())


@declare(
    "matmul",
    "MatMul",
    Category.ARITHMETIC,
    "matmul",
    "Multiplies two matrices of every sample, as attention does.",
    formula="y = a·b",
    inputs=_PAIR,
    keywords=("matrix", "product", "bmm", "attention"),
)
class MatMul(Layer, frozen=True):
    """Product of the matrices in the last two axes of `a` and `b`; axes before them are stretched as in Add."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        (a, _), (b, _) = inputs
        if min(len(a), len(b)) < 3 or len(a) != len(b):
            raise LayerError(
                f"MatMul needs two inputs with equally many axes and at least a matrix for each sample, but gets {show(a)} and {show(b)}.",
                remedy="Put a Reshape or an Unsqueeze before the shorter one.",
            )
        before = broadcast(a[:-2], b[:-2])
        if a[-1] != b[-2] or before is None:
            raise LayerError(
                f"MatMul cannot multiply {show(a)} by {show(b)}: "
                + (f"rows of {a[-1]} meet columns of {b[-2]}." if a[-1] != b[-2] else "the axes before the matrices differ."),
                remedy="Put a Transpose before one of them, or change the layers before it.",
            )
        if inputs[0].dtype != inputs[1].dtype:
            raise LayerError(f"MatMul needs inputs of one type, but gets {inputs[0].dtype} and {inputs[1].dtype}.", remedy="Use a Cast.")
        shape: Shape = (*before, a[-2], b[-1])
        return Shaped((TensorSpec(shape, inputs[0].dtype),), partial(_matrices, a, b, shape))

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        return Cost(0, count(outputs[0].shape) * (inputs[0].shape[-1] or 1))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Operator("@")


def _matrices(a: Shape, b: Shape, shape: Shape) -> str:
    return f"({a[-2]}×{a[-1]})·({b[-2]}×{b[-1]}) is {shape[-2]}×{shape[-1]}\n{show(a)} , {show(b)} → {show(shape)}"


@declare(
    "einsum",
    "Einsum",
    Category.ARITHMETIC,
    "matmul",
    "Multiplies and sums over named axes: letters that are missing in the result are summed over.",
    formula="y = Σ a·b over the missing letters",
    variadic=True,
    keywords=("einstein", "contraction", "product", "attention", "tensor"),
)
class Einsum(Layer, frozen=True):
    """Einstein sum. One letter for each axis of each input; the first letter of all is the batch."""

    equation: Annotated[str, Meta(max_length=200, description="Letters for the axes of each input, then those of the result.")] = (
        "bij,bjk->bik"
    )

    def sizes(self, inputs: tuple[TensorSpec, ...]) -> tuple[dict[str, int | None], str]:
        """Size of each letter, and the letters of the result; refuses an equation that does not fit."""
        left, arrow, result = self.equation.replace(" ", "").partition("->")
        terms = left.split(",")
        if not arrow or not all(term.isalpha() and term.isascii() and len(set(term)) == len(term) for term in (*terms, result)):
            self._refuse("is no equation such as “bij,bjk->bik”, each letter once in every part")
        if len(terms) != len(inputs):
            self._refuse(f"has {len(terms)} parts before the arrow, but {len(inputs)} inputs")
        if len({term[0] for term in (*terms, result)}) > 1:
            self._refuse("must begin every part with the same letter, which is the batch")
        found: dict[str, int | None] = {}
        for term, (shape, _) in zip(terms, inputs, strict=True):
            if len(term) != len(shape):
                self._refuse(f"has {len(term)} letters “{term}” for an input of {len(shape)} axes, the batch counted: {show(shape)}")
            for letter, size in zip(term, shape, strict=True):
                if found.setdefault(letter, size) != size:
                    self._refuse(f"uses “{letter}” for an axis of {found[letter]} and one of {size}")
        if missing := next((letter for letter in result if letter not in found), ""):
            self._refuse(f"has “{missing}” in the result, but in no input")
        if len({spec.dtype for spec in inputs}) > 1:
            self._refuse("joins inputs of different types")
        return found, result

    def _refuse(self, why: str) -> None:
        raise LayerError(f"Einsum: “{self.equation}” {why}.", remedy="Name every axis of every input with one letter.", setting="equation")

    def shape(self, *inputs: TensorSpec) -> Shaped:
        found, result = self.sizes(inputs)
        shape: Shape = tuple(found[letter] for letter in result)
        named = ", ".join(f"{letter} {size}" for letter, size in found.items() if size)
        why = partial("{}: {}\n→ {}".format, self.equation, named, show(shape))
        return Shaped((TensorSpec(shape, inputs[0].dtype),), why)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        found, _ = self.sizes(inputs)
        return Cost(0, prod(size or 1 for size in found.values()) * (len(inputs) - 1))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.sizes(inputs)
        return Function("torch.einsum", leading=(self.equation.replace(" ", ""),))

    def summary(self) -> str:
        return self.equation


@declare(
    "stack",
    "Stack",
    Category.MERGE,
    "stack",
    "Puts its inputs behind each other along a new axis.",
    formula="y = [x₁; x₂; …]",
    variadic=True,
    keywords=("join", "new axis"),
)
class Stack(Layer, frozen=True):
    """Joins two or more inputs of one shape along a new axis `dim`."""

    dim: Annotated[Axis, Meta(description="Where the new axis comes: 1 is in front of the channels, -1 the end.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        first = inputs[0]
        for number, other in enumerate(inputs[1:], 2):
            if other != first:
                raise LayerError(
                    f"Stack needs inputs of equal shape, but gets {show(first.shape)} and {show(other.shape)} (input {number}).",
                    remedy="Change the layers before it so that these agree, or use Concat.",
                )
        axis = axis_of(self, "dim", self.dim, len(first.shape) + 1)
        shape: Shape = (*first.shape[:axis], len(inputs), *first.shape[axis:])
        why = partial("{} times {} → {}".format, len(inputs), show(first.shape), show(shape))
        return Shaped((TensorSpec(shape, first.dtype),), why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.stack", self.arguments("dim"), packed=True)

    def summary(self) -> str:
        return f"axis {self.dim}"
