"""Lines of equal height over a grid of values (marching squares: Lorensen and Cline 1987, in two dimensions)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Side = tuple[int, int, int]
"""From the place (row, column), the first two numbers, to its neighbour to the right (0) or below (1)."""


def isolines(values: Floats, level: float) -> list[NDArray[np.float64]]:
    """Every line along which values (rows, columns) pass `level`, as points (row, column); closed ones end where they begin."""
    links: dict[Side, list[Side]] = defaultdict(list)
    for first, second in _steps(values > level, values, level):
        links[first].append(second)
        links[second].append(first)
    ends = [side for side, others in links.items() if len(others) == 1]
    lines = [_follow(links, side) for side in (*ends, *links) if links[side]]
    return [np.array([_point(values, level, side) for side in line]) for line in lines]


def _steps(above: NDArray[np.bool_], values: Floats, level: float) -> Iterator[tuple[Side, Side]]:
    """The pieces of all lines, each from one side of a square to another."""
    corners = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, 1:] + above[1:, :-1]
    for row, column in np.argwhere((corners > 0) & (corners < 4)).tolist():
        here, right, across, below = above[row, column], above[row, column + 1], above[row + 1, column + 1], above[row + 1, column]
        top, bottom, left, far = (row, column, 0), (row + 1, column, 0), (row, column, 1), (row, column + 1, 1)
        if here == across and right == below:
            joined = bool(values[row : row + 2, column : column + 2].mean() > level) == here
            yield from (((top, far), (bottom, left)) if joined else ((top, left), (bottom, far)))
            continue
        passed = ((top, here != right), (far, right != across), (bottom, below != across), (left, here != below))
        first, second = (side for side, crossed in passed if crossed)
        yield first, second


def _follow(links: dict[Side, list[Side]], side: Side) -> list[Side]:
    """A line from this side on, whose pieces are taken out of the links."""
    line = [side]
    while links[side]:
        following = links[side].pop()
        links[following].remove(side)
        line.append(following)
        side = following
    return line


def _point(values: Floats, level: float, side: Side) -> tuple[float, float]:
    row, column, down = side
    here, there = float(values[row, column]), float(values[row + down, column + 1 - down])
    share = (level - here) / (there - here)
    return row + share * down, column + share * (1 - down)
