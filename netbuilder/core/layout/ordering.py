"""Which stands above which: medians and exchanges of neighbours, until wires cross little.

Gansner, Koutsofios, North, Vo: A technique for drawing directed graphs (IEEE TSE 19, 1993), with crossings weighted by
the wires that run together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from netbuilder.core.layout.layered import Layered

_WORK = 150_000
_LEAST, _MOST = 2, 32
_PATIENCE = 8
_TURNS = 6

Rows = list[list[int]]
Neighbours = Sequence[dict[int, int]]
Entry = Sequence[dict[int, float]]


def order(net: Layered, start: Rows | None = None) -> int:
    """Sort the rows of every column; `start` is preferred while nothing crosses less. Returns the crossings that are left.

    Without it, of orders in which nothing crosses one is looked for in which wires come to the ports of a node in their order.
    """
    rows = start if start is not None and crossings(net, start) <= crossings(net, net.rows) else net.rows
    rows = _search(net, rows, ())
    count = crossings(net, rows)
    net.rows = rows if count or start is not None else _search(net, rows, net.entry)
    return count


def _search(net: Layered, best: Rows, entry: Entry) -> Rows:
    """The best order that sweeps lead to; with `entry` a tie goes to the one with fewer twists at the ports."""
    least = _cost(net, best, entry)
    size = len(net.column) + sum(map(len, net.after))
    rows = [list(row) for row in best]
    idle = 0
    for sweep in range(max(_LEAST, min(_MOST, _WORK // max(size, 1)))):
        if least == (0, 0) or idle >= _PATIENCE:
            break
        _sweep(net, rows, entry, down=sweep % 2 == bool(entry), tied=sweep % 4 >= 2)
        if sweep or not entry:  # the first look from the ports leaves everything else as it is
            _exchange(net, rows, entry, tied=sweep % 4 in (1, 2))
        cost = _cost(net, rows, entry)
        idle += 1
        if cost < least:
            best, least, idle = [list(row) for row in rows], cost, 0
    return best


def _cost(net: Layered, rows: Rows, entry: Entry) -> tuple[int, int]:
    return crossings(net, rows), _twists(net, rows) if entry else 0


def crossings(net: Layered, rows: Rows) -> int:
    """How many pairs of wires cross."""
    place = _places(net, rows)
    total = 0
    for row in rows[:-1]:
        ends = [(place[target], weight) for point in row for target, weight in sorted(net.after[point].items(), key=lambda e: place[e[0]])]
        total += _inversions(ends)
    return total


def _twists(net: Layered, rows: Rows) -> int:
    """How many pairs of wires cross just before the node at whose ports both end."""
    place = _places(net, rows)
    return sum(_inversions([(place[point], 1) for point in sorted(at, key=at.__getitem__)]) for at in net.entry if len(at) > 1)


def _inversions(ends: list[tuple[int, int]]) -> int:
    """Weighted pairs that stand in the wrong order; ends that come in order cost one look."""
    seen: list[int] = []
    weights: list[int] = []
    total = 0
    for end, weight in ends:
        if not seen or seen[-1] <= end:
            at = len(seen)
        else:
            at = bisect_right(seen, end)
            total += weight * sum(weights[at:])
        seen.insert(at, end)
        weights.insert(at, weight)
    return total


def _places(net: Layered, rows: Rows) -> list[int]:
    place = [0] * len(net.column)
    for row in rows:
        for index, point in enumerate(row):
            place[point] = index
    return place


def _sweep(net: Layered, rows: Rows, entry: Entry, *, down: bool, tied: bool) -> None:
    """Sort each column by the medians of its neighbours in the one before; points without neighbours keep their places."""
    place = _places(net, rows)
    neighbours, ends = (net.before, ()) if down else (net.after, entry)
    for number in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
        row = rows[number]
        medians = {point: _median(neighbours[point], place, point, ends) for point in row if neighbours[point]}
        free = [point for point in row if point in medians]
        if tied:
            free.reverse()
        free.sort(key=medians.__getitem__)
        moved = iter(free)
        row[:] = [next(moved) if point in medians else point for point in row]
        for index, point in enumerate(row):
            place[point] = index


def _median(neighbours: dict[int, int], place: list[int], point: int, entry: Entry) -> float:
    """The middle of where its neighbours stand, or where its wire enters the only one."""
    if len(neighbours) == 1:
        only = next(iter(neighbours))
        return place[only] + (entry[only].get(point, 0.0) if entry else 0.0)
    places = sorted(place[point] for point, weight in neighbours.items() for _ in range(weight))
    middle = len(places) // 2
    if len(places) % 2:
        return float(places[middle])
    if len(places) == 2:
        return (places[0] + places[1]) / 2
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    return (places[middle - 1] * right + places[middle] * left) / (left + right) if left + right else float(places[middle])


def _exchange(net: Layered, rows: Rows, entry: Entry, *, tied: bool) -> None:
    """Exchange neighbours in a column wherever fewer wires cross then; with `tied` also, once, where as many do."""
    place = _places(net, rows)
    due = set(range(len(rows)))
    for turn in range(_TURNS):
        changed = {number for number in sorted(due) if _exchange_row(net, rows[number], place, entry, 0 if tied and not turn else 1)}
        due = {near for number in changed for near in (number - 1, number, number + 1) if 0 <= near < len(rows)}
        if not due:
            return


def _exchange_row(net: Layered, row: list[int], place: list[int], entry: Entry, least: int) -> bool:
    better = False
    for index in range(len(row) - 1):
        upper, lower = row[index], row[index + 1]
        if _gain(net.before, upper, lower, place) + _gain(net.after, upper, lower, place, entry) >= least:
            row[index], row[index + 1] = lower, upper
            place[upper], place[lower] = index + 1, index
            better = True
    return better


def _gain(neighbours: Neighbours, upper: int, lower: int, place: list[int], entry: Entry = ()) -> int:
    """Crossings on one side that are saved by exchanging two points; `entry` tells where wires to the same node end."""
    above, below = neighbours[upper], neighbours[lower]
    if not above or not below:
        return 0
    gain = 0
    for one, weight in above.items():
        at: float = place[one]
        for other, much in below.items():
            there: float = place[other]
            if one == other and entry:
                at, there = at + entry[one].get(upper, 0.0), there + entry[one].get(lower, 0.0)
            if at > there:
                gain += weight * much
            elif at < there:
                gain -= weight * much
    return gain
