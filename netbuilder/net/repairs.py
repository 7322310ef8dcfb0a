"""Edits that fix a network: insert a layer, add an end, replace a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from netbuilder.core.edits import Edit, add_node, clear_setting, compound, connect, new_node, set_settings
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Graph, Node, Port, Value
from netbuilder.layers.declare import Layer, LayerError, TensorSpec, find
from netbuilder.layers.wording import told
from netbuilder.net.results import Fix

if TYPE_CHECKING:
    from netbuilder.net.remedies import Remedy, Step

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


def insert_chain(target: Port, steps: Sequence[Step]) -> Edit:
    """Put several new layers into the wire that feeds `target`, in this order."""
    return compound(*(insert_before(target, step.layer, step.settings) for step in steps))


def retype(target: Port, dtype: str) -> Edit:
    """Make numbers of another type arrive at `target`: set on the Input layer when that feeds it directly, otherwise cast."""

    def edit(graph: Graph) -> Graph:
        source = graph.links.get(target)
        feeder = graph.nodes.get(source.node) if source is not None else None
        if feeder is not None and feeder.layer == "input":
            return set_settings(feeder.id, {"dtype": dtype})(graph)
        return insert_before(target, "cast", {"dtype": dtype})(graph)

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
    """Replace a node's layer; its name and wires stay."""

    def edit(graph: Graph) -> Graph:
        _position(graph, id_)
        node = replace(graph.nodes[id_], layer=layer, settings=dict(settings))
        return replace(graph, nodes={**graph.nodes, id_: node})

    return edit


def drop_wires(*targets: Port) -> Edit:
    """Remove wires, even when the nodes at their ends no longer exist."""
    return lambda graph: replace(graph, links={t: s for t, s in graph.links.items() if t not in targets})


def searched_fixes(
    node: Node, layer: Layer, inputs: Sequence[TensorSpec], ports: Sequence[str], error: LayerError | None = None
) -> tuple[Fix, ...]:
    """Fixes found with the shape rules themselves; each has been tried."""
    from netbuilder.net.remedies import remedies

    if len(inputs) != len(ports):
        return ()
    found = remedies(layer, tuple(inputs), error.setting, bool(error.changes)) if error else remedies(layer, tuple(inputs))
    return tuple(Fix(remedy.label, _mending(node.id, remedy, ports)) for remedy in found)


def _mending(id_: str, remedy: Remedy, ports: Sequence[str]) -> Edit:
    edits = [insert_chain(Port(id_, ports[place]), steps) for place, steps in remedy.steps]
    if remedy.retype:
        edits.append(retype(Port(id_, ports[0]), remedy.retype))
    if remedy.layer:
        edits.append(exchange(id_, remedy.layer, remedy.settings or {}))
    elif remedy.settings is not None:
        edits.append(set_settings(id_, remedy.settings))
    return compound(*edits)


def settings_fixes(node: Node, error: LayerError) -> tuple[Fix, ...]:
    """Fixes with the settings that the layer itself proposes, and the removal of a setting that it does not know."""
    fixes = [Fix(label, set_settings(node.id, changes)) for label, changes in error.changes]
    kind = find(node.layer)
    name = error.setting
    if kind is None:
        fixes.append(Fix("Replace it by Identity", exchange(node.id, "identity", {})))
    elif name and name in node.settings and name not in kind.__struct_encode_fields__:
        fixes.append(Fix(f"Remove the setting “{name}”", clear_setting(node.id, name)))
    elif name and name in node.settings and name in kind.defaults() and not fixes:
        fixes.append(Fix(f"Return {name} to its default, {told(kind.defaults()[name])}", clear_setting(node.id, name)))
    return tuple(fixes)


def _position(graph: Graph, id_: str) -> tuple[float, float]:
    if id_ not in graph.nodes:
        raise GraphError("This layer is no longer in the network.", place=id_)
    return graph.nodes[id_].position
