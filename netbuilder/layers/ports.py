"""Which ports a node shows: fixed by its layer, growing with its wires, or given by its block."""

from __future__ import annotations

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import Layer, LayerError, find
from netbuilder.layers.settings import read

_LEAST = 2


def input_ports(node: Node, graph: Graph) -> tuple[str, ...]:
    """Names of the input ports, top to bottom.

    A variadic layer has at least two and always one that is free; a layer unknown to this version has those that are wired.
    """
    wired = graph.inputs_of.get(node.id, {})
    if node.layer == "block":
        return _block_ports(node, graph, "input")
    kind = find(node.layer)
    if kind is None:
        return tuple(sorted(wired, key=_natural)) or ("in",)
    if not kind.about.variadic:
        return kind.about.inputs
    highest = max((number_of(name) for name in wired), default=0)
    names = [f"in{n}" for n in range(1, max(_LEAST, highest) + 1)]
    return tuple(names if any(name not in wired for name in names) else [*names, f"in{len(names) + 1}"])


def output_ports(node: Node, graph: Graph | None = None) -> tuple[str, ...]:
    """Names of the output ports, top to bottom. The graph is needed for blocks and unknown layers."""
    if node.layer == "block":
        return _block_ports(node, graph, "output") if graph else ("out",)
    kind = find(node.layer)
    if kind is not None:
        return kind.about.outputs if kind.output_names is Layer.output_names else _named(node, kind)
    wired = {link.source.name for link in graph.outputs_of.get(node.id, ())} if graph else set()
    return tuple(sorted(wired, key=_natural)) or ("out",)


def _named(node: Node, kind: type[Layer]) -> tuple[str, ...]:
    """The output ports that the settings ask for; those of the declaration while the settings cannot be read."""
    try:
        return read(kind, node.settings).output_names()
    except LayerError:
        return kind.about.outputs


def number_of(port: str) -> int:
    """The number at the end of a variadic port's name: 3 for `in3`, 0 when there is none."""
    digits = port.removeprefix("in")
    return int(digits) if digits.isdecimal() else 0


def _natural(port: str) -> tuple[str, int]:
    return port.rstrip("0123456789"), number_of(port)


def _block_ports(node: Node, graph: Graph, layer: str) -> tuple[str, ...]:
    """The names of the block's own input or output nodes, in reading order; the single one is `in` or `out`."""
    block = graph.blocks.get(node.block)
    if block is None:
        wired = (
            graph.inputs_of.get(node.id, {}) if layer == "input" else {link.source.name: None for link in graph.outputs_of.get(node.id, ())}
        )
        return tuple(sorted(wired, key=_natural)) or (("in",) if layer == "input" else ("out",))
    return tuple(inner.name for inner in block.graph.nodes.values() if inner.layer == layer)
