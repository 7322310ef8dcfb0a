"""Edits: functions from a graph to a new graph. They check before they change and raise `GraphError`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from math import isfinite

from msgspec.structs import replace

from netbuilder.core.errors import GraphError
from netbuilder.core.graph import MOST_NODES, Frame, Graph, Link, Node, Port, Value, fresh_id, fresh_name
from netbuilder.core.names import check_name
from netbuilder.core.plain_values import freeze

Edit = Callable[[Graph], Graph]
_NUMBERED = re.compile(r"(.+)_\d+")


def compound(*edits: Edit) -> Edit:
    """All edits in order, as one: refused whole if any is refused."""
    return lambda graph: reduce(lambda current, edit: edit(current), edits, graph)


def add_node(node: Node) -> Edit:
    """Add a node without wires."""

    def edit(graph: Graph) -> Graph:
        if node.id in graph.nodes:
            raise GraphError(f"There is already a node with the id {node.id}.", place=node.id)
        if len(graph.nodes) >= MOST_NODES:
            raise GraphError(f"A network can have at most {MOST_NODES:,} layers.", remedy="Remove some before you add more.")
        _check_name(graph, node.name)
        settled = replace(
            node, settings=freeze(node.settings, node.id), training=freeze(node.training, node.id), position=_point(node.position)
        )
        result = graph.evolve(nodes={**graph.nodes, node.id: settled})
        if "by_name" in graph.__dict__:
            result.__dict__["by_name"] = {**graph.by_name, node.name: settled}
        return result

    return edit


def new_node(graph: Graph, layer: str, settings: Mapping[str, Value] | None = None, position: tuple[float, float] = (0.0, 0.0)) -> Node:
    """A node ready for `add_node`, with a free id and a free name."""
    return Node(fresh_id(graph.nodes), layer, fresh_name(graph, layer), dict(settings or {}), position)


def remove_nodes(ids: Iterable[str]) -> Edit:
    """Remove nodes and their wires."""
    gone = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        for id_ in gone:
            _node(graph, id_)
        return graph.evolve(
            nodes={id_: node for id_, node in graph.nodes.items() if id_ not in gone},
            links={t: s for t, s in graph.links.items() if t.node not in gone and s.node not in gone},
        )

    return edit


def connect(source: Port, target: Port) -> Edit:
    """Draw a wire; it replaces a wire that already ends at that input. A loop is refused."""

    def edit(graph: Graph) -> Graph:
        _node(graph, source.node)
        _node(graph, target.node)
        path = _path(graph, target.node, source.node)
        if path:
            names = " → ".join(graph.nodes[id_].name for id_ in [*path, target.node])
            raise GraphError(
                f"This wire would close a loop: {names}.",
                place=target.node,
                remedy="Data must flow one way; connect to a layer that does not feed this one.",
            )
        return _linked(graph, source, target)

    return edit


def disconnect(*targets: Port) -> Edit:
    """Remove the wires that feed these input ports."""

    def edit(graph: Graph) -> Graph:
        for target in targets:
            if target not in graph.links:
                raise GraphError("There is no wire at this input.", place=target.node)
        return graph.evolve(links={t: s for t, s in graph.links.items() if t not in targets})

    return edit


def set_setting(id_: str, name: str, value: Value) -> Edit:
    """Change one setting. `None` is a value like any other; `clear_setting` returns to the default."""
    return set_settings(id_, {name: value})


def set_settings(id_: str, changes: Mapping[str, Value]) -> Edit:
    """Change several settings of one node."""

    def edit(graph: Graph) -> Graph:
        node = _node(graph, id_)
        return _with(graph, replace(node, settings={**node.settings, **freeze(changes, id_)}))

    return edit


def clear_setting(id_: str, name: str) -> Edit:
    """Return a setting to the layer's default."""

    def edit(graph: Graph) -> Graph:
        node = _node(graph, id_)
        return _with(graph, replace(node, settings={k: v for k, v in node.settings.items() if k != name}))

    return edit


