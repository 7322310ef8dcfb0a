"""Where nodes go when nobody has placed them: from left to right by depth, wrapping like lines of text."""

from __future__ import annotations

from itertools import accumulate
from math import sqrt

from netbuilder.core.graph import Graph

NODE = (168.0, 72.0)
"""Width and height of a node, in canvas units."""
PITCH = (204.0, 134.0)
"""From one column to the next, and from one row to the next."""

_COLUMNS_PER_ROW = 1.15  # a page about 1.75 times as wide as high


def arrange(graph: Graph, wrap: int | None = None) -> dict[str, tuple[float, float]]:
    """A position for each node: its depth gives the column, free lanes the row; at most `wrap` columns make one band.

    A wire over several columns keeps its lane free, so that branches run beside the wire that skips them.
    Bands end where few wires cross.
    """
    columns = _columns(graph)
    lanes = _lanes(graph, columns)
    width = max(1, wrap) if wrap is not None else _wrap(columns, lanes)
    band_of, start_of = _bands(graph, columns, width)
    heights = [0] * len(start_of)
    for id_, column in columns.items():
        heights[band_of[column]] = max(heights[band_of[column]], lanes[id_] + 1)
    tops = [0, *accumulate(heights)]
    places = {id_: (column - start_of[band_of[column]], tops[band_of[column]] + lanes[id_]) for id_, column in columns.items()}
    return {id_: (column * PITCH[0], row * PITCH[1]) for id_, (column, row) in places.items()}


def _bands(graph: Graph, columns: dict[str, int], width: int) -> tuple[list[int], list[int]]:
    """The band of each column, and the first column of each band: filled up, or cut earlier where fewer wires cross."""
    length = max(columns.values(), default=0) + 1
    steps = [0] * (length + 1)
    for source, target in ((columns[s.node], columns[t.node]) for t, s in graph.links.items()):
        steps[source + 1] += 1
        steps[target + 1] -= 1
    crossing = list(accumulate(steps))  # wires into column c or beyond it, from before it
    starts = [0]
    while length - starts[-1] > width:
        start = starts[-1]
        cuts = range(start + width, start + width // 2, -1)
        starts.append(min(cuts, key=lambda cut: (crossing[cut] > 1, start + width - cut)))
    bands: list[int] = []
    for band, start in enumerate(starts):
        end = starts[band + 1] if band + 1 < len(starts) else length
        bands += [band] * (end - start)
    return bands, starts


def _columns(graph: Graph) -> dict[str, int]:
    """How many nodes precede each one on the longest way to it; nodes on a loop come first."""
    columns = dict.fromkeys(graph.nodes, 0)
    for id_ in graph.order:
        sources = graph.inputs_of.get(id_, {}).values()
        columns[id_] = max((columns[port.node] + 1 for port in sources if port.node in columns), default=0)
    for id_ in reversed(graph.order):
        if id_ not in graph.inputs_of:  # an input node stands just before the first layer it feeds
            followers = [columns[link.target.node] for link in graph.outputs_of.get(id_, ())]
            columns[id_] = max(0, min(followers, default=1) - 1)
    return columns


def _lanes(graph: Graph, columns: dict[str, int]) -> dict[str, int]:
    """A row for each node: that of what feeds it when it is free there, else the next free one below."""
    lanes: dict[str, int] = {}
    busy: list[int] = []  # for each lane, the last column that is taken
    rank = {id_: number for number, id_ in enumerate(graph.order)}
    for id_ in sorted(graph.nodes, key=lambda id_: (columns[id_], rank.get(id_, -1))):
        column = columns[id_]
        wanted = min((lanes[port.node] for port in graph.inputs_of.get(id_, {}).values() if port.node in lanes), default=0)
        lane = next((number for number in range(wanted, len(busy)) if busy[number] < column), len(busy))
        if lane == len(busy):
            busy.append(-1)
        lanes[id_] = lane
        reach = [columns[link.target.node] - 1 for link in graph.outputs_of.get(id_, ()) if link.target.node in columns]
        busy[lane] = max([column, *reach])
    return lanes


def _wrap(columns: dict[str, int], lanes: dict[str, int]) -> int:
    """As many columns as make the page pleasantly wide."""
    length = max(columns.values(), default=0) + 1
    height = max(lanes.values(), default=0) + 1
    return max(4, round(sqrt(_COLUMNS_PER_ROW * length * height)))
