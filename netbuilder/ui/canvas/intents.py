"""What the canvas's actions mean for the graph: pure functions from a graph to edits, legal ends and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QRectF

from netbuilder.core.edits import Edit, compound, connect, move
from netbuilder.core.graph import Graph, Node, Port
from netbuilder.core.layout import FLOW
from netbuilder.layers.declare import Layer, LayerError, TensorSpec
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.ui.canvas.adding.placeable import passes_on, take
from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, free_place, node_height, node_rect


class Placed(NamedTuple):
    """An edit and the node that it will create."""

    edit: Edit
    node_id: str


def upstream(graph: Graph, node_id: str) -> frozenset[str]:
    """The node and everything that feeds it."""
    seen = {node_id}
    queue = [node_id]
    while queue:
        for port in graph.inputs_of.get(queue.pop(), {}).values():
            if port.node not in seen:
                seen.add(port.node)
                queue.append(port.node)
    return frozenset(seen)


def branch(graph: Graph, target: Port) -> frozenset[str]:
    """The chain of layers that a wire belongs to: back and forth along it until it splits or meets another."""
    found: set[str] = set()
    at: str | None = graph.links[target].node
    while at is not None and at not in found and len(graph.outputs_of.get(at, ())) == 1:
        found.add(at)
        fed = graph.inputs_of.get(at, {})
        at = next(iter(fed.values())).node if len(fed) == 1 else None
    at = target.node
    while at is not None and at not in found and len(graph.inputs_of.get(at, {})) == 1:
        found.add(at)
        wires = graph.outputs_of.get(at, ())
        at = wires[0].target.node if len(wires) == 1 else None
    return frozenset(found) & graph.nodes.keys()


def only_wire(graph: Graph, node_id: str) -> Port | None:
    """The wire that leaves a node, or else feeds it, if there is one alone; named by the input it feeds."""
    leaving, fed = graph.outputs_of.get(node_id, ()), graph.inputs_of.get(node_id, {})
    if len(leaving) == 1:
        return leaving[0].target
    return Port(node_id, next(iter(fed))) if len(fed) == 1 else None


def legal_ends(graph: Graph, start: Port, *, from_output: bool) -> frozenset[Port]:
    """Ports where a wire from `start` may end without closing a loop: inputs for an output, outputs for an input."""
    barred = upstream(graph, start.node) if from_output else graph.downstream([start.node])
    ports = input_ports if from_output else output_ports
    return frozenset(Port(node.id, name) for node in graph.nodes.values() if node.id not in barred for name in ports(node, graph))


def free_input(graph: Graph, node: Node) -> str | None:
    """The first input without a wire, else the first one."""
    names = input_ports(node, graph)
    wired = graph.inputs_of.get(node.id, {})
    return next((name for name in names if name not in wired), names[0] if names else None)


def first_output(graph: Graph, node: Node) -> str | None:
    """The first output port."""
    return next(iter(output_ports(node, graph)), None)


def add_layer(graph: Graph, layer: str, position: tuple[float, float], *, source: Port | None = None, target: Port | None = None) -> Placed:
    """Place a layer, or a block by its key in stock, fed by `source` and feeding `target` where given and where it has such ports."""
    graph, edit, node = take(graph, layer, position)
    edits = [edit]
    entry, leave = free_input(graph, node), first_output(graph, node)
    if source is not None and entry is not None:
        edits.append(connect(source, Port(node.id, entry)))
    if target is not None and leave is not None:
        edits.append(connect(Port(node.id, leave), target))
    return Placed(compound(*edits), node.id)


def insert_layer(graph: Graph, layer: str, target: Port, position: tuple[float, float]) -> Placed:
    """Put a layer into the wire that feeds `target`; what it would cover in its row moves right."""
    source = graph.links[target]
    placed = add_layer(graph, layer, position, source=source, target=target)
    keep = upstream(graph, source.node)
    return Placed(compound(placed.edit, make_room(graph, position, keep)), placed.node_id)


def splice(graph: Graph, node_id: str, target: Port, position: tuple[float, float]) -> Edit:
    """Put a node that is there already into the wire that feeds `target`, and make room for it."""
    node, source = graph.nodes[node_id], graph.links[target]
    entry, leave = free_input(graph, node), first_output(graph, node)
    edits = [move({node_id: position})]
    if entry is not None and leave is not None:
        edits += [connect(source, Port(node_id, entry)), connect(Port(node_id, leave), target)]
    return compound(*edits, make_room(graph, position, upstream(graph, source.node) | {node_id}))


def goes_into(graph: Graph, node_id: str, target: Port) -> bool:
    """Whether a node can be put into the wire that feeds `target`: it has an input and an output, and no wire yet."""
    node = graph.nodes[node_id]
    loose = node_id not in graph.outputs_of and node_id not in graph.inputs_of
    return loose and target in graph.links and bool(input_ports(node, graph)) and bool(output_ports(node, graph))


def place_in_wire(graph: Graph, target: Port, position: tuple[float, float], moved: str = "") -> tuple[float, float]:
    """Where a node dropped on a wire goes, be it new or `moved`.

    Between neighbours of one row into that row, otherwise where it was dropped; where it would cover another one, to the end of
    the row that the wire comes from.
    """
    before, after = graph.nodes[graph.links[target].node].position, graph.nodes[target.node].position
    along, across, thick = _axes(graph)
    if max(abs(before[across] - after[across]), abs(before[across] - position[across])) >= thick or after[along] < before[along]:
        others = [node_rect(node.position, height(graph, node)) for node in graph.nodes.values() if node.id != moved]
        covers = any(node_rect(position).intersects(rect) for rect in others)
        return free_place(_on(graph, before), others) if covers else position
    step = FLOW[graph.direction]
    place = max(before[along] + step, min(position[along], after[along] - step))
    return (before[0], place) if along else (place, before[1])


def make_room(graph: Graph, position: tuple[float, float], keep: frozenset[str] = frozenset()) -> Edit:
    """Move the row's nodes on when a node at `position` would touch one; nodes in `keep` stay."""
    along, across, thick = _axes(graph)
    step, at = FLOW[graph.direction], position[along]
    row = [node for node in graph.nodes.values() if abs(node.position[across] - position[across]) < thick and node.id not in keep]
    covered = [node.position[along] for node in row if at - 0.3 * step < node.position[along] < at + step]
    if not covered:
        return lambda unchanged: unchanged
    by = at + step - min(covered)
    return move({node.id: _on(graph, node.position, by) for node in row if node.position[along] >= min(covered)})


