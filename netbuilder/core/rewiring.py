"""Edits that keep data flowing: a layer put into a wire, and layers taken out of a path."""

from __future__ import annotations

from collections.abc import Iterable

from netbuilder.core.edits import Edit, add_node, connect, remove_nodes
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Node, Port


def insert_on_link(node: Node | str, target: Port, *, enters: str = "in", leaves: str = "out") -> Edit:
    """Put a layer into the wire that feeds `target`: a new node, or an existing one given by its id."""

    def edit(graph: Graph) -> Graph:
        source = graph.links.get(target)
        if source is None:
            raise GraphError("There is no wire at this input.", place=target.node, remedy="Drop the layer on a wire.")
        id_ = node if isinstance(node, str) else node.id
        if not isinstance(node, str):
            graph = add_node(node)(graph)
        graph = graph.evolve(links={t: s for t, s in graph.links.items() if t != target})
        return connect(Port(id_, leaves), target)(connect(source, Port(id_, enters))(graph))

    return edit


def remove_and_heal(ids: Iterable[str]) -> Edit:
    """Remove nodes and close the gaps: what a removed node with a single input has fed is fed by its source instead."""
    gone = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        return remove_nodes(gone)(graph).evolve(links=_healed(graph, gone))

    return edit


def take_out(ids: Iterable[str]) -> Edit:
    """Detach nodes from all others and close the gaps as if they were removed; wires among the detached nodes stay."""
    out = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        among = {t: s for t, s in graph.links.items() if t.node in out and s.node in out}
        return graph.evolve(links={**_healed(graph, out), **among})

    return edit


def _healed(graph: Graph, gone: frozenset[str]) -> dict[Port, Port]:
    """The wires among the other nodes, and those that replace paths through the nodes that go."""
    sources = {t: _source_outside(graph, s, gone) for t, s in graph.links.items() if t.node not in gone}
    return {target: source for target, source in sources.items() if source is not None}


def _source_outside(graph: Graph, source: Port, gone: frozenset[str]) -> Port | None:
    """The first port upstream that stays, as long as every node on the way has exactly one input."""
    seen = set()
    while source.node in gone:
        feeds = tuple(graph.inputs_of.get(source.node, {}).values())
        if len(feeds) != 1 or source.node in seen:
            return None
        seen.add(source.node)
        source = feeds[0]
    return source
