"""From cells to pixels: columns as wide as their blocks and words, gaps as wide as theirs, so that no two texts can touch."""

from __future__ import annotations

from dataclasses import dataclass

from netbuilder.exchange.lecture.blocks import Solid, solid
from netbuilder.exchange.lecture.grid import Grid
from netbuilder.exchange.lecture.lettering import width
from netbuilder.exchange.lecture.stages import Lecture, Stage

NAME, SHAPE, WORDS = 12.0, 10.5, 10.5
LINE = 15.0
_MARGIN = 18.0
_GAP = 26.0
STRIP = 6.0
"""Room for one upright part of a wire."""
_AIR = 8.0


@dataclass(frozen=True)
class Line:
    """One line of text under a block or an arrow."""

    text: str
    kind: str
    size: float


@dataclass(frozen=True)
class Column:
    """A column with the gap before it. Upright parts of wires run in the strips at both ends of a gap."""

    strip_in: float
    words: float
    left: float
    right: float


@dataclass(frozen=True)
class Measured:
    """Where everything is. `rows` is the height of a row's arrows, `bands` where its words begin."""

    solids: dict[str, Solid]
    columns: tuple[Column, ...]
    rows: dict[int, float]
    bands: dict[int, float]
    width: float
    height: float

    def left(self, stage: str, column: int) -> float:
        """Where a block begins, in the middle of its column."""
        place = self.columns[column]
        return (place.left + place.right - self.solids[stage].breadth) / 2


def captions(stage: Stage) -> list[Line]:
    """What stands under a block: its name and its shape."""
    shape = "[" + ", ".join("?" if size is None else str(size) for size in stage.shape) + "]" if stage.shape else "?"
    named = [Line(stage.name, "strong", NAME)] if stage.name else []
    return named if stage.sign else [*named, Line(shape, "mono", SHAPE)]


def operations(stage: Stage) -> list[Line]:
    """What stands beside the way to a block."""
    return [Line(words, "text", WORDS) for words in stage.operations]


def measure(picture: Lecture, grid: Grid) -> Measured:
    """Pixels for the whole drawing."""
    largest = max((size or 1 for stage in picture.stages.values() for size in stage.shape[1:]), default=1)
    solids = {id_: solid(stage, largest) for id_, stage in picture.stages.items()}
    columns = _columns(picture, grid, solids)
    rows: dict[int, float] = {}
    bands: dict[int, float] = {}
    y = _MARGIN
    for row in sorted({row for _, row in grid.cells.values()} | set(grid.lanes.values())):
        here = [id_ for id_, cell in grid.cells.items() if cell[1] == row]
        above = max((solids[id_].height / 2 + solids[id_].depth for id_ in here), default=8.0)
        below = max((solids[id_].height / 2 for id_ in here), default=8.0)
        lines = max((max(len(captions(picture.stages[id_])), len(operations(picture.stages[id_]))) for id_ in here), default=0)
        rows[row] = y + above
        bands[row] = y + above + below + 6
        y = bands[row] + lines * LINE + (12 if here else 2)
    return Measured(solids, columns, rows, bands, columns[-1].right + _MARGIN, y - 12 + _MARGIN)


def _columns(picture: Lecture, grid: Grid, solids: dict[str, Solid]) -> tuple[Column, ...]:
    result: list[Column] = []
    x = _MARGIN
    for column in range(max(at for at, _ in grid.cells.values()) + 1):
        here = [picture.stages[id_] for id_, cell in grid.cells.items() if cell[0] == column]
        block = max(max([solids[stage.node].breadth, *(_wide(line) for line in captions(stage))]) for stage in here)
        words = max((_wide(line) for stage in here for line in operations(stage)), default=0.0)
        strips = STRIP * sum(grid.cells[target][0] == column and grid.cells[target][1] != lane for (_, target), lane in grid.lanes.items())
        out = STRIP * len({source for source, _ in grid.lanes if grid.cells[source][0] == column - 1})
        gap = max(_GAP, words + 2 * _AIR) if column or words else 0.0
        start = x + (out if column else 0.0)
        left = start + gap + strips
        result.append(Column(start + gap, start + gap / 2, left, left + block))
        x = left + block
    return tuple(result)


def _wide(line: Line) -> float:
    return width(line.text, line.kind, line.size) if line.text else 0.0
