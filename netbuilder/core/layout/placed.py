"""The order in which nodes already stand, so that arranging them changes no more of it than necessary."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from netbuilder.core.graph import Graph
from netbuilder.core.layout.layered import Layered
from netbuilder.core.layout.ordering import Rows

_CLEAR = 4.0
_BESIDE = 24.0

Span = tuple[float, float]


def as_placed(net: Layered, graph: Graph, cards: Sequence[float]) -> Rows | None:
    """The rows of every column in the order in which nodes stand now, with wires between them; `None` when nobody placed the nodes.

    `cards` is the extent of each node across the flow.
    """
    across = graph.direction == "right"
    starts = [graph.nodes[id_].position[across] for id_ in net.nodes]
    if len(set(starts)) < 2:
        return None
    return rows_at([start + card / 2 for start, card in zip(starts, cards, strict=True)], net, cards)


def rows_at(middles: Sequence[float], net: Layered, cards: Sequence[float]) -> Rows:
    """The rows of every column when the nodes stand at these heights; each long wire takes the shortest lane that is free."""
    taken = [sorted((middles[point], cards[point] / 2) for point in row if net.is_node(point)) for row in net.rows]
    at = [*middles[: len(net.nodes)], *[0.0] * (len(net.column) - len(net.nodes))]
    for trunk in net.trunks:
        columns = [taken[net.column[bend]] for bend in trunk.bends]
        lanes = _lanes(at[trunk.source], [at[target] for target in trunk.targets], columns)
        lane = next((lane for lane in lanes if all(_free(lane, column) for column in columns)), at[trunk.source])
        for bend in trunk.bends:
            at[bend] = lane
    ports = net.ports()
    return [sorted(row, key=lambda point: (at[point], ports[point], point)) for row in net.rows]


def _lanes(source: float, targets: list[float], columns: list[list[Span]]) -> Iterator[float]:
    """Lanes in which a wire may run: straight from one of its ends, or beside a node, the shortest way first."""
    yield source
    yield from targets
    beside = {middle + side * (half + _BESIDE) for column in columns for middle, half in column for side in (-1, 1)}
    yield from sorted(beside, key=lambda lane: (abs(lane - source) + abs(lane - targets[0]), lane))


def _free(lane: float, column: list[Span]) -> bool:
    """Whether no node of a column stands there."""
    near = bisect_left(column, (lane, 0.0))
    return all(abs(middle - lane) > half + _CLEAR for middle, half in column[max(0, near - 1) : near + 1])
