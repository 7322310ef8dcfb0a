"""How far down each point stands: wires and chains straight where they can be, everything as high as it can be.

After Brandes and Köpf: Fast and simple horizontal coordinate assignment (GD 2001); bends are aligned first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from netbuilder.core.layout.layered import Layered


def heights(net: Layered, tall: Sequence[float], row: float, lane: float) -> list[float]:
    """The height of each point's middle: points that are in line share it. `tall` is the height of each node with its gap.

    `row` is the height of a bend beside a node, `lane` that beside another bend.
    """
    place = [0] * len(net.column)
    for points in net.rows:
        for index, point in enumerate(points):
            place[point] = index
    block = list(range(len(net.column)))
    for points in net.rows[1:]:
        for point, source in _aligned(net, points, place):
            block[point] = block[source]
    return _stacked(net, block, tall, row, lane)


def _aligned(net: Layered, points: list[int], place: list[int]) -> list[tuple[int, int]]:
    """Which point of a column continues which point of the one before: bends first, then medians; never crossing."""
    wanted = []
    for point in points:
        sources = sorted(net.before[point], key=place.__getitem__)
        if sources:
            middle = (len(sources) - 1) // 2
            for rank, source in enumerate(dict.fromkeys((sources[middle], sources[len(sources) // 2]))):
                bends = (not net.is_node(point)) + (not net.is_node(source))
                wanted.append((bends < 2, rank, place[point], point, source))
    wanted.sort()
    lefts: list[int] = []
    rights: list[int] = []
    taken: list[tuple[int, int]] = []
    for _, _, left, point, source in wanted:
        right = place[source]
        at = bisect_left(lefts, left)
        if (at < len(lefts) and (lefts[at] == left or rights[at] <= right)) or (at and rights[at - 1] >= right):
            continue
        lefts.insert(at, left)
        rights.insert(at, right)
        taken.append((point, source))
    return taken


def _stacked(net: Layered, block: list[int], tall: Sequence[float], row: float, lane: float) -> list[float]:
    """The least heights at which no point overlaps the one above it."""
    below: dict[int, dict[int, float]] = {}
    waiting = dict.fromkeys(block, 0)
    for points in net.rows:
        for upper, lower in pairwise(points):
            gap = _gap(net, upper, lower, tall, row, lane)
            under = below.setdefault(block[upper], {})
            if block[lower] not in under:
                waiting[block[lower]] += 1
            under[block[lower]] = max(gap, under.get(block[lower], 0.0))
    top = dict.fromkeys(waiting, 0.0)
    ready = [point for point, count in waiting.items() if not count]
    for point in ready:
        for other, gap in below.get(point, {}).items():
            top[other] = max(top[other], top[point] + gap)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return [top[root] for root in block]


def _gap(net: Layered, upper: int, lower: int, tall: Sequence[float], row: float, lane: float) -> float:
    nodes = [point for point in (upper, lower) if net.is_node(point)]
    if not nodes:
        return lane
    return (tall[upper] + tall[lower]) / 2 if len(nodes) == 2 else (tall[nodes[0]] + row) / 2
