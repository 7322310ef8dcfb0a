"""Layers that make inputs of different shapes fit each other: projection, padding, cropping, interpolation, pooling, reshaping."""

from __future__ import annotations

from collections.abc import Iterator

from netbuilder.layers.declare import Layer, Shape, show
from netbuilder.net.remedies import Remedy, Specs, Step

Way = tuple[str, tuple[Step, ...]]


def joins(layer: Layer, inputs: Specs) -> list[Remedy]:
    """Ways to change all inputs to the shape of one of them, those with the fewest layers first."""
    return sorted(_joins(layer, inputs), key=lambda remedy: sum(len(steps) for _, steps in remedy.steps))


def _joins(layer: Layer, inputs: Specs) -> Iterator[Remedy]:
    free = free_axis(layer)
    for keep, model in enumerate(inputs):
        others = [place for place, spec in enumerate(inputs) if not fits(spec.shape, model.shape, free)]
        if not others or keep in others:
            continue
        ways = [list(_towards(inputs[place].shape, model.shape, free)) for place in others]
        for row in zip(*ways, strict=False) if len(ways) > 1 else ([way] for way in ways[0]):
            places = " and ".join(str(place + 1) for place in others)
            label = f"{row[0][0]} at input{'s' if len(others) > 1 else ''} {places}"
            yield Remedy(label, tuple((place, steps) for place, (_, steps) in zip(others, row, strict=True)))


def free_axis(layer: Layer) -> int | None:
    """The axis along which inputs may differ."""
    return getattr(layer, "dim", 1) if layer.about.name == "concat" else None


def fits(shape: Shape, model: Shape, free: int | None) -> bool:
    """Whether the sizes are equal but for the free axis."""
    if len(shape) != len(model):
        return False
    return all(a == b or axis == free for axis, (a, b) in enumerate(zip(shape, model, strict=True)))


def _towards(shape: Shape, model: Shape, free: int | None) -> Iterator[Way]:
    """Layers that turn one shape into another, the most usual first; the axis `free` may stay as it is."""
    if len(shape) != len(model):
        yield from _other_rank(shape, model)
        return
    channels = model[1] if free != 1 else shape[1]
    if len(shape) == 2:
        yield f"Project to {channels} with a Linear layer", (Step("linear", {"out_features": channels}),)
        return
    if len(shape) > 5:
        return
    rank = len(shape) - 2
    sizes, goal = shape[2:], model[2:]
    project = (Step(f"conv{rank}d", {"out_channels": channels, "kernel_size": 1}),) if channels != shape[1] else ()
    if sizes == goal:
        yield f"Project to {channels} channels with a 1×1 convolution", project
        return
    yield from _strided(shape, model, channels)
    words = show((None, *goal))
    after = f", project to {channels} channels" if project else ""
    smaller = all((a or 1) <= (b or 1) for a, b in zip(sizes, goal, strict=True))
    larger = all((a or 1) >= (b or 1) for a, b in zip(sizes, goal, strict=True))
    if smaller:
        yield f"Pad to {words}{after}", (_padding(sizes, goal), *project)
    if larger:
        yield f"Crop to {words}{after}", (_padding(sizes, goal), *project)
        yield f"Pool to {words}{after}", (Step(f"adaptiveavgpool{rank}d", {"output_size": _packed(goal)}), *project)
    yield f"Interpolate to {words}{after}", (Step("upsample", {"size": _packed(goal)}), *project)


def _strided(shape: Shape, model: Shape, channels: int | None) -> Iterator[Way]:
    """The projection of a residual network: a 1×1 convolution whose stride makes the image smaller."""
    strides = {-(-(a or 1) // (b or 1)) for a, b in zip(shape[2:], model[2:], strict=True)}
    if len(strides) == 1 and (stride := strides.pop()) > 1:
        step = Step(f"conv{len(shape) - 2}d", {"out_channels": channels, "kernel_size": 1, "stride": stride})
        yield f"Project to {channels} channels with a 1×1 convolution of stride {stride}", (step,)


def _other_rank(shape: Shape, model: Shape) -> Iterator[Way]:
    """Layers that change the number of axes: by pooling, flattening, or axes of size 1."""
    if len(model) == 2:
        linear = Step("linear", {"out_features": model[1]})
        if len(shape) >= 4:
            yield f"Pool and project to {model[1]}", (Step("globalavgpool", {}), linear)
        yield f"Flatten and project to {model[1]}", (Step("flatten", {}), linear)
    if len(shape) < len(model):
        sizes = (*shape[1:], *(1,) * (len(model) - len(shape)))
        reshape = Step("reshape", {"shape": sizes})
        yield f"Reshape to {show((None, *sizes))}", (reshape,)
        for label, steps in _towards((None, *sizes), model, None):
            yield f"Reshape, {label[0].lower()}{label[1:]}", (reshape, *steps)
    else:
        sizes = _joined(shape, len(model) - 1)
        reshape = Step("reshape", {"shape": sizes})
        yield f"Reshape to {show((None, *sizes))}", (reshape,)
        for label, steps in _towards((None, *sizes), model, None):
            yield f"Reshape, {label[0].lower()}{label[1:]}", (reshape, *steps)


def _joined(shape: Shape, axes: int) -> tuple[int, ...]:
    last = 1
    for size in shape[axes:]:
        last *= size or 1
    return (*(size or 1 for size in shape[1:axes]), last)


def _padding(sizes: Shape, goal: Shape) -> Step:
    """Zeros around the image, or with negative numbers what is cut off; torch names the last axis first."""
    sides: list[int] = []
    for size, wanted in reversed(list(zip(sizes, goal, strict=True))):
        more = (wanted or 1) - (size or 1)
        sides += [more // 2, more - more // 2]
    return Step(f"zeropad{len(sizes)}d", {"padding": tuple(sides)})


def _packed(goal: Shape) -> int | tuple[int | None, ...]:
    return (goal[0] or 1) if len(set(goal)) == 1 else tuple(goal)
