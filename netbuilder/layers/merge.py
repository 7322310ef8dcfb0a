"""Layers that bring several branches together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from msgspec import Meta

from netbuilder.layers.checks import axis_of
from netbuilder.layers.declare import (
    Category,
    Function,
    Layer,
    LayerError,
    Operator,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    say,
    show,
)
from netbuilder.layers.settings import Axis


class Broadcasting(Layer, frozen=True):
    """Combines inputs element by element, stretching axes of size 1 as torch does."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        first = inputs[0]
        if all(other == first for other in inputs):
            return Shaped((first,), partial(_same, self.about.formula, first.shape))
        result = first.shape
        for number, other in enumerate(inputs[1:], 2):
            merged = broadcast(result, other.shape)
            if merged is None:
                raise clash(self, inputs, number, result)
            result = merged
        dtype = "float32" if any(i.dtype == "float32" for i in inputs) else first.dtype
        shapes = [i.shape for i in inputs]
        warning = None
        if len(set(shapes)) > 1 and not self.meant(shapes, result):
            warning = f"{self.about.title} stretches its inputs {' and '.join(map(show, shapes))} to {show(result)}."
        return Shaped((TensorSpec(result, dtype),), partial(_stretched, shapes, result), warning)

    def meant(self, shapes: Sequence[Shape], result: Shape) -> bool:
        """Whether stretching inputs of these shapes is surely on purpose."""
        return False


def _same(formula: str, shape: Shape) -> str:
    return f"{formula}, element by element, so the shape stays {show(shape)}"


def _stretched(shapes: list[Shape], result: Shape) -> str:
    return f"axes of size 1 are repeated to fit\n{' , '.join(map(show, shapes))} → {show(result)}"


def broadcast(a: Shape, b: Shape) -> Shape | None:
    """The common shape under torch's rules, size 1 being stretched; nothing when there is none.

    Shapes of different length are refused: torch aligns them at the end, which would mix the batch with another axis.
    """
    if len(a) != len(b):
        return None
    merged: list[int | None] = []
    for m, n in zip(a, b, strict=True):
        if m != n and m != 1 and n != 1:
            return None
        merged.append(n if m == 1 else m)
    return tuple(merged)


def clash(layer: Layer, inputs: tuple[TensorSpec, ...], number: int, before: Shape) -> LayerError:
    title, other = layer.about.title, inputs[number - 1].shape
    if len(before) != len(other):
        short, long = sorted((before, other), key=len)
        stretched = show((*short, *[1] * (len(long) - len(short))))
        return LayerError(
            f"{title} needs inputs with equally many axes, but gets {show(before)} and {show(other)} (input {number}).",
            remedy=f"Put a Reshape to {stretched} before the shorter one.",
        )
    return LayerError(
        f"{title} needs inputs of equal shape, but gets {show(before)} and {show(other)} (input {number}).",
        remedy="Change the layers before it so that channels and sizes agree; a 1×1 convolution changes the channels, its stride the size.",
    )


@declare(
    "add",
    "Add",
    Category.MERGE,
    "add",
    "Adds its inputs element by element, as a residual connection does.",
    formula="y = x₁ + x₂ + …",
    paper="He, Zhang, Ren & Sun: Deep residual learning for image recognition, 2016",
    variadic=True,
    keywords=("sum", "residual", "skip", "plus"),
    main=True,
)
class Add(Broadcasting, frozen=True):
    """Sum of two or more inputs."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Operator("+")


@declare(
    "multiply",
    "Multiply",
    Category.MERGE,
    "multiply",
    "Multiplies its inputs element by element, as gates and attention do.",
    formula="y = x₁ · x₂ · …",
    paper="Hu, Shen & Sun: Squeeze-and-excitation networks, 2018",
    variadic=True,
    keywords=("product", "gate", "scale", "times"),
    main=True,
)
class Multiply(Broadcasting, frozen=True):
    """Product of two or more inputs."""

    def meant(self, shapes: Sequence[Shape], result: Shape) -> bool:
        """One factor for each channel is a gate, as in squeeze-and-excitation."""
        gate = (*result[:2], *[1] * len(result[2:]))
        return all(shape in (result, gate) for shape in shapes)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Operator("*")


@declare(
    "subtract",
    "Subtract",
    Category.MERGE,
    "subtract",
    "Takes the second input from the first, element by element.",
    formula="y = a − b",
    inputs=("a", "b"),
    keywords=("difference", "minus"),
)
class Subtract(Broadcasting, frozen=True):
    """Difference of its inputs `a` and `b`."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Operator("-")


@declare(
    "concat",
    "Concat",
    Category.MERGE,
    "concat",
    "Puts its inputs one behind the other, usually along the channels.",
    formula="y = [x₁, x₂, …]",
    paper="Szegedy et al.: Going deeper with convolutions, 2015; Huang et al.: Densely connected convolutional networks, 2017",
    variadic=True,
    keywords=("concatenate", "cat", "join", "stack", "inception", "dense"),
    main=True,
)
class Concat(Layer, frozen=True):
    """Joins two or more inputs along `dim`; all other axes must agree."""

    dim: Annotated[Axis, Meta(description="Axis to join along: 1 is the channels, -1 the last.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        first = inputs[0].shape
        axis = axis_of(self, "dim", self.dim, len(first))
        total = 0
        for number, (shape, _) in enumerate(inputs, 1):
            if len(shape) != len(first) or shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
                raise self._clash(inputs, number, axis)
            total += shape[axis] or 1
        dtype = "float32" if any(i.dtype == "float32" for i in inputs) else inputs[0].dtype
        result: Shape = (*first[:axis], total, *first[axis + 1 :])
        return Shaped((TensorSpec(result, dtype),), partial(_joined, [i.shape for i in inputs], axis, result))

    def _clash(self, inputs: tuple[TensorSpec, ...], number: int, axis: int) -> LayerError:
        one, other = inputs[0].shape, inputs[number - 1].shape
        fitting = [
            a
            for a in range(1, len(one))
            if len(one) == len(other) and all(m == n for i, (m, n) in enumerate(zip(one, other, strict=True)) if i != a)
        ]
        return LayerError(
            f"Concat along axis {axis} needs all other sizes equal, but gets {show(one)} and {show(other)} (input {number}).",
            remedy="Change the layers before it so that these agree, or join along another axis.",
            setting="dim" if fitting else None,
            changes=tuple((f"Join along axis {a}", {"dim": a}) for a in fitting[:2]),
        )

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.cat", self.arguments("dim"), packed=True)

    def summary(self) -> str:
        return "channels" if self.dim == 1 else f"axis {say(self.dim)}"


def _joined(shapes: list[Shape], axis: int, result: Shape) -> str:
    total = " + ".join(str(s[axis]) for s in shapes)
    return f"{total} = {result[axis]}\n{' , '.join(map(show, shapes))} → {show(result)}"
