"""Encoder and decoder as papers draw them: down at the left, one level for each size of the picture, and up at the right."""

from __future__ import annotations

from itertools import pairwise

from netbuilder.exchange.lecture.grid import Cell, Grid
from netbuilder.exchange.lecture.stages import Lecture


def valley(picture: Lecture) -> Grid | None:
    """Cells and lanes when the pictures only shrink and then only grow, with wires across; else nothing.

    Where a level has several stages they stand side by side, and the next level straight below or above the last of them;
    where each has one on either side, every stage is right of the one before.
    """
    order = list(picture.stages)
    levels = _levels(picture, order)
    if levels is None or not _crossed(picture, order, levels):
        return None
    chain = list(pairwise(order))
    level_ways = sum(levels[before] == levels[id_] for before, id_ in chain)
    upright = (
        frozenset(pair for pair in chain if levels[pair[0]] != levels[pair[1]]) if level_ways > 2 * max(levels.values()) else frozenset()
    )
    cells: dict[str, Cell] = {order[0]: (0, 0)}
    for before, id_ in chain:
        cells[id_] = (cells[before][0] + ((before, id_) not in upright), levels[id_])
    known = set(chain)
    lanes = {(source, target): levels[target] - (0.0 if (source, target) in known else 0.5) for source, target in picture.wires}
    return Grid(cells, lanes, upright)


def _levels(picture: Lecture, order: list[str]) -> dict[str, int] | None:
    """How far down each stage is, in steps of one, when the way leads down and then up."""
    sizes = [picture.stages[id_].shape[-1] if len(picture.stages[id_].shape) > 1 else None for id_ in order]
    known = [size for size in sizes if size]
    if len(known) < len(sizes):
        return None
    ranks = {size: rank for rank, size in enumerate(sorted(set(known), reverse=True))}
    steps = [ranks[size] for size in known]
    deepest = steps.index(max(steps))
    down = all(0 <= after - before <= 1 for before, after in pairwise(steps[: deepest + 1]))
    up = all(0 <= before - after <= 1 for before, after in pairwise(steps[deepest:]))
    return dict(zip(order, steps, strict=True)) if down and up and deepest else None


def _crossed(picture: Lecture, order: list[str], levels: dict[str, int]) -> bool:
    """Whether every stage is made from the one before it, and some also from one at their level or, where that is a block, below it."""
    chain, wires = set(pairwise(order)), set(picture.wires)
    across = wires - chain
    return chain <= wires and bool(across) and all(levels[source] - levels[target] in (0, 1) for source, target in across)
