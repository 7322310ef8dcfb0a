"""A network in columns where every wire leads from one column to the next: long wires pass through bends of their own."""

from __future__ import annotations

from netbuilder.core.graph import Graph


class Layered:
    """Points are numbered: first the nodes, then the bends. Wires from one node share their bends as far as they go together.

    `column[p]` is the column of a point, `rows[c]` the points of column c from top to bottom, `before[p]` and `after[p]`
    its neighbours with the number of wires that lead there, `nodes` the ids of the points that are nodes.
    """

    def __init__(self, graph: Graph, columns: dict[str, int]) -> None:
        self.nodes = _in_order(graph)
        self.column = [columns[id_] for id_ in self.nodes]
        self.before: list[dict[int, int]] = [{} for _ in self.nodes]
        self.after: list[dict[int, int]] = [{} for _ in self.nodes]
        number = {id_: index for index, id_ in enumerate(self.nodes)}
        for id_, links in graph.outputs_of.items():
            targets = [number[link.target.node] for link in links if link.target.node in number]
            if id_ in number:
                self._trunk(number[id_], sorted(targets, key=self.column.__getitem__, reverse=True))
        self.rows: list[list[int]] = [[] for _ in range(max(self.column, default=-1) + 1)]
        for point in self._walk():
            self.rows[self.column[point]].append(point)

    def is_node(self, point: int) -> bool:
        """Whether it is a node, not the bend of a wire."""
        return point < len(self.nodes)

    def _trunk(self, source: int, targets: list[int]) -> None:
        """Wires to these targets, the farthest first; a wire that leads back has no bends and no say."""
        bends: dict[int, int] = {}
        for target in targets:
            at = source
            for column in range(self.column[source] + 1, self.column[target]):
                bend = bends.get(column)
                if bend is None:
                    bend = bends[column] = len(self.column)
                    self.column.append(column)
                    self.before.append({})
                    self.after.append({})
                self._join(at, bend)
                at = bend
            if self.column[target] > self.column[source]:
                self._join(at, target)

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


def _in_order(graph: Graph) -> list[str]:
    """Every node, those on a loop first."""
    ordered = set(graph.order)
    return [id_ for id_ in graph.nodes if id_ not in ordered] + list(graph.order)
