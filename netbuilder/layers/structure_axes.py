"""Layers that move, split, join, repeat or turn around whole axes."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Any

from msgspec import Meta

from netbuilder.layers.checks import along, arrow, axes_of, axis_of, product
from netbuilder.layers.declare import (
    Category,
    Function,
    Layer,
    LayerError,
    Method,
    Module,
    Reach,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    show,
)
from netbuilder.layers.reduction import Axes
from netbuilder.layers.settings import Axis, Count, Length

Sizes = Annotated[tuple[Annotated[int, Meta(ge=-1, le=1_048_576)], ...], Meta(min_length=1, max_length=7)]
Shift = Annotated[int, Meta(ge=-1_048_576, le=1_048_576)]


def _axes(title: str, glyph: str, tip: str, formula: str, *keywords: str) -> Any:
    return declare(title.lower(), title, Category.SHAPE, glyph, tip, formula=formula, keywords=("shape", "axis", *keywords))


def _turned(given: TensorSpec, shape: Shape, words: str) -> Shaped:
    return Shaped((TensorSpec(shape, given.dtype),), partial("{}\n{}".format, words, arrow(given.shape, shape)))


@_axes("Unflatten", "reshape", "Splits one axis into several.", "C → a×b", "split", "view", "heads")
class Unflatten(Layer, frozen=True):
    """Splits the axis `dim` into axes of these sizes, whose product is its size."""

    dim: Annotated[Axis, Meta(description="Axis to split: 1 is the channels, -1 the last.")] = 1
    unflattened_size: Annotated[Sizes, Meta(description="Sizes of the new axes; one may be -1 and is worked out.")] = (-1, 1)

    def sizes(self, given: Shape) -> tuple[int, tuple[int, ...]]:
        """The axis and its new sizes; refuses sizes whose product is another number."""
        axis, wanted = axis_of(self, "dim", self.dim, len(given)), self.unflattened_size
        size, known = given[axis] or 1, prod(s for s in wanted if s != -1)
        if 0 in wanted or wanted.count(-1) > 1 or (size % known if -1 in wanted else size != known):
            raise LayerError(
                f"An axis of {size} cannot be split into {product(wanted).replace('-1', '?')}.",
                remedy="The product of the new sizes must be the size of the axis; at most one of them may be -1.",
                setting="unflattened_size",
                changes=((f"Use {size}, 1", {"unflattened_size": (size, 1)}),),
            )
        return axis, tuple(size // known if s == -1 else s for s in wanted)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        axis, sizes = self.sizes(given)
        return _turned(inputs[0], (*given[:axis], *sizes, *given[axis + 1 :]), f"{given[axis]} = {product(sizes)}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        axis, sizes = self.sizes(inputs[0].shape)
        return Module("torch.nn.Unflatten", {"dim": axis, "unflattened_size": sizes})


@_axes("Transpose", "transpose", "Swaps two axes.", "y[j, i] = x[i, j]", "swap", "permute", "matrix")
class Transpose(Layer, frozen=True):
    """Swaps the axes `dim0` and `dim1`."""

    dim0: Annotated[Axis, Meta(description="One axis: 1 is the channels, -1 the last.")] = 1
    dim1: Annotated[Axis, Meta(description="The other axis.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        sizes = list(inputs[0].shape)
        one, other = axis_of(self, "dim0", self.dim0, len(sizes)), axis_of(self, "dim1", self.dim1, len(sizes))
        sizes[one], sizes[other] = sizes[other], sizes[one]
        return _turned(inputs[0], tuple(sizes), f"axes {one} and {other} change places")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.transpose", self.arguments("dim0", "dim1"))

    def summary(self) -> str:
        return f"{self.dim0} ↔ {self.dim1}"


@_axes("Squeeze", "reshape", "Drops axes of size 1.", "C×1×1 → C", "drop", "remove")
class Squeeze(Layer, frozen=True):
    """Drops the axes `dim`, which must have size 1."""

    dim: Annotated[Axes, Meta(description="Axis to drop, or several; -1 is the last.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        axes = axes_of(self, "dim", self.dim, len(given))
        if large := [axis for axis in axes if given[axis] != 1]:
            ones = tuple(axis for axis, size in enumerate(given) if size == 1)
            raise LayerError(
                f"Squeeze can drop only axes of size 1, but axis {large[0]} of {show(given)} has size {given[large[0]]}.",
                remedy="Name axes of size 1, or use Flatten.",
                setting="dim",
                changes=((f"Drop {', '.join(map(str, ones))}", {"dim": ones}),) if ones else (),
            )
        return _turned(inputs[0], tuple(size for axis, size in enumerate(given) if axis not in axes), "axes of size 1 are dropped")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Function("torch.squeeze", self.arguments("dim"))


@_axes("Unsqueeze", "reshape", "Puts in an axis of size 1.", "C → C×1", "insert", "new axis")
class Unsqueeze(Layer, frozen=True):
    """Puts in an axis of size 1 at `dim`."""

    dim: Annotated[Axis, Meta(description="Where the new axis comes: 1 is in front of the channels, -1 the end.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        axis = axis_of(self, "dim", self.dim, len(given) + 1)
        return _turned(inputs[0], (*given[:axis], 1, *given[axis:]), f"a new axis {axis} of size 1")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.unsqueeze", self.arguments("dim"))


@_axes("Expand", "repeat", "Stretches axes of size 1 by repeating them, without using memory.", "C×1×1 → C×H×W", "broadcast", "stretch")
class Expand(Layer, frozen=True):
    """Stretches axes of size 1 to these sizes of one sample; -1 leaves an axis as it is."""

    sizes: Annotated[Sizes, Meta(description="Sizes of one sample to reach; -1 keeps the size.")] = (-1,)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        fits = len(self.sizes) == len(given) - 1 and 0 not in self.sizes
        if not fits or any(want not in (-1, size) and size != 1 for want, size in zip(self.sizes, given[1:], strict=True)):
            raise LayerError(
                f"Expand cannot stretch {show(given)} to {show((None, *self.sizes)).replace('-1', '?')}.",
                remedy="Name one size for each axis; only axes of size 1 can be stretched, -1 leaves an axis.",
                setting="sizes",
                changes=(("Leave the shape", {"sizes": (-1,) * (len(given) - 1)}),) if len(given) > 1 else (),
            )
        shape: Shape = (given[0], *(size if want == -1 else want for want, size in zip(self.sizes, given[1:], strict=True)))
        return _turned(inputs[0], shape, "axes of size 1 are repeated")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Method("expand", (-1, *self.sizes))


@_axes("Repeat", "repeat", "Lays copies of the whole tensor side by side.", "x, x, x", "tile", "copy")
class Repeat(Layer, frozen=True):
    """Lays `repeats` copies side by side along each axis of one sample."""

    repeats: Annotated[
        Annotated[tuple[Length, ...], Meta(min_length=1, max_length=7)], Meta(description="Copies along each axis of one sample.")
    ] = (2,)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, times = inputs[0].shape, self.repeats
        if len(times) != len(given) - 1:
            once = (*times, *(1,) * len(given))[: len(given) - 1]
            raise LayerError(
                f"Repeat has {len(times)} counts, but its input {show(given)} has {len(given) - 1} axes.",
                remedy="Name one count for each axis; 1 leaves an axis as it is.",
                setting="repeats",
                changes=((f"Use {', '.join(map(str, once))}", {"repeats": once}),) if once else (),
            )
        shape: Shape = (given[0], *(n * (size or 1) for n, size in zip(times, given[1:], strict=True)))
        return _turned(inputs[0], shape, f"copies along each axis: {', '.join(map(str, times))}")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Method("repeat", (1, *self.repeats))

    def summary(self) -> str:
        return f"× {', '.join(map(str, self.repeats))}"


def _one_axis(layer: Layer, given: TensorSpec, dim: int, times: int) -> Shaped:
    axis = axis_of(layer, "dim", dim, len(given.shape))
    size = given.shape[axis] or 1
    return _turned(given, (*given.shape[:axis], size * times, *given.shape[axis + 1 :]), f"{size}·{times} = {size * times}")


@_axes("RepeatInterleave", "repeat", "Repeats every value along an axis.", "x₁, x₁, x₂, x₂", "repeat interleave", "upsample", "nearest")
class RepeatInterleave(Layer, frozen=True):
    """Repeats each slice along `dim`."""

    repeats: Annotated[Length, Meta(description="How often each value comes.")] = 2
    dim: Annotated[Axis, Meta(description="Axis along which values are repeated: 1 is the channels, -1 the last.")] = 1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        return _one_axis(self, inputs[0], self.dim, self.repeats)

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        rank = len(inputs[0].shape)
        return along(axis_of(self, "dim", self.dim, rank), rank, stride=1 / self.repeats)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.repeat_interleave", self.arguments("repeats", "dim"))

    def summary(self) -> str:
        return f"× {self.repeats} · axis {self.dim}"


@_axes(
    "Roll", "roll", "Shifts values along axes; what leaves at one end comes in at the other.", "y[i] = x[(i − s) mod n]", "shift", "swin"
)
class Roll(Layer, frozen=True):
    """Cyclic shift, as windows need it that move between layers."""

    shifts: Annotated[
        Shift | Annotated[tuple[Shift, ...], Meta(min_length=1, max_length=7)], Meta(description="How far, for each axis named below.")
    ] = 1
    dims: Annotated[Axes, Meta(description="Axis to shift along, or several; -1 is the last.")] = -1

    def shape(self, *inputs: TensorSpec) -> Shaped:
        axes = axes_of(self, "dims", self.dims, len(inputs[0].shape))
        shifts = (self.shifts,) if isinstance(self.shifts, int) else self.shifts
        if len(shifts) != len(axes):
            raise LayerError(
                f"Roll has {len(shifts)} shifts for {len(axes)} axes.",
                remedy="Name one shift for each axis.",
                setting="shifts",
                changes=(("Shift each axis by 1", {"shifts": (1,) * len(axes)}),),
            )
        return _turned(inputs[0], inputs[0].shape, "values only move")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.roll", self.arguments("shifts", "dims"))


@_axes("Flip", "flip", "Turns axes around: the last value comes first.", "y[i] = x[n − 1 − i]", "reverse", "mirror")
class Flip(Layer, frozen=True):
    """Reversed order along axes."""

    dims: Annotated[
        Annotated[tuple[Axis, ...], Meta(min_length=1, max_length=7)], Meta(description="Axes to turn around; -1 is the last.")
    ] = (-1,)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        axes_of(self, "dims", self.dims, len(inputs[0].shape))
        return _turned(inputs[0], inputs[0].shape, "values only move")

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.flip", self.arguments("dims"))


@_axes("ChannelShuffle", "permute", "Mixes the channels of different groups.", "C = g·n → n·g", "shufflenet", "groups", "permute")
class ChannelShuffle(Layer, frozen=True):
    """Deals the channels of each group out among all groups (Zhang, Zhou, Lin & Sun: ShuffleNet, 2018)."""

    groups: Annotated[Count, Meta(description="How many groups the channels form.")] = 2

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        if len(given) < 3:
            raise LayerError(f"ChannelShuffle needs channels and at least one more axis, but its input is {show(given)}.")
        if (given[1] or 1) % self.groups:
            raise LayerError(
                f"{self.groups} groups cannot share {given[1]} channels evenly.",
                remedy="The number of groups must divide the channels.",
                setting="groups",
                changes=(("Use 1 group", {"groups": 1}),),
            )
        return _turned(
            inputs[0], given, f"{given[1]} channels as {self.groups} groups of {(given[1] or 1) // self.groups}, then turned around"
        )

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Module("torch.nn.ChannelShuffle", self.arguments("groups"))

    def summary(self) -> str:
        return f"{self.groups} groups"
