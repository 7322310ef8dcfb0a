"""Edits that mend a network: put a layer in between, add an end, exchange a layer."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.edits import Edit, add_node, clear_setting, compound, connect, new_node, set_settings
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Node, Port, Value
from netbuilder.layers.declare import LayerError, find
from netbuilder.net.results import Fix

COLUMN = 204.0


def insert_before(target: Port, layer: str, settings: Mapping[str, Value] | None = None) -> Edit:
    """Put a new layer into the wire that feeds `target`."""

    def edit(graph: Graph) -> Graph:
        source = graph.links.get(target)
        if source is None or source.node not in graph.nodes:
            raise GraphError("There is no wire at this input any more.", place=target.node)
        (x1, y1), (x2, y2) = graph.nodes[source.node].position, graph.nodes[target.node].position
        node = new_node(graph, layer, settings, ((x1 + x2) / 2, (y1 + y2) / 2 + 104))
        return compound(add_node(node), connect(source, Port(node.id, "in")), connect(Port(node.id, "out"), target))(graph)

    return edit


def append_after(source: Port, layer: str, settings: Mapping[str, Value] | None = None) -> Edit:
    """Add a new layer to the right of another and feed it from `source`."""

    def edit(graph: Graph) -> Graph:
        x, y = _position(graph, source.node)
        node = new_node(graph, layer, settings, (x + COLUMN, y))
        return compound(add_node(node), connect(source, Port(node.id, "in")))(graph)

    return edit


def prepend(target: Port, layer: str, settings: Mapping[str, Value] | None = None) -> Edit:
    """Add a new layer to the left of another and let it feed `target`."""

    def edit(graph: Graph) -> Graph:
        x, y = _position(graph, target.node)
        node = new_node(graph, layer, settings, (x - COLUMN, y))
        return compound(add_node(node), connect(Port(node.id, "out"), target))(graph)

    return edit


def exchange(id_: str, layer: str, settings: Mapping[str, Value]) -> Edit:
    """Let a node be another layer; its name and wires stay."""

    def edit(graph: Graph) -> Graph:
        _position(graph, id_)
        node = replace(graph.nodes[id_], layer=layer, settings=dict(settings))
        return replace(graph, nodes={**graph.nodes, id_: node})

    return edit


def drop_wires(*targets: Port) -> Edit:
    """Remove wires where they are, even when what they join is gone."""
    return lambda graph: replace(graph, links={t: s for t, s in graph.links.items() if t not in targets})


def settings_fixes(node: Node, error: LayerError) -> tuple[Fix, ...]:
    """The settings that the layer itself proposes, and the removal of one that it does not know."""
    fixes = [Fix(label, set_settings(node.id, changes)) for label, changes in error.changes]
    kind = find(node.layer)
    if kind and error.setting and error.setting in node.settings and error.setting not in kind.__struct_encode_fields__:
        fixes.append(Fix(f"Remove the setting “{error.setting}”", clear_setting(node.id, error.setting)))
    return tuple(fixes)


def _position(graph: Graph, id_: str) -> tuple[float, float]:
    if id_ not in graph.nodes:
        raise GraphError("This layer is no longer in the network.", place=id_)
    return graph.nodes[id_].position
