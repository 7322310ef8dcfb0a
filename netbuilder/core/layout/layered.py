"""A network in columns where every wire leads from one column to the next: long wires pass through bends of their own."""

from __future__ import annotations

from collections.abc import Iterable

from netbuilder.core.graph import Graph, Port


class Layered:
    """Points are numbered: first the nodes, then the bends. Wires from one node share their bends as far as they go together.

    `column[p]` is the column of a point, `rows[c]` the points of column c from top to bottom, `before[p]` and `after[p]`
    its neighbours with the number of wires that lead there, `nodes` the ids of the points that are nodes. `entry[p]` tells for
    a point that is fed by several how far along its edge each of them enters, from 0 to 1.
    """

    def __init__(self, graph: Graph, columns: dict[str, int]) -> None:
        self.nodes = _in_order(graph)
        self.column = [columns[id_] for id_ in self.nodes]
        self.before: list[dict[int, int]] = [{} for _ in self.nodes]
        self.after: list[dict[int, int]] = [{} for _ in self.nodes]
        self.entry: list[dict[int, float]] = [{} for _ in self.nodes]
        number = {id_: index for index, id_ in enumerate(self.nodes)}
        for id_, links in graph.outputs_of.items():
            targets = [(number[link.target.node], link.target) for link in links if link.target.node in number]
            if id_ in number:
                self._trunk(number[id_], sorted(targets, key=lambda target: self.column[target[0]], reverse=True), graph)
        self.rows: list[list[int]] = [[] for _ in range(max(self.column, default=-1) + 1)]
        for point in self._walk():
            self.rows[self.column[point]].append(point)

    def ports(self) -> list[float]:
        """How far down the edge of a node the only way on from each point ends, from −½ to ½; 0 where ways part."""
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

    def _trunk(self, source: int, targets: list[tuple[int, Port]], graph: Graph) -> None:
        """Wires to these targets, the farthest first; a wire that leads back has no bends and no say."""
        bends: dict[int, int] = {}
        for target, port in targets:
            at = source
            for column in range(self.column[source] + 1, self.column[target]):
                bend = bends.get(column)
                if bend is None:
                    bend = bends[column] = len(self.column)
                    self.column.append(column)
                    self.before.append({})
                    self.after.append({})
                    self.entry.append({})
                self._join(at, bend)
                at = bend
            if self.column[target] > self.column[source]:
                self._join(at, target)
                ports = graph.inputs_of[port.node]
                if len(ports) > 1:
                    self.entry[target].setdefault(at, ports_in_order(ports).index(port.name) / len(ports))

    def _join(self, source: int, target: int) -> None:
        self.after[source][target] = self.before[target][source] = self.after[source].get(target, 0) + 1

    def _walk(self) -> list[int]:
        """Every point, in the order in which one meets them following the wires, each after what feeds it."""
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


def ports_in_order(names: Iterable[str]) -> list[str]:
    """Input ports as they lie on a node: in1, in2, … in10; ports with names of their own as they were wired."""
    return sorted(names, key=lambda name: int(name[2:]) if numbered(name) else 0)


def numbered(name: str) -> bool:
    """Whether it is one of as many ports as are wanted, and one more."""
    return name.startswith("in") and name[2:].isdecimal()


def _in_order(graph: Graph) -> list[str]:
    """Every node, those on a loop first."""
    ordered = set(graph.order)
    return [id_ for id_ in graph.nodes if id_ not in ordered] + list(graph.order)
