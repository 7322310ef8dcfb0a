"""Edits that keep data flowing: a layer put into a wire, and layers taken out of a path."""

from __future__ import annotations

from collections.abc import Iterable

from netbuilder.core.edits import Edit, add_node, connect, remove_nodes
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Node, Port


def insert_on_link(node: Node | str, target: Port, *, enters: str = "in", leaves: str = "out") -> Edit:
    """Put a layer into the wire that feeds `target`: a new node, or the id of one that is already there."""

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
    """Take nodes away and join what is left: whatever a node with a single wire in fed is fed by its source instead."""
    gone = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        joined = {}
        for target, source in graph.links.items():
            if source.node in gone and target.node not in gone:
                before = _source_outside(graph, source, gone)
                if before is not None:
                    joined[target] = before
        smaller = remove_nodes(gone)(graph)
        links = {target: joined.get(target, source) for target, source in graph.links.items()}
        return smaller.evolve(links={t: s for t, s in links.items() if t.node not in gone and s.node not in gone})

    return edit


def _source_outside(graph: Graph, source: Port, gone: frozenset[str]) -> Port | None:
    """Upstream through nodes that go, as long as each has exactly one wire in."""
    seen = set()
    while source.node in gone:
        feeds = tuple(graph.inputs_of.get(source.node, {}).values())
        if len(feeds) != 1 or source.node in seen:
            return None
        seen.add(source.node)
        source = feeds[0]
    return source
