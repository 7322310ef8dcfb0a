"""What rules ask of their inputs, and the sentences in which they refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from netbuilder.layers.declare import Layer, LayerError, Reach, Shape, TensorSpec, show

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""Names of the spatial axes, by how many there are."""

_LAYOUT = {1: "channels × length", 2: "channels × height × width", 3: "channels × depth × height × width"}
_WHOLE = frozenset({"int64", "int32", "int16", "int8", "uint8", "bool"})


def image(layer: Layer, given: TensorSpec, rank: int) -> tuple[int, ...]:
    """The sizes along the `rank` spatial axes of a batch of channelled tensors of floats; refuses others."""
    shape, dtype = given
    if len(shape) != rank + 2:
        raise wrong_rank(layer, shape, rank)
    if dtype != "float32":
        floating(layer, given)
    return shape[2:]  # type: ignore[return-value]


def floating(layer: Layer, given: TensorSpec) -> None:
    """Refuse whole numbers, which nothing that learns can work with."""
    if given.dtype in _WHOLE:
        raise LayerError(
            f"{layer.about.title} works with decimal numbers, but its input holds whole numbers ({given.dtype}).",
            remedy="Put an Embedding before it, or set the input's dtype to float32.",
        )


def at_least(layer: Layer, given: TensorSpec, axes: int, layout: str) -> None:
    """Refuse tensors with fewer axes than `axes`, the batch not counted."""
    if len(given.shape) - 1 < axes:
        raise LayerError(f"{layer.about.title} needs {layout}, but its input is {show(given.shape)}.")


def wrong_rank(layer: Layer, shape: Shape, rank: int) -> LayerError:
    """The refusal of a tensor with the wrong number of axes, naming the sibling that would fit."""
    axes = len(shape) - 1
    title = layer.about.title
    message = f"{title} needs {_LAYOUT[rank]}, but its input is {show(shape)}."
    if axes == rank:
        remedy = f"Put a Reshape to {show((None, 1, *shape[1:]))} before it: one channel."
    elif axes == 1:
        remedy = "Place it before the Flatten, or put a Reshape before it."
    elif axes - 1 in AXES and title[-2:-1].isdigit():
        remedy = f"Use {title[:-2]}{axes - 1}d, or put a Reshape before it."
    else:
        remedy = "Put a Reshape before it."
    return LayerError(message, remedy=remedy)


def pack(sizes: Sequence[int]) -> int | tuple[int, ...]:
    """One number when all axes agree, else one for each: how a person would set it."""
    return sizes[0] if len(set(sizes)) == 1 else tuple(sizes)


def by_axis(line: Callable[[int], str], *facts: Sequence[object]) -> str:
    """`line(axis)` for each axis, named; a single line without a name when all axes have the same facts."""
    rank = len(facts[0])
    if all(len({str(value) for value in fact}) == 1 for fact in facts):
        return line(0)
    return "\n".join(f"{name}: {line(axis)}" for axis, name in enumerate(AXES[rank]))


def arrow(given: Shape, result: Shape) -> str:
    """`6×14×14 → 16×10×10`."""
    return f"{show(given)} → {show(result)}"


def product(sizes: Sequence[object]) -> str:
    """`5·5·6`."""
    return "·".join(str(size) for size in sizes)


def volume(sizes: Shape) -> int:
    """How many elements these sizes hold, the batch counted once."""
    return prod(size or 1 for size in sizes)


def divisors(number: int, most: int = 3, near: int = 1) -> tuple[int, ...]:
    """The divisors of `number` closest to `near`, closest first."""
    found = {d for small in range(1, int(number**0.5) + 1) if number % small == 0 for d in (small, number // small)}
    return tuple(sorted(found, key=lambda d: (abs(d - near), d))[:most])


def along(axis: int, rank: int, extent: int = 1, stride: float = 1) -> Reach:
    """The reach of a layer that looks along one axis only; the channels, axis 1, are no part of a view."""
    if axis < 2:
        return Reach()
    return Reach(tuple(extent if a == axis else 1 for a in range(2, rank)), tuple(stride if a == axis else 1 for a in range(2, rank)))


def axis_of(layer: Layer, setting: str, axis: int, rank: int) -> int:
    """An axis counted from the front, the batch being 0; refuses the batch and axes that are not there."""
    place = axis + rank if axis < 0 else axis
    if 1 <= place < rank:
        return place
    if rank < 2:
        raise LayerError(
            f"{layer.about.title}: {setting} is {axis}, but each sample is a single number without axes.",
            remedy="Put an Unsqueeze before it.",
        )
    why = "is the batch, which stays apart" if place == 0 else "does not exist"
    raise LayerError(
        f"{layer.about.title}: {setting} is {axis}, but axis {axis} {why}.",
        remedy=f"The axes of this input are 1 to {rank - 1}, or -1 for the last; 0 is the batch.",
        setting=setting,
        changes=((f"Set {setting} to {rank - 1}", {setting: rank - 1}),),
    )


def axes_of(layer: Layer, setting: str, axes: int | Sequence[int], rank: int) -> tuple[int, ...]:
    """Several axes counted from the front; refuses the batch, axes that are not there, and one that is named twice."""
    found = tuple(axis_of(layer, setting, axis, rank) for axis in ((axes,) if isinstance(axes, int) else axes))
    if len(set(found)) < len(found):
        raise LayerError(
            f"{layer.about.title}: {setting} names an axis twice.",
            remedy="Name every axis once.",
            setting=setting,
            changes=((f"Use {', '.join(map(str, dict.fromkeys(found)))}", {setting: tuple(dict.fromkeys(found))}),),
        )
    return found
