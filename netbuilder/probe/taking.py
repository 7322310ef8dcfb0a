"""Copies of tensors out of a network: one of its weights, or what a node gives for a batch, also inside blocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Port
from netbuilder.layers.declare import TensorSpec
from netbuilder.layers.ports import output_ports
from netbuilder.net.axes import Axes, numbered, value_axes, weight_axes
from netbuilder.net.passing import PLAIN
from netbuilder.probe.places import Place, inside_of, type_of

if TYPE_CHECKING:
    import torch

    from netbuilder.net.compiled import CompiledModule

Way = list[tuple[str, "CompiledModule", int]]
"""The blocks around a place: the node's id, the network inside, and which of its calls is meant."""
MOST_BYTES = 4 * 1024**3
"""Larger tensors are not copied to the host."""


class Taken(Struct, frozen=True):
    """A copy on the host with the names of its axes, the type and the device that it had, and a note where it is not just a copy."""

    values: NDArray[np.generic]
    axes: Axes
    dtype: str
    device: str
    note: str = ""


def take(
    module: CompiledModule, place: Place, batch: tuple[torch.Tensor, ...] = (), memory: Mapping[Any, Mapping[str, Any]] | None = None
) -> Taken:
    """The tensor at a place as it is now; values of nodes are those for `batch`, in evaluation mode, and leave the network as it was.

    Raises `NetbuilderError` when there is no such tensor (any more), or when it cannot be shown.
    """
    level, way = _level(module, place)
    if place.node not in level.node_names:
        raise _missing()
    if place.kind in ("input", "output"):
        return _value(module, level, place, batch, way)
    layer = dict(level.named_children()).get(level.node_names[place.node])
    if layer is None:
        raise _missing()
    name, _, key = place.name.partition(":")
    tensor = _weight(layer, place.kind, name, key, memory or {})
    if tensor is None:
        raise _missing()
    owner, _, short = name.rpartition(".")
    return copied(tensor, weight_axes(layer.get_submodule(owner), short, tensor.shape))


def _missing() -> NetbuilderError:
    return NetbuilderError("This tensor is not in the network any more.", remedy="Choose another one in the list.")


def _weight(layer: torch.nn.Module, kind: str, name: str, key: str, memory: Mapping[Any, Mapping[str, Any]]) -> torch.Tensor | None:
    found = dict(layer.named_buffers(remove_duplicate=False) if kind == "buffer" else layer.named_parameters(remove_duplicate=False))
    tensor = found.get(name)
    if tensor is None or kind in ("parameter", "buffer"):
        return tensor
    return tensor.grad if kind == "gradient" else memory.get(tensor, {}).get(key)


def _level(module: CompiledModule, place: Place) -> tuple[CompiledModule, Way]:
    """The network around a place, and the way there."""
    way: Way = []
    for id_, number in place.uses:
        child = dict(module.named_children()).get(module.node_names.get(id_, ""))
        if child is None:
            raise _missing()
        module, own = inside_of(child, number)
        way.append((id_, module, 0 if own else number))
    return module, way


def _value(module: CompiledModule, level: CompiledModule, place: Place, batch: tuple[torch.Tensor, ...], way: Way) -> Taken:
    from netbuilder.net.compiled import graph_of

    graph = graph_of(level)
    source = graph.inputs_of.get(place.node, {}).get(place.name) if place.kind == "input" else Port(place.node, place.name)
    if source is None:
        raise _missing()
    try:
        with PLAIN.mode(module):
            _, kept = level.run(_arriving(module, way, batch), [source.node])
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        raise NetbuilderError(f"The network cannot take this input: {str(error).partition(chr(10))[0]}") from error
    found, ports = kept.get(source.node), output_ports(graph.nodes[source.node], graph)
    if isinstance(found, tuple | list) and source.name in ports:
        found = found[ports.index(source.name)]
    if found is None or not hasattr(found, "dim"):
        raise NetbuilderError("This layer gives something other than a tensor here.")
    layers = graph.nodes[source.node].layer, graph.nodes[place.node].layer if place.kind == "input" else ""
    return copied(found, value_axes(TensorSpec(tuple(found.shape), type_of(found)), *layers))


def _arriving(module: CompiledModule, way: Way, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """What arrives at the innermost block, each being listened to while the network around it runs."""
    for id_, inner, number in way:
        calls: list[tuple[torch.Tensor, ...]] = []
        handle = inner.register_forward_pre_hook(lambda _module, arguments, calls=calls: calls.append(arguments))
        try:
            module.run(batch, [id_])
        finally:
            handle.remove()
        module, batch = inner, calls[number]
    return batch


def copied(tensor: torch.Tensor, axes: Axes) -> Taken:
    """A tensor of any kind as an array that NumPy knows; raises `NetbuilderError` for one that is too large or has no numbers."""
    if tensor.is_sparse or tensor.is_quantized or tensor.is_meta:
        raise NetbuilderError("This tensor has no plain numbers that could be shown.")
    if tensor.numel() * tensor.element_size() > MOST_BYTES:
        raise NetbuilderError(f"This tensor has {tensor.numel():,} entries, too many to copy.", remedy="Choose a smaller batch.")
    import torch

    plain, note = tensor.detach(), ""
    if plain.is_complex():
        plain, note = plain.abs(), "magnitudes of complex numbers"
    if plain.dtype in (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2):
        plain = plain.float()
    values: NDArray[Any] = plain.to("cpu", copy=True).contiguous().numpy()
    if values.dtype == np.bool_:
        values = values.view(np.uint8)
    named = axes if len(axes) == values.ndim else numbered(range(values.ndim))
    return Taken(values, named, type_of(tensor), str(tensor.device), note)
