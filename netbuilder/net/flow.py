"""What one layer does to the tensors it gets: its shape, its cost and its view, worked out once and remembered."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import NamedTuple

from netbuilder.layers.declare import Cost, Layer, LayerError, Reach, Shaped, TensorSpec, count, show
from netbuilder.net.results import ReceptiveField

EVERYTHING = ReceptiveField(everything=True)
_BYTES = {"float64": 8, "int64": 8, "complex64": 8, "float32": 4, "int32": 4, "float16": 2, "bfloat16": 2, "int16": 2}


class Flow(NamedTuple):
    """The answer for one layer and its inputs. `memory` is the bytes of its outputs for one sample."""

    shaped: Shaped
    cost: Cost
    reach: Reach
    memory: int


@lru_cache(maxsize=16_384)
def flow(layer: Layer, inputs: tuple[TensorSpec, ...]) -> Flow | LayerError:
    """Ask the layer's rules; a refusal is an answer, too."""
    try:
        shaped = layer.shape(*inputs)
        outputs = shaped.outputs
        return Flow(shaped, layer.cost(inputs, outputs), layer.reach(inputs), size_in_bytes(outputs))
    except LayerError as error:
        return error.with_traceback(None)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        got = ", ".join(show(spec.shape) for spec in inputs) or "nothing"
        return LayerError(f"{layer.about.title} cannot work with what it gets: {got}.")


def size_in_bytes(specs: tuple[TensorSpec, ...]) -> int:
    """Bytes of these tensors for one sample."""
    return sum(count(spec.shape) * _BYTES.get(spec.dtype, 1) for spec in specs)


def own_view(spec: TensorSpec) -> ReceptiveField:
    """What an input's element sees of itself: one element, one step, along each spatial axis."""
    axes = max(len(spec.shape) - 2, 0)
    return ReceptiveField((1,) * axes, (1.0,) * axes)


def see(before: ReceptiveField, reach: Reach) -> ReceptiveField:
    """The view through one more layer: size grows by (extent − 1) steps, steps multiply by the stride."""
    if before.everything or reach.everything:
        return EVERYTHING
    if not reach.extent and not reach.stride:
        return before
    axes = max(len(reach.extent), len(reach.stride))
    extent = reach.extent or (1,) * axes
    stride = reach.stride or (1,) * axes
    size = before.size if len(before.size) == axes else (1,) * axes
    step = before.step if len(before.step) == axes else (1.0,) * axes
    return ReceptiveField(
        tuple(ceil(s + (e - 1) * p) for s, e, p in zip(size, extent, step, strict=True)),
        tuple(float(p * q) for p, q in zip(step, stride, strict=True)),
    )


def widest(views: list[ReceptiveField]) -> ReceptiveField:
    """What is seen where several paths meet: the largest view along each axis."""
    first = views[0]
    if all(view is first for view in views):
        return first
    if any(view.everything for view in views):
        return EVERYTHING
    views = [view for view in views if len(view.size) == max(len(v.size) for v in views)]
    return ReceptiveField(
        tuple(max(sizes) for sizes in zip(*(view.size for view in views), strict=True)),
        tuple(max(steps) for steps in zip(*(view.step for view in views), strict=True)),
    )
