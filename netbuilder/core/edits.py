"""Edits: functions from a graph to a new graph. They check before they change and raise `GraphError`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce

from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Frame, Graph, Node, Port, Value, fresh_id, fresh_name

Edit = Callable[[Graph], Graph]
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def compound(*edits: Edit) -> Edit:
    """All edits in order, as one: refused whole if any is refused."""
    return lambda graph: reduce(lambda current, edit: edit(current), edits, graph)


def add_node(node: Node) -> Edit:
    """Put a node with no wires on the canvas."""

    def edit(graph: Graph) -> Graph:
        if node.id in graph.nodes:
            raise GraphError(f"There is already a node with the id {node.id}.", place=node.id)
        _check_name(graph, node.name)
        return replace(graph, nodes={**graph.nodes, node.id: node})

    return edit


def new_node(graph: Graph, layer: str, settings: Mapping[str, Value] | None = None, position: tuple[float, float] = (0.0, 0.0)) -> Node:
    """A node ready for `add_node`, with a free id and a free name."""
    return Node(fresh_id(graph.nodes), layer, fresh_name(graph, layer), dict(settings or {}), position)


def remove_nodes(ids: Iterable[str]) -> Edit:
    """Take nodes and their wires away."""
    gone = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        for id_ in gone:
            _node(graph, id_)
        return replace(
            graph,
            nodes={id_: node for id_, node in graph.nodes.items() if id_ not in gone},
            links={t: s for t, s in graph.links.items() if t.node not in gone and s.node not in gone},
        )

    return edit


def connect(source: Port, target: Port) -> Edit:
    """Draw a wire; a wire already at that input is replaced. A loop is refused."""

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
        return replace(graph, links={**graph.links, target: source})

    return edit


def disconnect(*targets: Port) -> Edit:
    """Remove the wires that feed these input ports."""

    def edit(graph: Graph) -> Graph:
        for target in targets:
            if target not in graph.links:
                raise GraphError("There is no wire at this input.", place=target.node)
        return replace(graph, links={t: s for t, s in graph.links.items() if t not in targets})

    return edit


def set_setting(id_: str, name: str, value: Value) -> Edit:
    """Change one setting; `None` as removal is not implied, use `clear_setting`."""
    return set_settings(id_, {name: value})


def set_settings(id_: str, changes: Mapping[str, Value]) -> Edit:
    """Change several settings of one node."""
    return lambda graph: _with(graph, replace(_node(graph, id_), settings={**_node(graph, id_).settings, **changes}))


def clear_setting(id_: str, name: str) -> Edit:
    """Return a setting to the layer's default."""

    def edit(graph: Graph) -> Graph:
        node = _node(graph, id_)
        return _with(graph, replace(node, settings={k: v for k, v in node.settings.items() if k != name}))

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


def move(positions: Mapping[str, tuple[float, float]]) -> Edit:
    """Place nodes at new positions."""
    return lambda graph: replace(
        graph,
        nodes={**graph.nodes, **{id_: replace(_node(graph, id_), position=p) for id_, p in positions.items()}},
    )


def set_frame(frame: Frame) -> Edit:
    """Add a frame or comment, or replace the one with the same id."""
    return lambda graph: replace(graph, frames={**graph.frames, frame.id: frame})


def _node(graph: Graph, id_: str) -> Node:
    try:
        return graph.nodes[id_]
    except KeyError:
        raise GraphError("This layer is no longer in the network.", place=id_) from None


def _with(graph: Graph, node: Node) -> Graph:
    return replace(graph, nodes={**graph.nodes, node.id: node})


def _check_name(graph: Graph, name: str, id_: str | None = None) -> None:
    if not NAME.fullmatch(name):
        raise GraphError(
            f"“{name}” cannot be a layer name.",
            place=id_,
            remedy="Use letters, digits and underscores, and begin with a letter.",
        )
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
