"""Blocks in use: the graph that one use of a block stands for, with its parameters and inputs filled in."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.expressions import ExpressionError, substitute
from netbuilder.core.graph import MOST_REPEATS, Block, Graph, Node, Value
from netbuilder.layers.declare import LayerError, TensorSpec


def definition(graph: Graph, node: Node) -> Block:
    """The block that `node` uses; raises `LayerError` when there is none here."""
    block = graph.blocks.get(node.block)
    if block is None:
        raise LayerError(
            f"There is no block “{node.block}” that could be used here.",
            remedy="A block must be defined in the project, and it cannot contain itself.",
        )
    if not isinstance(node.repeat, int) or not 1 <= node.repeat <= MOST_REPEATS:
        raise LayerError(f"A block can be repeated 1 to {MOST_REPEATS:,} times, not {node.repeat}.", setting="repeat")
    return block


def input_nodes(graph: Graph) -> tuple[Node, ...]:
    """The input nodes, in the order in which the network takes its inputs."""
    return tuple(node for node in graph.nodes.values() if node.layer == "input")


def output_nodes(graph: Graph) -> tuple[Node, ...]:
    """The output nodes, in the order in which the network returns its outputs."""
    return tuple(node for node in graph.nodes.values() if node.layer == "output")


def instantiate(graph: Graph, node: Node, inputs: tuple[TensorSpec, ...]) -> Graph:
    """The block's graph as this node uses it: expressions such as `"$channels * 4"` evaluated, input nodes with the shapes that arrive.

    A block is not visible inside itself, so a block that contains itself ends in a message instead of a loop.
    Raises `LayerError` for an unknown block or parameter and for an expression that cannot be evaluated.
    """
    block = definition(graph, node)
    values = _arguments(block, node)
    specs = dict(zip((n.id for n in input_nodes(block.graph)), inputs, strict=False))
    nodes = {id_: _fill(block, inner, values, specs.get(id_)) for id_, inner in block.graph.nodes.items()}
    visible = {name: other for name, other in graph.blocks.items() if name != node.block}
    opened = replace(block.graph, nodes=nodes, blocks={**visible, **block.graph.blocks})
    for name in ("inputs_of", "outputs_of", "order"):
        opened.__dict__[name] = getattr(block.graph, name)
    return opened


def _arguments(block: Block, node: Node) -> dict[str, Value]:
    values = {parameter.name: parameter.default for parameter in block.parameters}
    unknown = node.settings.keys() - values.keys()
    if unknown:
        name = min(unknown)
        known = ", ".join(values) or "none"
        raise LayerError(f"The block “{block.name}” has no parameter “{name}”.", remedy=f"Its parameters are: {known}.", setting=name)
    return {**values, **node.settings}


def _fill(block: Block, node: Node, values: Mapping[str, Value], spec: TensorSpec | None) -> Node:
    """One node of the definition, its expressions evaluated."""
    settings: dict[str, Value] = {}
    for name, value in node.settings.items():
        try:
            settings[name] = substitute(value, values)
        except ExpressionError as error:
            where = f"Inside the block “{block.name}”, layer “{node.name}”, {name}: "
            message = f"{where}{error.message[0].lower()}{error.message[1:]}"
            raise LayerError(message, remedy=error.remedy, inside=(node.id,)) from None
    if spec is not None:
        settings |= {"shape": tuple(spec.shape[1:]), "dtype": spec.dtype}
    return replace(node, settings=settings) if settings != node.settings else node
