"""The level stretches of long wires, so that wires from elsewhere run beside them and not upon them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import floor
from typing import NamedTuple

from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainterPath

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.wires.neighbours import Stretch

_ROW = 64.0
_NEAR = 26.0

Rank = tuple[float, float, Port]
"""Shorter wires choose first: the length of a wire, where it begins, and the port that it feeds."""


class Lane(NamedTuple):
    """Where a wire runs level, and whose it is."""

    stretch: Stretch
    source: str
    rank: Rank


class Lanes:
    """The lanes of wires by the input ports that they feed."""

    def __init__(self) -> None:
        self._lanes: dict[Port, Lane] = {}
        self._rows: defaultdict[int, set[Port]] = defaultdict(set)

    def put(self, port: Port, lane: Lane | None) -> list[Port]:
        """A wire runs there now; returns those that have to make way for it, or need to no longer."""
        before = self._lanes.pop(port, None)
        if before is not None:
            self._rows[_row(before.stretch.level)].discard(port)
        if lane is not None:
            self._lanes[port] = lane
            self._rows[_row(lane.stretch.level)].add(port)
        if before == lane:
            return []
        return [other for changed in (before, lane) if changed is not None for other in self._minding(changed)]

    def others(self, source: str, rank: Rank, between: tuple[float, float]) -> list[Stretch]:
        """The lanes of shorter wires from elsewhere between two levels."""
        near = (self._lanes[port] for port in self._near(*between))
        return [lane.stretch for lane in near if lane.source != source and lane.rank < rank]

    def _minding(self, changed: Lane) -> Iterator[Port]:
        level, begin, end = changed.stretch
        for port in self._near(level - _NEAR, level + _NEAR):
            lane = self._lanes[port]
            if lane.rank > changed.rank and lane.source != changed.source and lane.stretch.begin < end and lane.stretch.end > begin:
                yield port

    def _near(self, top: float, bottom: float) -> Iterator[Port]:
        for row in range(_row(top), _row(bottom) + 1):
            yield from self._rows.get(row, ())


def stretch_of(way: QLineF | QPainterPath, *, down: bool) -> Stretch | None:
    """The longest level stretch of a wire that leads on; `down` is the direction of flow."""
    if isinstance(way, QLineF):
        ends = [(way.x1(), way.y1()), (way.x2(), way.y2())]
        pieces = [(ends[0], ends[1])]
    else:
        spots = [way.elementAt(index) for index in range(way.elementCount())]
        pieces = [((a.x, a.y), (b.x, b.y)) for a, b in pairwise(spots) if b.isLineTo()]  # type: ignore[attr-defined]
    turned = [(a[::-1], b[::-1]) if down else (a, b) for a, b in pieces]
    level = [Stretch(a[1], a[0], b[0]) for a, b in turned if a[1] == b[1] and a[0] < b[0]]
    return max(level, key=lambda stretch: stretch.end - stretch.begin, default=None)


def _row(level: float) -> int:
    return floor(level / _ROW)
