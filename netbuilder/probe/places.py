"""Every tensor of a compiled network that can be opened, and where it is: values at the ports of its nodes, weights, gradients, memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import TensorSpec
from netbuilder.layers.ports import output_ports
from netbuilder.net.analysis import analyze, analyze_inside

if TYPE_CHECKING:
    import torch

    from netbuilder.net.compiled import CompiledModule

Kind = Literal["sample", "target", "input", "output", "parameter", "buffer", "gradient", "memory"]
Uses = tuple[tuple[str, int], ...]
Sizes = tuple[int | None, ...]


class Place(Struct, frozen=True):
    """Where a tensor is. `uses` are the blocks that lead there, each the node's id and the number of the repeat; `node` is an id.

    `name` is a port for inputs and outputs, a name within the node's module for parameters, buffers and gradients,
    `PARAMETER:ENTRY` for the optimizer's memory, and for samples and targets that of one among several.
    """

    kind: Kind
    node: str = ""
    name: str = ""
    uses: Uses = ()


class Entry(Struct, frozen=True):
    """A tensor in the list: its place, what it is called there, the names that lead to it, its sizes (`None` = batch) and type.

    `path` names the blocks (with `#2` for the second repeat) and the node; `state` is the name in the state dict, where it has one.
    """

    place: Place
    title: str
    path: tuple[str, ...]
    shape: Sizes
    dtype: str
    state: str = ""


def entries(module: CompiledModule, memory: Mapping[Any, Mapping[str, Any]] | None = None) -> tuple[Entry, ...]:
    """All of them in the order of computation, blocks opened. `memory` is the state of an optimizer: parameter -> name -> tensor."""
    return tuple(_walk(module, (), (), "", memory or {}, first=True))


def _walk(module: CompiledModule, uses: Uses, path: tuple[str, ...], prefix: str, memory: Any, *, first: bool) -> Iterator[Entry]:
    from netbuilder.net.compiled import graph_of

    graph = graph_of(module)
    answers = (analyze_inside(graph) if uses else analyze(graph)).answers
    children = dict(module.named_children())
    for id_ in graph.order:
        node = graph.nodes[id_]
        here = (*path, node.name)
        yield from _values(graph, node, {key: answer.outputs for key, answer in answers.items()}, uses, here)
        child = children.get(node.name)
        if child is None:
            continue
        if node.layer != "block":
            if first:
                yield from _weights(child, Place("parameter", id_, uses=uses), here, f"{prefix}{node.name}.", memory)
            continue
        for number in range(node.repeat):
            part, name = inside_of(child, number)
            told = (*path, f"{node.name} #{number + 1}") if node.repeat > 1 else here
            yield from _walk(
                part, (*uses, (id_, number)), told, f"{prefix}{node.name}.{name}", memory, first=first and (number == 0 or bool(name))
            )


def inside_of(child: Any, number: int) -> tuple[CompiledModule, str]:
    """The network inside a repeat of a block, and what its names begin with there; linked repeats are one."""
    from netbuilder.net.compiled import Repeated

    if isinstance(child, Repeated):
        part: Any = child[number]
        return part, f"{number}."
    return child, ""


def _values(graph: Graph, node: Node, outputs: Mapping[str, tuple[TensorSpec, ...]], uses: Uses, path: tuple[str, ...]) -> Iterator[Entry]:
    fed, ports = graph.inputs_of.get(node.id, {}), output_ports(node, graph)
    for port, source in fed.items():
        given = graph.nodes[source.node]
        spec = dict(zip(output_ports(given, graph), outputs[source.node], strict=False)).get(source.name)
        if spec is not None:
            title = "input" if len(fed) == 1 else f"input {port}"
            yield Entry(Place("input", node.id, port, uses), f"{title}, from {given.name}", path, spec.shape, spec.dtype)
    for port, spec in zip(ports, outputs[node.id], strict=False):
        title = "output" if len(ports) == 1 else f"output {port}"
        yield Entry(Place("output", node.id, port, uses), title, path, spec.shape, spec.dtype)


def _weights(child: torch.nn.Module, where: Place, path: tuple[str, ...], prefix: str, memory: Any) -> Iterator[Entry]:
    def entry(kind: Kind, name: str, title: str, tensor: torch.Tensor, state: str = "") -> Entry:
        return Entry(replace(where, kind=kind, name=name), title, path, tuple(tensor.shape), type_of(tensor), state)

    for name, parameter in child.named_parameters(remove_duplicate=False):
        yield entry("parameter", name, name, parameter, prefix + name)
        if parameter.grad is not None:
            yield entry("gradient", name, f"gradient of {name}", parameter.grad)
        for key, value in memory.get(parameter, {}).items():
            if hasattr(value, "dim"):
                yield entry("memory", f"{name}:{key}", f"{key} of {name}", value)
    for name, buffer in child.named_buffers(remove_duplicate=False):
        yield entry("buffer", name, name, buffer, prefix + name)


def type_of(tensor: torch.Tensor) -> str:
    """A tensor's element type by its short name: `float32`."""
    return str(tensor.dtype).removeprefix("torch.")
