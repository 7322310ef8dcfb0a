"""Layers that take parts of a tensor, put parts into it, or change its type."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from msgspec import Meta

from netbuilder.layers.checks import along, arrow, axis_of
from netbuilder.layers.declare import (
    Category,
    Function,
    Item,
    Layer,
    LayerError,
    Method,
    Reach,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    show,
)
from netbuilder.layers.settings import Axis, Count

Place = Annotated[int, Meta(ge=-1_048_576, le=1_048_576)]


def _part(name: str, title: str, glyph: str, tip: str, formula: str, *keywords: str, **ports: Any) -> Any:
    return declare(name, title, Category.SHAPE, glyph, tip, formula=formula, keywords=("part", *keywords), **ports)


def resized(given: Shape, axis: int, size: int | None) -> Shape:
    """The shape with another size along `axis`, or without it."""
    return (*given[:axis], *([] if size is None else [size]), *given[axis + 1 :])


class _Range(Layer, frozen=True):
    dim: Annotated[Axis, Meta(description="Axis to cut: 1 is the channels, -1 the last.")] = 1
    start: Annotated[Place, Meta(description="First place; negative counts from the end.")] = 0
    stop: Annotated[Place | None, Meta(description="First place that is left out; empty goes to the end.")] = None
    step: Annotated[Count, Meta(description="Take every n-th place.")] = 1

    def taken(self, given: Shape) -> tuple[int, int]:
        """The axis and how many places of it are taken; refuses none."""
        axis = axis_of(self, "dim", self.dim, len(given))
        number = len(range(*slice(self.start, self.stop, self.step).indices(given[axis] or 1)))
        if not number:
            end = "" if self.stop is None else self.stop
            raise LayerError(
                f"{self.about.title} takes nothing: {self.start}:{end} is empty on an axis of {given[axis]}.",
                remedy="Start before the stop, and inside the axis.",
                setting="start",
                changes=(("Take everything", {"start": 0, "stop": None}),),
            )
        return axis, number

    def summary(self) -> str:
        end = "" if self.stop is None else self.stop
        return f"axis {self.dim} · {self.start}:{end}" + (f":{self.step}" if self.step > 1 else "")


@_part("slice", "Slice", "slice", "Takes a range of places along an axis.", "y = x[a:b]", "crop", "range", "narrow")
class Slice(_Range, frozen=True):
    """The places from `start` to before `stop`, every `step`-th one."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        axis, number = self.taken(given)
        shape = resized(given, axis, number)
        return Shaped((TensorSpec(shape, dtype),), partial("{} of {} places\n{}".format, number, given[axis], arrow(given, shape)))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        given = inputs[0].shape
        return along(self.taken(given)[0], len(given), stride=self.step)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        axis, _ = self.taken(inputs[0].shape)
        return Item((*[slice(None)] * axis, slice(self.start or None, self.stop, self.step)))


@_part(
    "sliceassign",
    "SliceAssign",
    "slice",
    "Puts the second input into a range of places of the first.",
    "x[a:b] = y",
    "insert",
    "scatter",
    "assign",
    inputs=("in", "source"),
)
class SliceAssign(_Range, frozen=True):
    """A copy of `in` whose places from `start` to before `stop` hold `source`."""

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, source = inputs
        axis, number = self.taken(given.shape)
        wanted = resized(given.shape, axis, number)
        if source != (wanted, given.dtype):
            raise LayerError(
                f"SliceAssign fills {show(wanted)} ({given.dtype}), but “source” is {show(source.shape)} ({source.dtype}).",
                remedy="Change the range, or the layers before “source”.",
                setting="stop",
            )
        return Shaped(
            (given,), partial("{} of {} places are replaced, the shape stays {}".format, number, given.shape[axis], show(given.shape))
        )

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Function("torch.slice_scatter", {"dim": self.dim, "start": self.start, "end": self.stop, "step": self.step})


def _inside(layer: Layer, given: Shape, dim: int, setting: str, places: tuple[int, ...]) -> int:
    """The axis, after checking that it has these places."""
    axis = axis_of(layer, "dim", dim, len(given))
    size = given[axis] or 1
    if any(not -size <= place < size for place in places):
        raise LayerError(
            f"{layer.about.title}: place {next(p for p in places if not -size <= p < size)} does not exist on an axis of {size}.",
            remedy=f"Places go from 0 to {size - 1}, or from -{size} counted from the end.",
            setting=setting,
        )
    return axis


@_part("select", "Select", "slice", "Takes one place along an axis, which disappears.", "y = x[i]", "index", "class token")
class Select(Layer, frozen=True):
    """The slice `index` of axis `dim`."""

    dim: Annotated[Axis, Meta(description="Axis to take from: 1 is the channels, -1 the last.")] = 1
    index: Annotated[Place, Meta(description="Which place; negative counts from the end.")] = 0

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        axis = _inside(self, given, self.dim, "index", (self.index,))
        shape = resized(given, axis, None)
        return Shaped((TensorSpec(shape, dtype),), partial("place {} of axis {}\n{}".format, self.index, axis, arrow(given, shape)))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.select", self.arguments("dim", "index"))

    def summary(self) -> str:
        return f"axis {self.dim} · {self.index}"


@_part("index", "Index", "slice", "Takes several places along an axis, in any order.", "y = x[i, j, …]", "gather", "select", "reorder")
class Index(Layer, frozen=True):
    """The places `indices` of axis `dim`, in their order; a place may come more than once."""

    dim: Annotated[Axis, Meta(description="Axis to take from: 1 is the channels, -1 the last.")] = 1
    indices: Annotated[
        Annotated[tuple[Place, ...], Meta(min_length=1, max_length=4096)], Meta(description="Which places; negative counts from the end.")
    ] = (0,)

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given, dtype = inputs[0]
        axis = _inside(self, given, self.dim, "indices", self.indices)
        shape = resized(given, axis, len(self.indices))
        number = len(self.indices)
        why = partial("{} place{} of axis {}\n{}".format, number, "s" if number > 1 else "", axis, arrow(given, shape))
        return Shaped((TensorSpec(shape, dtype),), why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        axis = _inside(self, inputs[0].shape, self.dim, "indices", self.indices)
        return Item((*[slice(None)] * axis, self.indices))

    def summary(self) -> str:
        return f"axis {self.dim} · {', '.join(map(str, self.indices))}"


_METHODS = {"float32": "float", "int64": "long", "int32": "int", "bool": "bool"}


@_part(
    "cast",
    "Cast",
    "cast",
    "Changes the type of the numbers: decimal, whole, or yes and no.",
    "y = type(x)",
    "dtype",
    "convert",
    "float",
    "long",
)
class Cast(Layer, frozen=True):
    """The same values as another type; whole numbers are cut off towards 0, and no gradient passes through them."""

    dtype: Annotated[Literal["float32", "int64", "int32", "bool"], Meta(description="Type of the result.")] = "float32"

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0].shape
        return Shaped((TensorSpec(given, self.dtype),), partial("only the type changes, so the shape stays {}".format, show(given)))

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Method(_METHODS[self.dtype])

    def summary(self) -> str:
        return self.dtype
