"""Looking into blocks: the graph that one use of a block computes, and the ports that a new block would leave open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netbuilder.core.block_definitions import graph_at
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Port
from netbuilder.layers.declare import LayerError, find
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.net.analysis import analyze
from netbuilder.net.blocks import instantiate
from netbuilder.net.results import Analysis


def inside(graph: Graph, uses: Sequence[str], analysis: Analysis | None = None) -> Graph:
    """The graph inside a block, opened through `uses`: ids of block nodes from the outermost in.

    Expressions are worked out and inputs have the shapes that arrive there (in the first repeat), so that its analysis
    is that of this use; ids are those of the definition. `analysis` is that of `graph`, if there is one already.
    Where the use is wrong the definition is shown as it is. Raises `GraphError` when there is no such use.
    """
    for id_ in uses:
        node = graph.nodes.get(id_)
        if node is None:
            raise GraphError("This block is no longer in the network.", place=id_)
        shown = graph_at(graph, [node.block])
        known = analysis.answers if analysis is not None and analysis.graph is graph else analyze(graph).answers
        try:
            graph = instantiate(graph, node, known[id_].inputs)
        except LayerError:
            graph = shown
    return graph


def open_ports(graph: Graph, ids: Iterable[str]) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Input ports of these nodes without a wire, and output ports that feed nothing: a block made of them can offer these ports."""
    inputs: list[Port] = []
    outputs: list[Port] = []
    for node in (graph.nodes[id_] for id_ in dict.fromkeys(ids)):
        wired = graph.inputs_of.get(node.id, {})
        kind = find(node.layer)
        enough = kind is not None and kind.about.variadic and len(wired) >= 2
        spare = kind.about.optional if kind is not None else ()
        inputs += [Port(node.id, name) for name in input_ports(node, graph) if name not in (*wired, *spare) and not enough]
        used = {link.source.name for link in graph.outputs_of.get(node.id, ())}
        outputs += [Port(node.id, name) for name in output_ports(node, graph) if name not in used]
    return tuple(inputs), tuple(outputs)