def set_training(ids: Iterable[str], name: str, value: Value) -> Edit:
    """Change one setting of how these layers learn; `None` returns it to what the recipe says."""
    chosen = tuple(ids)

    def edit(graph: Graph) -> Graph:
        for id_ in chosen:
            node = _node(graph, id_)
            rest = {key: kept for key, kept in node.training.items() if key != name}
            added = {} if value is None else {name: freeze(value, id_)}
            graph = _with(graph, replace(node, training={**rest, **added}))
        return graph

    return edit


def rename(id_: str, name: str) -> Edit:
    """Give a node another readable name."""

    def edit(graph: Graph) -> Graph:
        node = _node(graph, id_)
        if name == node.name:
            return graph
        _check_name(graph, name, id_)
        return _with(graph, replace(node, name=name))

    return edit


def replace_layer(id_: str, layer: str, settings: Mapping[str, Value] | None = None) -> Edit:
    """Put another layer in a node's place; its wires stay. A name such as `tanh_1` becomes `relu_1`, others stay."""

    def edit(graph: Graph) -> Graph:
        node = _node(graph, id_)
        numbered = _NUMBERED.fullmatch(node.name)
        name = fresh_name(graph, layer) if numbered and numbered[1] == node.layer != layer else node.name
        plain = Node(id_, layer, name, freeze(settings or {}, id_), node.position, extra=node.extra)
        return _with(graph, plain)

    return edit


def move(positions: Mapping[str, tuple[float, float]]) -> Edit:
    """Place nodes at new positions."""

    def edit(graph: Graph) -> Graph:
        moved = {id_: replace(_node(graph, id_), position=_point(position)) for id_, position in positions.items()}
        return graph.evolve(nodes={**graph.nodes, **moved})

    return edit


def set_frame(frame: Frame) -> Edit:
    """Add a frame or comment, or replace the one with the same id."""

    def edit(graph: Graph) -> Graph:
        settled = replace(frame, text=freeze(frame.text, frame.id), position=_point(frame.position), size=_point(frame.size))
        return graph.evolve(frames={**graph.frames, frame.id: settled})

    return edit


def remove_frame(*ids: str) -> Edit:
    """Remove frames or comments; the nodes inside them stay."""

    def edit(graph: Graph) -> Graph:
        for id_ in ids:
            if id_ not in graph.frames:
                raise GraphError("This frame is no longer in the network.", place=id_)
        return graph.evolve(frames={id_: frame for id_, frame in graph.frames.items() if id_ not in ids})

    return edit


def _node(graph: Graph, id_: str) -> Node:
    try:
        return graph.nodes[id_]
    except KeyError:
        raise GraphError("This layer is no longer in the network.", place=id_) from None


def _with(graph: Graph, node: Node) -> Graph:
    return graph.evolve(nodes={**graph.nodes, node.id: node})


def _linked(graph: Graph, source: Port, target: Port) -> Graph:
    """The graph with one more wire; a wire to a free input is added to the cached indexes, so that they need not be built again."""
    result = graph.evolve(links={**graph.links, target: source})
    if target not in graph.links:
        if "inputs_of" in graph.__dict__:
            result.__dict__["inputs_of"] = {**graph.inputs_of, target.node: {**graph.inputs_of.get(target.node, {}), target.name: source}}
        leaving = (*graph.outputs_of.get(source.node, ()), Link(source, target))
        result.__dict__["outputs_of"] = {**graph.outputs_of, source.node: leaving}
    return result


def _point(position: tuple[float, float]) -> tuple[float, float]:
    x, y = position
    if not (isfinite(x) and isfinite(y)):
        raise GraphError("A position must be two finite numbers.")
    return float(x), float(y)


def _check_name(graph: Graph, name: str, id_: str | None = None) -> None:
    check_name(name, id_)
    if name in graph.by_name:
        raise GraphError(f"Another layer is already called “{name}”.", place=id_, remedy="Choose a different name.")


def _path(graph: Graph, start: str, goal: str) -> list[str]:
    """Nodes from `start` to `goal` along the wires, or nothing."""
    came: dict[str, str | None] = {start: None}
    queue = [start]
    while queue:
        at = queue.pop()
        if at == goal:
            path = [at]
            while (before := came[path[-1]]) is not None:
                path.append(before)
            return path[::-1]
        for link in graph.outputs_of.get(at, ()):
            if link.target.node not in came:
                came[link.target.node] = at
                queue.append(link.target.node)
    return []
