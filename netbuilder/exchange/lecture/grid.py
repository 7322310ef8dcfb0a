"""Where stages and wires go: columns by distance from the input, branches in rows of their own, long wires where no stage is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netbuilder.exchange.lecture.stages import Lecture

Cell = tuple[int, int]
"""Column and row; the first stage is in (0, 0)."""


@dataclass(frozen=True)
class Grid:
    """`cells` by stage; `lanes` is the row along which a wire runs, by its ends, with a half for one between two rows.

    `upright` are the wires that lead straight down or up.
    """

    cells: dict[str, Cell]
    lanes: dict[tuple[str, str], float]
    upright: frozenset[tuple[str, str]] = frozenset()


def lay_out(picture: Lecture) -> Grid:
    """No two stages in one cell, and no wire through a stage."""
    from netbuilder.exchange.lecture.valley import valley

    return valley(picture) or _in_columns(picture)


def _in_columns(picture: Lecture) -> Grid:
    """Every stage right of those it is made from."""
    feeds: dict[str, list[str]] = {id_: [] for id_ in picture.stages}
    for source, target in picture.wires:
        feeds[target].append(source)
    cells: dict[str, Cell] = {}
    lanes: dict[tuple[str, str], float] = {}
    taken: set[Cell] = set()
    for id_ in picture.stages:
        sources = [source for source in feeds[id_] if source in cells]
        column = max((cells[source][0] + 1 for source in sources), default=0)
        wanted = min((cells[source][1] for source in sources if cells[source][0] == column - 1), default=0, key=abs)
        row = next(row for row in _around(wanted) if (column, row) not in taken)
        cells[id_] = (column, row)
        taken.add((column, row))
        for source in sorted(sources, key=lambda each: -cells[each][0]):
            lane = _lane(cells[source], (column, row), taken)
            lanes[source, id_] = lane
            taken.update((between, lane) for between in range(cells[source][0] + 1, column))
    return Grid(cells, lanes)


def _lane(source: Cell, target: Cell, taken: set[Cell]) -> int:
    """A free row for a wire; the target's own row where nothing is between them."""
    between = range(source[0] + 1, target[0])
    if not between:
        return target[1]

    def free(row: int) -> bool:
        ends = [] if row == target[1] else [(target[0], row)]
        return not any(cell in taken for cell in [*((column, row) for column in between), *ends])

    rows: tuple[int, ...] = (target[1], source[1], *range(source[1] - 1, min(row for _, row in taken) - 2, -1))
    return next(row for row in rows if free(row))


def _around(row: int) -> Iterator[int]:
    yield row
    distance = 1
    while True:
        yield row + distance
        yield row - distance
        distance += 1
