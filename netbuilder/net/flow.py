"""What one layer does to its inputs: output shape, cost and reach, worked out once and remembered."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from netbuilder.layers.declare import Cost, Layer, LayerError, Reach, Shaped, TensorSpec, count, show

_BYTES = {"float64": 8, "int64": 8, "complex64": 8, "float32": 4, "int32": 4, "float16": 2, "bfloat16": 2, "int16": 2}


class Flow(NamedTuple):
    """The answer for one layer and its inputs. `memory` is the bytes of its outputs for one sample."""

    shaped: Shaped
    cost: Cost
    reach: Reach
    memory: int


@lru_cache(maxsize=16_384)
def flow(layer: Layer, inputs: tuple[TensorSpec, ...]) -> Flow | LayerError:
    """Ask the layer's rules. A refusal is returned, not raised, so that it is remembered, too."""
    try:
        if layer.about.name == "python":
            from netbuilder.net.custom import flow_of

            return flow_of(layer, inputs)  # type: ignore[arg-type]
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
