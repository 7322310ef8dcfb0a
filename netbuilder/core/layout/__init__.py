"""Automatic layout: columns by depth in the direction of the drawing, rows with few crossings, long networks wrapped like text.

`columns` chooses the column of each node, `layered` adds bends for long wires, `ordering` orders each column, `heights` sets the
distances, and `placed` keeps the order in which nodes already stand.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate, pairwise
from math import ceil, sqrt
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.edits import Edit
from netbuilder.core.graph import Direction, Graph
from netbuilder.core.layout.columns import columns_of
from netbuilder.core.layout.heights import heights
from netbuilder.core.layout.layered import Layered, numbered
from netbuilder.core.layout.ordering import Cost, cost, order
from netbuilder.core.layout.placed import as_placed, rows_at

NODE = (168.0, 72.0)
"""Width and height of a node, in canvas units."""
PITCH = (204.0, 134.0)
"""From one column to the next, and from one row to the next."""

FLOW: dict[Direction, float] = {"right": PITCH[0], "down": NODE[1] + 48.0}
"""From one node to the next in the direction of the drawing."""

Positions = dict[str, tuple[float, float]]

_PORT = 18.0
_LANE = 24.0
_CROWDED = 8
_SETTLE = 4
_MANY = 700
_STRETCH = 4


class _Manner(Struct, frozen=True):
    """Distances for one direction of drawing: from column to column and from row to row, and the gap between neighbours in a row.

    `page` is chosen so that the page becomes about 1.75 times as wide as high; a band has at least `least` columns.
    """

    column: float
    row: float
    gap: float
    page: float
    least: int


_MANNERS = {
    "right": _Manner(FLOW["right"], PITCH[1], PITCH[1] - NODE[1], 1.15, 4),
    "down": _Manner(FLOW["down"], PITCH[0], PITCH[0] - NODE[0], 0.97, 8),
}


def arrange(graph: Graph, wrap: int | None = None) -> Positions:
    """A position for each node: its depth gives the column, and rows are chosen so that wires cross little and run straight.

    Where the graph's direction is “down”, columns are rows and rows columns.

    At most `wrap` columns make one band; bands end where few wires cross. A wire over several columns has a lane of its own,
    in which no node stands. Nodes that were placed keep their order across the flow unless wires cross less in another.
    """
    if not graph.nodes:
        return {}
    columns = columns_of(graph)
    net, crossed = _ordered(graph, columns)
    cards = [_card(graph, id_) for id_ in net.nodes]
    manner = _MANNERS[graph.direction]
    middles = _settled(net, crossed, cards, manner)
    width = max(1, wrap) if wrap is not None else _wrap(manner, len(net.rows), max(middles) / manner.row + 1)
    return _placed(net, cards, middles, graph.direction, *_bands(graph, columns, width, exact=wrap is not None))


def arrange_some(graph: Graph, ids: Collection[str]) -> Positions:
    """Positions for some nodes, as if nothing else were there; the upper left corner of the group stays."""
    kept = {id_: node for id_, node in graph.nodes.items() if id_ in ids}
    links = {target: source for target, source in graph.links.items() if target.node in kept and source.node in kept}
    places = arrange(Graph(kept, links, graph.blocks, direction=graph.direction))
    if not places:
        return {}
    across, down = (min(node.position[axis] for node in kept.values()) - min(at[axis] for at in places.values()) for axis in (0, 1))
    return {id_: (x + across, y + down) for id_, (x, y) in places.items()}


def turn(direction: Direction) -> Edit:
    """Make the drawing flow in this direction and arrange it anew; branches keep their order."""

    def edit(graph: Graph) -> Graph:
        nodes = graph.nodes
        if direction != graph.direction:
            nodes = {id_: replace(node, position=node.position[::-1]) for id_, node in nodes.items()}
        turned = graph.evolve(nodes=nodes, direction=direction)
        return turned.evolve(nodes={id_: replace(nodes[id_], position=place) for id_, place in arrange(turned).items()})

    return edit


def count_crossings(graph: Graph) -> int:
    """How many pairs of wires cross in the arrangement of `graph`, before it is wrapped: between columns, and at the ports of a node."""
    return sum(_ordered(graph, columns_of(graph))[1])


def _ordered(graph: Graph, columns: dict[str, int]) -> tuple[Layered, Cost]:
    """The network with its rows in order, and what still crosses.

    Wires from one port run together, unless fewer wires cross when each has its own way.
    """
    found: list[tuple[Layered, Cost]] = []
    for shared in (True, False):
        net = Layered(graph, columns, shared=shared)
        found.append((net, order(net, as_placed(net, graph, [_card(graph, id_) for id_ in net.nodes]))))
        if not any(found[-1][1]) or len(net.column) > _MANY:
            break
    return min(found, key=itemgetter(1))


def _settled(net: Layered, crossed: Cost, cards: list[float], manner: _Manner) -> list[float]:
    """The height of each point, settled so that arranging the result again moves nothing."""
    tall = [card + manner.gap for card in cards]
    row = manner.row if max(map(len, net.rows)) <= _CROWDED else 0.0
    if len(net.column) > _MANY:
        return heights(net, tall, row, _LANE)
    for _ in range(_SETTLE):
        middles = heights(net, tall, row, _LANE)
        again = rows_at(middles, net, cards)
        if again == net.rows or sum(now := cost(net, again)) > sum(crossed):
            break
        net.rows, crossed = again, now
    return middles


def _placed(
    net: Layered, cards: list[float], middles: list[float], direction: Direction, band_of: list[int], starts: list[int]
) -> Positions:
    """The position of each node, with the bands one below the other, or side by side where the drawing flows down."""
    tops, bottoms = [float("inf")] * len(starts), [float("-inf")] * len(starts)
    for point, middle in enumerate(middles):
        band, half = band_of[net.column[point]], (cards[point] / 2 if net.is_node(point) else 0.0)
        tops[band], bottoms[band] = min(tops[band], middle - half), max(bottoms[band], middle + half)
    begins = [0.0, *accumulate(bottom - top + PITCH[1] - NODE[1] for top, bottom in zip(tops, bottoms, strict=True))]
    places = {}
    for point, id_ in enumerate(net.nodes):
        column = net.column[point]
        band = band_of[column]
        along = (column - starts[band]) * _MANNERS[direction].column
        across = begins[band] + middles[point] - cards[point] / 2 - tops[band]
        places[id_] = (along, across) if direction == "right" else (across, along)
    return places


def _card(graph: Graph, id_: str) -> float:
    """The extent of a node across the flow: room for its ports in use, and a free one beside numbered ports; a multiple of the grid."""
    if graph.direction == "down":
        return NODE[0]
    wired = graph.inputs_of.get(id_, ())
    ways = {link.source.name for link in graph.outputs_of.get(id_, ())}
    needed = _PORT * (max(len(wired) + any(map(numbered, wired)), len(ways)) + 1)
    return max(NODE[1], -(-needed // 8) * 8)


def _bands(graph: Graph, columns: dict[str, int], width: int, *, exact: bool) -> tuple[list[int], list[int]]:
    """The band of each column, and the first column of each band.

    Bands are cut near `width`, where a single wire leads on, or the wires of a single node. Unless `width` is `exact`, it grows to the
    longest stretch that has no such place, and a cut a little beyond it is as good as one before.
    """
    length = max(columns.values(), default=0) + 1
    wires = _crossing([(columns[id_], columns[link.target.node]) for id_, links in graph.outputs_of.items() for link in links], length)
    nodes = _crossing([(columns[id_], max(columns[link.target.node] for link in links)) for id_, links in graph.outputs_of.items()], length)
    if not exact:
        longest = max(after - before for before, after in pairwise((0, *(cut for cut in range(1, length) if nodes[cut] <= 1), length)))
        width = longest if width < longest <= _STRETCH * width else width
    reach = width if exact else width * 5 // 4
    starts = [0]
    while length - starts[-1] > reach:
        start = starts[-1]
        near = sorted(range(start + width // 2 + 1, min(length, start + reach + 1)), key=lambda cut: (abs(cut - start - width), cut))
        near += range(start + reach + 1, min(length, start + _STRETCH * width))
        best = min(near, key=lambda cut: (nodes[cut] > 1, cut > start + reach, wires[cut] > 1))
        cut = best if nodes[best] <= 1 else min(near, key=lambda cut: nodes[cut])
        if nodes[cut] > 1 and length - start <= _STRETCH * width:
            break
        if length - cut <= (width // 2 if cut > start + reach else width // 4):
            break
        starts.append(cut)
    bands: list[int] = []
    for band, start in enumerate(starts):
        end = starts[band + 1] if band + 1 < len(starts) else length
        bands += [band] * (end - start)
    return bands, starts


def _crossing(spans: list[tuple[int, int]], length: int) -> list[int]:
    """For each column, how many of these spans (first and last column) reach it from before."""
    steps = [0] * (length + 1)
    for source, target in spans:
        steps[source + 1] += 1
        steps[max(source, target) + 1] -= 1
    return list(accumulate(steps))


def _wrap(manner: _Manner, length: int, height: float) -> int:
    """How many columns make the page pleasantly wide, with no band much shorter than the others."""
    width = max(manner.least, round(sqrt(manner.page * length * height)))
    return ceil(length / ceil(length / width))
