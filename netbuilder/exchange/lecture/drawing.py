"""Feature maps as blocks `[c, h, w]` in sequence with kernel sizes between them, as an SVG."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError
from netbuilder.exchange.lecture.blocks import Solid
from netbuilder.exchange.lecture.grid import Grid, lay_out
from netbuilder.exchange.lecture.measure import LINE, MARGIN, STRIP, Line, Measured, captions, measure, operations, wide
from netbuilder.exchange.lecture.stages import Lecture, Stage, lecture
from netbuilder.exchange.lecture.svg import circle, document, number, path, polygon, text
from netbuilder.layers.tones import LIGHT, Tones
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis

_TURN = 7.0


def draw(
    graph: Graph,
    title: str = "",
    *,
    only: Collection[str] = (),
    tones: Tones = LIGHT,
    transparent: bool = False,
    analysis: Analysis | None = None,
) -> str:
    """The network, or some of its nodes, as SVG text. Raises `ExportError` when there is nothing to draw."""
    picture = lecture(graph, analysis or analyze(graph), only)
    if not picture.stages:
        raise ExportError("There is nothing to draw.", remedy="Add a layer first.")
    grid = lay_out(picture)
    sheet = _Sheet(picture, grid, measure(picture, grid), tones)
    return document(list(sheet.parts()), sheet.place.width, sheet.place.height, title, "" if transparent else tones.canvas)


class _Sheet:
    """One drawing in the making."""

    def __init__(self, picture: Lecture, grid: Grid, place: Measured, tones: Tones) -> None:
        self.picture, self.grid, self.place, self.tones = picture, grid, place, tones
        self._outs: dict[str, float] = {}
        self._ins: dict[int, int] = {}

    def parts(self) -> Iterator[str]:
        """Wires behind blocks, kernels on them, words under them."""
        for source, target in self.picture.wires:
            yield from self._wire(source, target)
        for id_, stage in self.picture.stages.items():
            yield f'<g id="{id_}">'
            yield from self._block(stage)
            yield from self._words(stage)
            yield "</g>"
        for source, target in self.picture.wires:
            yield from self._kernel(source, target)

    def _at(self, id_: str) -> tuple[float, float, Solid]:
        column, row = self.grid.cells[id_]
        return self.place.left(id_, column), self.place.rows[self.place.columns[column].line, row], self.place.solids[id_]

    def _block(self, stage: Stage) -> Iterator[str]:
        x, y, body = self._at(stage.node)
        colour, line = self.tones.category(stage.category), self.tones.text
        if stage.sign:
            r = body.width / 2
            yield circle(x + r, y, r - 1, self.tones.canvas, line)
            yield text(x + r, y + 5, stage.sign, "text", 15, line)
            return
        yield polygon(body.front(x, y), self.tones.canvas)
        yield polygon(body.front(x, y), colour, colour, 0.62 if stage.shape else 0.0)
        if body.depth:
            for face, share in ((body.top(x, y), 0.38), (body.side(x, y), 0.24)):
                yield polygon(face, self.tones.canvas)
                yield polygon(face, colour, colour, share)

    def _words(self, stage: Stage) -> Iterator[str]:
        column, row = self.grid.cells[stage.node]
        place = self.place.columns[column]
        band = self.place.bands[place.line, row]
        yield from self._lines(captions(stage), (place.left + place.right) / 2, band)
        if not any(target == stage.node for _, target in self.grid.upright):
            yield from self._lines(operations(stage), place.words, band)

    def _lines(self, lines: Sequence[Line], x: float, band: float) -> Iterator[str]:
        for number_, line in enumerate(lines, 1):
            fill = self.tones.text if line.kind != "text" else self.tones.secondary
            yield text(x, band + number_ * LINE - 3, line.text, line.kind, line.size, fill)

    def _kernel(self, source: str, target: str) -> Iterator[str]:
        """The window on the picture that one number of the next block sees, and its rays."""
        stage, before = self.picture.stages[target], self.picture.stages[source]
        (from_column, row), follows = self.grid.cells[source], self.grid.cells[target]
        if (
            len(stage.window) < 2
            or len(before.shape) < 3
            or before.sign
            or follows != (from_column + 1, row)
            or self._turns(source, target)
        ):
            return
        x, y, body = self._at(source)
        end_x, end_y, _ = self._at(target)
        shares = [min(1.0, max(0.16, extent / (size or 1))) for extent, size in zip(stage.window[-2:], before.shape[-2:], strict=True)]
        if min(shares) >= 1.0:
            return
        down, along = (1 - shares[0]) / 2, (1 - shares[1]) / 2
        window = body.window(x, y, along, along + shares[1], down, down + shares[0])
        for corner in window[1:3]:
            yield path(
                f"M{number(corner[0])} {number(corner[1])}L{number(end_x)} {number(end_y)}", self.tones.faint, wide=0.8, dashes="3 2"
            )
        yield polygon(window, self.tones.text, self.tones.text, 0.18)

    def _wire(self, source: str, target: str) -> Iterator[str]:
        """Right, along its lane, and into the target, with rounded corners and a tip."""
        (from_column, _), (to_column, _) = self.grid.cells[source], self.grid.cells[target]
        if (source, target) in self.grid.upright:
            yield from self._shaft(source, target)
            return
        x, y, body = self._at(source)
        end_x, end_y, _ = self._at(target)
        right = self.place.width - MARGIN / 2
        turns = self._turns(source, target)
        lane = end_y if turns else self.place.rows[self.place.columns[from_column].line, self.grid.lanes[source, target]]
        start = x + body.breadth if body.depth < body.height / 2 else x + body.width + body.depth / 2
        points = [(start, y)]
        if turns:
            below = self.place.tops[self.place.columns[to_column].line] - MARGIN / 4
            points += [(right, y), (right, below), (MARGIN / 2, below), (MARGIN / 2, end_y)]
        elif lane != y:
            leave = self._outs.setdefault(source, self._strip(from_column))
            points += [(leave, y), (leave, lane)]
        if lane != end_y:
            rank = self._ins[to_column] = self._ins.get(to_column, 0) + 1
            enter = self.place.columns[to_column].strip_in + STRIP * (rank - 0.5)
            points += [(enter, lane), (enter, end_y)]
        yield path(_rounded([*points, (end_x - 5, end_y)]), self.tones.faint)
        yield polygon([(end_x - 7, end_y - 3.5), (end_x - 0.5, end_y), (end_x - 7, end_y + 3.5)], self.tones.faint)

    def _turns(self, source: str, target: str) -> bool:
        """Whether a wire leads from the end of a line to the beginning of the next one."""
        columns = self.place.columns
        return columns[self.grid.cells[source][0]].line != columns[self.grid.cells[target][0]].line

    def _shaft(self, source: str, target: str) -> Iterator[str]:
        """Straight down or up, with its words outside the valley."""
        stage = self.picture.stages[target]
        down = self.grid.cells[source][1] < self.grid.cells[target][1]
        x, foot = self._foot(source if down else target)
        _, roof = self._roof(target if down else source)
        start, end, way = (foot, roof, 1) if down else (roof, foot, -1)
        yield path(f"M{number(x)} {number(start)}L{number(x)} {number(end - 5 * way)}", self.tones.faint)
        yield polygon([(x - 3.5, end - 7 * way), (x, end - 0.5 * way), (x + 3.5, end - 7 * way)], self.tones.faint)
        lines = operations(stage)
        half = max((wide(line) for line in lines), default=0.0) / 2 + 8
        side = x - half if down and x - 2 * half > 0 else x + half
        yield from self._lines(lines, side, (start + end - LINE * len(lines)) / 2)

    def _foot(self, id_: str) -> tuple[float, float]:
        """Below the words under a block."""
        column, row = self.grid.cells[id_]
        place = self.place.columns[column]
        return (place.left + place.right) / 2, self.place.bands[place.line, row] + LINE * len(captions(self.picture.stages[id_])) + 5

    def _roof(self, id_: str) -> tuple[float, float]:
        """On top of a block."""
        x, y, body = self._at(id_)
        return x + body.breadth / 2, y - body.height / 2 - min(body.depth, body.breadth / 2) - 3

    def _strip(self, column: int) -> float:
        used = sum(1 for source in self._outs if self.grid.cells[source][0] == column)
        return self.place.columns[column].right + STRIP * (used + 0.5)


def _rounded(points: Sequence[tuple[float, float]]) -> str:
    """A way with its corners rounded."""
    told = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _toward(corner, before), _toward(corner, after)
        told.append(f"L{number(near[0])} {number(near[1])}Q{number(corner[0])} {number(corner[1])} {number(far[0])} {number(far[1])}")
    return "".join([*told, f"L{number(points[-1][0])} {number(points[-1][1])}"])


def _toward(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """A little way from a corner to the next point."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    length = abs(across) + abs(down)
    share = min(_TURN, length / 2) / length if length else 0.0
    return corner[0] + across * share, corner[1] + down * share
