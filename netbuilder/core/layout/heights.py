"""The height of each point: wires and chains run straight where possible, and each node stands in the middle of what it is wired to.

Points are aligned after Brandes and Köpf: Fast and simple horizontal coordinate assignment (GD 2001). What is aligned then moves
towards the median of its neighbours, like the pendulums of Sander: Graph layout through the VCG tool (GD 1994).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from netbuilder.core.layout.layered import Layered

_TURNS = 8


def heights(net: Layered, tall: Sequence[float], row: float, lane: float) -> list[float]:
    """The height of each point's middle: points that are in line share it. `tall` is the height of each node with its gap.

    A bend in line with a node has the height of a `row` beside other nodes, else it runs in the middle of their gap; and by `lane` beside
    another bend.
    """
    place = [0] * len(net.column)
    for points in net.rows:
        for index, point in enumerate(points):
            place[point] = index
    block = list(range(len(net.column)))
    for points in net.rows[1:]:
        for point, source in _aligned(net, points, place):
            block[point] = block[source]
    rows = {block[point] for point in range(len(net.nodes))}
    size = [tall[point] if net.is_node(point) else row if root in rows else 0.0 for point, root in enumerate(block)]
    below = _below(net, block, size, lane)
    at = _balanced(_joined(net, block), below, _downwards(dict.fromkeys(block, 0), below))
    top = min(at.values(), default=0.0)
    return [round(at[root] - top) for root in block]


def _aligned(net: Layered, points: list[int], place: list[int]) -> list[tuple[int, int]]:
    """Which point of a column continues which point of the one before: bends first, then medians; never crossing."""
    wanted = []
    for point in points:
        middle = _middle(net.before[point], place)
        for source in net.before[point]:
            bends = (not net.is_node(point)) + (not net.is_node(source))
            onward = _middle(net.after[source], place)
            if bends == 2 or (source in middle and point in onward):
                rank = middle.index(source) if source in middle else 0
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


def _middle(neighbours: Iterable[int], place: list[int]) -> list[int]:
    """The middle one of an odd number, both of two; none of four, six, …, so that what they lead to stands between the middle ones."""
    ordered = sorted(neighbours, key=place.__getitem__)
    if len(ordered) == 2:
        return ordered
    return [ordered[len(ordered) // 2]] if len(ordered) % 2 else []


def _below(net: Layered, block: list[int], size: list[float], lane: float) -> dict[int, dict[int, float]]:
    """For each block, the blocks directly below it in some column, with their least distance."""
    below: dict[int, dict[int, float]] = {}
    for points in net.rows:
        for upper, lower in pairwise(points):
            beside = net.is_node(upper) or net.is_node(lower)
            gap = (size[upper] + size[lower]) / 2 if beside else lane
            under = below.setdefault(block[upper], {})
            under[block[lower]] = max(gap, under.get(block[lower], 0.0))
    return below


def _downwards(waiting: dict[int, int], below: dict[int, dict[int, float]]) -> list[int]:
    """Every block, each after those above it."""
    for under in below.values():
        for lower in under:
            waiting[lower] += 1
    ready = [block for block, count in waiting.items() if not count]
    for block in ready:
        for lower in below.get(block, ()):
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    return ready


def _joined(net: Layered, block: list[int]) -> dict[int, set[int]]:
    """The blocks that each one is wired to."""
    joined: dict[int, set[int]] = {}
    for point, followers in enumerate(net.after):
        for follower in followers:
            one, other = block[point], block[follower]
            if one != other:
                joined.setdefault(one, set()).add(other)
                joined.setdefault(other, set()).add(one)
    return joined


def _balanced(joined: dict[int, set[int]], below: dict[int, dict[int, float]], order: list[int]) -> dict[int, float]:
    """The height of each block: first all on one line, then again and again in the middle of its neighbours, keeping the distances.

    Each round takes the mean of the highest and the lowest placement that wishes and distances allow; both keep the distances, so
    their mean does.
    """
    wish = dict.fromkeys(order, 0.0)
    for _ in range(_TURNS):
        high, low = dict(wish), dict(wish)
        for block in order:
            for lower, gap in below.get(block, {}).items():
                high[lower] = max(high[lower], high[block] + gap)
        for block in reversed(order):
            for lower, gap in below.get(block, {}).items():
                low[block] = min(low[block], low[lower] - gap)
        at = {block: (high[block] + low[block]) / 2 for block in order}
        wish = {block: _median([at[other] for other in joined[block]]) if block in joined else at[block] for block in order}
    return at


def _median(values: list[float]) -> float:
    values.sort()
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