def _axes(graph: Graph) -> tuple[int, int, int]:
    """The axis along which data flows, that across it, and how far a node reaches across."""
    return (1, 0, WIDTH) if graph.direction == "down" else (0, 1, HEIGHT)


def _on(graph: Graph, place: tuple[float, float], by: float | None = None) -> tuple[float, float]:
    """A place further on in the direction of flow, by default as far as the next node stands."""
    step = FLOW[graph.direction] if by is None else by
    return (place[0], place[1] + step) if graph.direction == "down" else (place[0] + step, place[1])


def follow(graph: Graph, layer: str, after: str, *, branch: bool = False) -> Placed:
    """Add a layer behind a node: into its only wire, or as a branch of its own beside what follows already."""
    node = graph.nodes[after]
    wires = graph.outputs_of.get(after, ())
    if len(wires) == 1 and not branch and passes_on(graph, layer):
        return insert_layer(graph, layer, wires[0].target, _on(graph, node.position))
    leave = first_output(graph, node)
    place = free_place(_on(graph, node.position), rects(graph))
    return add_layer(graph, layer, place, source=Port(after, leave) if leave else None)


def rects(graph: Graph) -> list[QRectF]:
    """The rectangles of all nodes."""
    return [node_rect(node.position, height(graph, node)) for node in graph.nodes.values()]


def height(graph: Graph, node: Node) -> float:
    """How high a node is drawn."""
    ports = max(len(input_ports(node, graph)), len(output_ports(node, graph)), 1)
    return float(node_height(ports, down=graph.direction == "down"))


def fits(kind: type[Layer], spec: TensorSpec | None, *, before: bool = False) -> bool:
    """Whether a layer with default settings takes this tensor; with `before`, whether it has an output at all."""
    if before:
        return bool(kind.about.outputs)
    if not kind.about.inputs and not kind.about.variadic:
        return False
    if spec is None:
        return True
    try:
        kind().shape(*[spec] * max(2 if kind.about.variadic else len(kind.about.inputs), 1))
    except (LayerError, TypeError):
        return False
    return True


def nudge(graph: Graph, ids: Iterable[str], by: tuple[float, float]) -> Mapping[str, tuple[float, float]]:
    """New positions of nodes that all move by the same amount."""
    return {id_: (graph.nodes[id_].position[0] + by[0], graph.nodes[id_].position[1] + by[1]) for id_ in ids if id_ in graph.nodes}


def neighbour(graph: Graph, node_id: str, direction: tuple[int, int]) -> str | None:
    """The next node: along the wires with and against the flow, by position across it (or where there is no wire)."""
    along, _, _ = _axes(graph)
    across, down = direction[::-1] if along else direction
    if across > 0 and (wires := graph.outputs_of.get(node_id)):
        return wires[0].target.node
    if across < 0 and (feeds := graph.inputs_of.get(node_id)):
        return next(iter(feeds.values())).node
    here = graph.nodes[node_id].position

    def cost(node: Node) -> float:
        x, y = node.position[along] - here[along], node.position[1 - along] - here[1 - along]
        ahead, beside = (x * across, abs(y)) if across else (y * down, abs(x))
        return ahead + 2 * beside if ahead > 0 else float("inf")

    best = min((node for node in graph.nodes.values() if node.id != node_id), key=cost, default=None)
    return best.id if best is not None and cost(best) < float("inf") else None
