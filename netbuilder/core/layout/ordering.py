"""The order within each column: medians and exchanges of neighbours, until few wires cross.

Gansner, Koutsofios, North, Vo: A technique for drawing directed graphs (IEEE TSE 19, 1993), with crossings weighted by
the wires that run together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from netbuilder.core.layout.layered import Layered

_WORK = 50_000
_LEAST, _MOST = 1, 32
_PATIENCE = 8
_TURNS = 6
_WORTH = 0.9

Rows = list[list[int]]
Cost = tuple[int, int]
"""Crossings between columns, and those at the ports of a node."""

Neighbours = Sequence[dict[int, int]]
Sides = Sequence[dict[int, float]]
"""For each point how far along its edge a neighbour's wire ends; empty when that does not matter."""


def order(net: Layered, start: Rows | None = None) -> Cost:
    """Sort the rows of every column and return the crossings that are left; `start` is kept unless a tenth of its crossings can be saved.

    Crossings right at the ports of a node decide between orders that have the same number of other crossings.
    """
    given = cost(net, start) if start is not None else None
    if start is not None and given == (0, 0):
        net.rows = start
        return given
    candidates = ((rows, cost(net, rows)) for rows in (net.rows_from_ends(), net.rows))
    fresh = min(candidates, key=itemgetter(1))
    rows, least = _searched(net, fresh if start is None or given is None else (start, given))
    if start is not None and fresh[1] < least:
        rows, least = _searched(net, fresh)
    if start is not None and given is not None and sum(least) >= _WORTH * sum(given):
        rows, least = start, given
    net.rows = rows
    return least


def _searched(net: Layered, found: tuple[Rows, Cost]) -> tuple[Rows, Cost]:
    if not any(found[1]):
        return found
    return _search(net, _search(net, found[0], ports=False)[0], ports=True)


def cost(net: Layered, rows: Rows, *, ports: bool = True) -> Cost:
    """Crossings, and twists at ports if these are asked for."""
    return crossings(net, rows), twists(net, rows) if ports else 0


def _search(net: Layered, best: Rows, *, ports: bool) -> tuple[Rows, Cost]:
    """The best order found by sweeping; with `ports`, a tie goes to the one with fewer twists there."""
    entry, leave = (net.entry, net.leave) if ports else ((), ())
    least = cost(net, best, ports=ports)
    size = len(net.column) + sum(map(len, net.after))
    rows = [list(row) for row in best]
    idle = 0
    for sweep in range(max(_LEAST, min(_MOST, _WORK // max(size, 1)))):
        if not any(least) or idle >= _PATIENCE:
            break
        _sweep(net, rows, leave, entry, down=sweep % 2 == ports, tied=sweep % 4 >= 2)
        if sweep or not ports:  # the first look from the ports leaves everything else as it is
            _exchange(net, rows, leave, entry, tied=sweep % 4 in (1, 2))
        found = cost(net, rows, ports=ports)
        idle += 1
        if found < least:
            best, least, idle = [list(row) for row in rows], found, 0
    return best, least


def crossings(net: Layered, rows: Rows) -> int:
    """How many pairs of wires cross."""
    place = _places(net, rows)
    total = 0
    for row in rows[:-1]:
        ends: list[tuple[int, int]] = []
        for point in row:
            after = net.after[point]
            if len(after) > 1:
                ends += sorted((place[target], weight) for target, weight in after.items())
                continue
            for target, weight in after.items():
                ends.append((place[target], weight))
        total += _inversions(ends)
    return total


def twists(net: Layered, rows: Rows) -> int:
    """How many pairs of wires cross right before a node at which both end, or right after a node at which both begin."""
    place = _places(net, rows)
    total = 0
    for sides in (net.entry, net.leave):
        for at in sides:
            if len(at) > 1:
                total += _inversions([(place[point], 1) for point in sorted(at, key=lambda point: (at[point], place[point]))])
    return total


def _inversions(ends: list[tuple[int, int]]) -> int:
    """The summed weight of pairs in the wrong order; quick where most ends are already in order."""
    seen: list[int] = []
    weights: list[int] = []
    total = 0
    for end, weight in ends:
        if not seen or seen[-1] <= end:
            seen.append(end)
            weights.append(weight)
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


def _sweep(net: Layered, rows: Rows, leave: Sides, entry: Sides, *, down: bool, tied: bool) -> None:
    """Sort each column by the medians of its neighbours in the one before; points without neighbours keep their places."""
    place = _places(net, rows)
    neighbours, ends = (net.before, leave) if down else (net.after, entry)
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


def _median(neighbours: dict[int, int], place: list[int], point: int, sides: Sides) -> float:
    """The weighted median of the places of its neighbours; of a single one, the place where the wire meets it."""
    if len(neighbours) == 1:
        only = next(iter(neighbours))
        return place[only] + (sides[only].get(point, 0.0) if sides else 0.0)
    places = sorted(place[point] for point, weight in neighbours.items() for _ in range(weight))
    middle = len(places) // 2
    if len(places) % 2:
        return float(places[middle])
    if len(places) == 2:
        return (places[0] + places[1]) / 2
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    return (places[middle - 1] * right + places[middle] * left) / (left + right) if left + right else float(places[middle])


def _exchange(net: Layered, rows: Rows, leave: Sides, entry: Sides, *, tied: bool) -> None:
    """Exchange neighbours in a column wherever that saves crossings; with `tied`, the first turn also where it changes nothing."""
    place = _places(net, rows)
    due = set(range(len(rows)))
    for turn in range(_TURNS):
        least = 0 if tied and not turn else 1
        changed = {number for number in sorted(due) if _exchange_row(net, rows[number], place, leave, entry, least)}
        due = {near for number in changed for near in (number - 1, number, number + 1) if 0 <= near < len(rows)}
        if not due:
            return


def _exchange_row(net: Layered, row: list[int], place: list[int], leave: Sides, entry: Sides, least: int) -> bool:
    better = False
    for index in range(len(row) - 1):
        upper, lower = row[index], row[index + 1]
        if _gain(net.before, upper, lower, place, leave) + _gain(net.after, upper, lower, place, entry) >= least:
            row[index], row[index + 1] = lower, upper
            place[upper], place[lower] = index + 1, index
            better = True
    return better


def _gain(neighbours: Neighbours, upper: int, lower: int, place: list[int], sides: Sides) -> int:
    """Crossings saved on one side by exchanging two points; `sides` tells where wires to the same node end."""
    above, below = neighbours[upper], neighbours[lower]
    if not above or not below:
        return 0
    gain = 0
    for one, weight in above.items():
        at: float = place[one]
        for other, much in below.items():
            there: float = place[other]
            if one == other and sides:
                at, there = at + sides[one].get(upper, 0.0), there + sides[one].get(lower, 0.0)
            if at > there:
                gain += weight * much
            elif at < there:
                gain -= weight * much
    return gain
