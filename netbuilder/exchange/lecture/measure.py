"""From cells to pixels: columns as wide as their blocks and words, gaps as wide as theirs, so that no two texts can touch."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from netbuilder.exchange.lecture.blocks import Solid, solid
from netbuilder.exchange.lecture.grid import Grid
from netbuilder.exchange.lecture.lettering import width
from netbuilder.exchange.lecture.stages import Lecture, Stage

NAME, SHAPE, WORDS = 12.0, 10.5, 10.5
LINE = 15.0
MARGIN = 18.0
_GAP = 26.0
STRIP = 6.0
"""Room for one upright part of a wire."""
_AIR = 8.0
_SHAFT = 34.0
"""The least length of a wire that leads straight down or up."""
_BROAD = 1100.0
"""A drawing wider than this continues on a further line, so that its letters can be read on a page."""
_SHARE, _TALL, _SPARE = 2.0, 240.0, 0.15
"""How much wider than high a drawing on several lines wants to be, about how high a line is, and how much more it may take."""


@dataclass(frozen=True)
class Line:
    """One line of text under a block or an arrow."""

    text: str
    kind: str
    size: float


@dataclass(frozen=True)
class Column:
    """A column with the gap before it, on one of the drawing's lines. Upright parts of wires run in the strips at both ends of a gap."""

    strip_in: float
    words: float
    left: float
    right: float
    line: int = 0


@dataclass(frozen=True)
class Measured:
    """Where everything is. By line and row, `rows` is the height of arrows and `bands` where words begin; `tops` is where lines do."""

    solids: dict[str, Solid]
    columns: tuple[Column, ...]
    rows: dict[tuple[int, float], float]
    bands: dict[tuple[int, float], float]
    tops: tuple[float, ...]
    width: float

    @property
    def height(self) -> float:
        """Of the whole drawing."""
        return self.tops[-1]

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
    columns = _in_lines(_columns(picture, grid, solids), _breaks(grid))
    rows: dict[tuple[int, float], float] = {}
    bands: dict[tuple[int, float], float] = {}
    tops = [0.0]
    for line in range(columns[-1].line + 1):
        y = tops[-1] + MARGIN
        here = {id_: cell for id_, cell in grid.cells.items() if columns[cell[0]].line == line}
        lanes = {lane for (source, target), lane in grid.lanes.items() if source in here and target in here}
        for row in sorted({float(row) for _, row in here.values()} | lanes):
            above, below, words = _row(picture, grid, solids, [id_ for id_, cell in here.items() if cell[1] == row])
            rows[line, row] = y + above
            bands[line, row] = y + above + below + 6
            y = bands[line, row] + words + _shaft(picture, grid, row)
        tops.append(y - 12 + MARGIN)
    return Measured(solids, columns, rows, bands, tuple(tops), max(column.right for column in columns) + MARGIN)


def _row(picture: Lecture, grid: Grid, solids: dict[str, Solid], here: list[str]) -> tuple[float, float, float]:
    """What a row takes above and below its arrows, and its words below that."""
    beside = {target for _, target in grid.upright}
    above = max((solids[id_].height / 2 + solids[id_].depth for id_ in here), default=8.0)
    below = max((solids[id_].height / 2 for id_ in here), default=8.0)
    spoken = [*map(captions, (picture.stages[id_] for id_ in here))]
    spoken += [operations(picture.stages[id_]) for id_ in here if id_ not in beside]
    return above, below, max(map(len, spoken), default=0) * LINE + (12 if here else 2)


def _shaft(picture: Lecture, grid: Grid, row: float) -> float:
    """Room below a row for the wires that lead straight to the next one."""
    ends = [target for pair in grid.upright for target in pair[1:] if min(grid.cells[id_][1] for id_ in pair) == row]
    return max((max(_SHAFT, 8 + LINE * len(operations(picture.stages[id_]))) for id_ in ends), default=0.0)


def _columns(picture: Lecture, grid: Grid, solids: dict[str, Solid]) -> tuple[Column, ...]:
    beside = {target for _, target in grid.upright}
    result: list[Column] = []
    x = MARGIN
    for column in range(max(at for at, _ in grid.cells.values()) + 1):
        here = [picture.stages[id_] for id_, cell in grid.cells.items() if cell[0] == column]
        block = max(max([solids[stage.node].breadth, *(wide(line) for line in captions(stage))]) for stage in here)
        words = max((wide(line) for stage in here if stage.node not in beside for line in operations(stage)), default=0.0)
        bent = [pair for pair, lane in grid.lanes.items() if grid.cells[pair[1]][1] != lane and pair not in grid.upright]
        strips = STRIP * sum(grid.cells[target][0] == column for _, target in bent)
        out = STRIP * len({source for source, _ in grid.lanes if grid.cells[source][0] == column - 1})
        gap = max(_GAP, words + 2 * _AIR) if column or words else 0.0
        start = x + (out if column else 0.0)
        left = start + gap + strips
        result.append(Column(start + gap, start + gap / 2, left, left + block))
        x = left + block
    return tuple(result)


def _breaks(grid: Grid) -> list[int]:
    """The columns with which a line may begin: only one wire leads to what is at and behind them. None where branches have rows."""
    if any(row for _, row in grid.cells.values()):
        return []
    spans = [(grid.cells[source][0], grid.cells[target][0]) for source, target in grid.lanes]
    last = max(column for column, _ in grid.cells.values())
    return [column for column in range(1, last + 1) if sum(source < column <= target for source, target in spans) == 1]


def _in_lines(columns: tuple[Column, ...], breaks: list[int]) -> tuple[Column, ...]:
    """A drawing too broad for a page goes on below, on lines that are about as long as one another."""
    total = columns[-1].right
    most = max(_BROAD, sqrt(_SHARE * total * _TALL))
    if total <= most or not breaks:
        return columns
    wanted, length = max(2, ceil(total / most - _SPARE)), 0.0
    starts = list(breaks)
    while len(starts) >= wanted and length < total:
        length = length * 1.02 or total / wanted
        starts = _starts(columns, breaks, length)
    result: list[Column] = []
    begin, line = 0.0, 0
    for number, column in enumerate(columns):
        if number in starts:
            begin, line = columns[number - 1].right - MARGIN, line + 1
        result.append(Column(column.strip_in - begin, column.words - begin, column.left - begin, column.right - begin, line))
    return tuple(result)


def _starts(columns: tuple[Column, ...], breaks: list[int], length: float) -> list[int]:
    """The columns with which lines begin that are as full as they can be."""
    starts: list[int] = []
    begin = 0.0
    for number, column in enumerate(columns):
        if number in breaks and column.right - begin > length:
            starts.append(number)
            begin = columns[number - 1].right - MARGIN
    return starts


def wide(line: Line) -> float:
    """Pixels that a line takes."""
    return width(line.text, line.kind, line.size) if line.text else 0.0
