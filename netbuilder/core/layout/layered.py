"""A network in columns, in which every wire leads from one column to the next: long wires pass through bends."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase
from typing import Literal, NamedTuple

from netbuilder.core.graph import Graph, Port

_LETTERS = ascii_lowercase


class Trunk(NamedTuple):
    """The bends of wires from one port, from the first column to the last, and where the wires lead, the farthest first."""

    source: int
    bends: list[int]
    targets: list[int]


class Layered:
    """Points are numbered: first the nodes, then the bends. If `shared`, wires from one port share their bends as far as they go together.

    `nodes`: the ids of the points that are nodes. `column[p]`: the column of a point. `rows[c]`: the points of column c from top to
    bottom. `before[p]` and `after[p]`: a point's neighbours, with the number of wires that lead there. `entry[p]`: for a point fed
    by several others, how far along its edge each enters, from 0 to 1. `leave[p]`: for a point that feeds others from several ports,
    how far along its edge they leave. `trunks`: the long wires.
    """

    def __init__(self, graph: Graph, columns: dict[str, int], *, shared: bool = True) -> None:
        self.nodes = _in_order(graph)
        self.column = [columns[id_] for id_ in self.nodes]
        self.before: list[dict[int, int]] = [{} for _ in self.nodes]
        self.after: list[dict[int, int]] = [{} for _ in self.nodes]
        self.entry: list[dict[int, float]] = [{} for _ in self.nodes]
        self.leave: list[dict[int, float]] = [{} for _ in self.nodes]
        self.trunks: list[Trunk] = []
        number = {id_: index for index, id_ in enumerate(self.nodes)}
        for id_ in self.nodes:
            ports: dict[str, list[tuple[int, Port]]] = {}
            for link in graph.outputs_of.get(id_, ()):
                if link.target.node in number:
                    ports.setdefault(link.source.name, []).append((number[link.target.node], link.target))
            for rank, name in enumerate(ports_in_order(graph, id_, ports, "output")):
                wires = sorted(ports[name], key=lambda target: self.column[target[0]], reverse=True)
                leave = rank / len(ports) if len(ports) > 1 else None
                for together in [wires] if shared else [[wire] for wire in wires]:
                    self._trunk(number[id_], together, graph, leave)
        self.rows: list[list[int]] = [[] for _ in range(max(self.column, default=-1) + 1)]
        for point in self._walk():
            self.rows[self.column[point]].append(point)

    def rows_from_ends(self) -> list[list[int]]:
        """The rows in the order of a walk against the wires, from each node's first port to its last.

        Where ports lie in an order that wires can reach without crossing, as in series-parallel networks, nothing crosses.
        """
        rows: list[list[int]] = [[] for _ in self.rows]
        stack = [point for row in self.rows for point in reversed(row) if not self.after[point]]
        met: set[int] = set()
        while stack:
            point = stack.pop()
            if point in met:
                continue
            met.add(point)
            rows[self.column[point]].append(point)
            entry = self.entry[point]
            stack.extend(sorted(self.before[point], key=lambda source: entry.get(source, 0.0), reverse=True))
        return rows

    def ports(self) -> list[float]:
        """For each point with a single way on: how far down the edge of a node that way ends, from −½ to ½; otherwise 0."""
        found = [0.0] * len(self.column)
        for row in reversed(self.rows):
            for point in row:
                if len(self.after[point]) == 1:
                    to = next(iter(self.after[point]))
                    at = self.entry[to].get(point)
                    found[point] = found[to] if at is None else at + 0.5 / len(self.entry[to]) - 0.5
        return found

    def is_node(self, point: int) -> bool:
        """Whether it is a node, not the bend of a wire."""
        return point < len(self.nodes)

    def _trunk(self, source: int, targets: list[tuple[int, Port]], graph: Graph, leave: float | None) -> None:
        """Add the wires from one port to these targets, the farthest first; a wire that leads back gets no bends and is not counted."""
        bends: dict[int, int] = {}
        for target, port in targets:
            at = source
            for column in range(self.column[source] + 1, self.column[target]):
                bend = bends.get(column)
                if bend is None:
                    bend = bends[column] = self._bend(column)
                self._join(at, bend, leave)
                at = bend
            if self.column[target] > self.column[source]:
                self._join(at, target, leave)
                ports = graph.inputs_of[port.node]
                if len(ports) > 1:
                    self.entry[target].setdefault(at, ports_in_order(graph, port.node, ports, "input").index(port.name) / len(ports))
        if bends:
            self.trunks.append(Trunk(source, list(bends.values()), [target for target, _ in targets]))

    def _bend(self, column: int) -> int:
        self.column.append(column)
        for ends in (self.before, self.after):
            ends.append({})
        for sides in (self.entry, self.leave):
            sides.append({})
        return len(self.column) - 1

    def _join(self, source: int, target: int, leave: float | None) -> None:
        self.after[source][target] = self.before[target][source] = self.after[source].get(target, 0) + 1
        if leave is not None and self.is_node(source):
            self.leave[source].setdefault(target, leave)

    def _walk(self) -> list[int]:
        """Every point in the order of a depth-first walk along the wires, each after all that feed it."""
        waiting = [len(before) for before in self.before]
        stack = [point for point in range(len(self.column) - 1, -1, -1) if not waiting[point]]
        met: list[int] = []
        while stack:
            point = stack.pop()
            met.append(point)
            for follower in reversed(self.after[point]):
                waiting[follower] -= 1
                if not waiting[follower]:
                    stack.append(follower)
        return met


def ports_in_order(graph: Graph, id_: str, names: Iterable[str], layer: Literal["input", "output"]) -> list[str]:
    """These ports in the order in which they lie on a node: by number, in the order of its block, or else as they were wired."""
    block = graph.blocks.get(graph.nodes[id_].block)
    if block is not None:
        known = [node.name for node in block.graph.nodes.values() if node.layer == layer]
        return sorted(names, key=lambda name: known.index(name) if name in known else len(known))
    return sorted(names, key=lambda name: int(name.lstrip(_LETTERS)) if numbered(name) else 0)


def numbered(name: str) -> bool:
    """Whether a port has a number, as in `in2`: a node has as many of these as are wanted."""
    return name.startswith(("in", "out")) and name.lstrip(_LETTERS).isdecimal()


def _in_order(graph: Graph) -> list[str]:
    """Every node, those on a loop first."""
    ordered = set(graph.order)
    return [id_ for id_ in graph.nodes if id_ not in ordered] + list(graph.order)
