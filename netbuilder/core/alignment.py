"""Rows and columns of rectangles: aligned at an edge or a middle, or spread with equal gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Box = tuple[float, float, float, float]
"""Left, top, width and height."""
Place = tuple[float, float]

WAYS: tuple[tuple[str, str, Callable[[Mapping[str, Box]], dict[str, Place]]], ...] = (
    ("align_left", "Align left edges", lambda boxes: _aligned(boxes, 0, 0.0)),
    ("align_centre", "Align centres", lambda boxes: _aligned(boxes, 0, 0.5)),
    ("align_right", "Align right edges", lambda boxes: _aligned(boxes, 0, 1.0)),
    ("align_top", "Align upper edges", lambda boxes: _aligned(boxes, 1, 0.0)),
    ("align_middle", "Align middles", lambda boxes: _aligned(boxes, 1, 0.5)),
    ("align_bottom", "Align lower edges", lambda boxes: _aligned(boxes, 1, 1.0)),
    ("distribute_across", "Distribute horizontally", lambda boxes: _distributed(boxes, 0)),
    ("distribute_down", "Distribute vertically", lambda boxes: _distributed(boxes, 1)),
)
"""Name, title, and the function that gives each box its new upper left corner."""


def line_up(way: str, boxes: Mapping[str, Box]) -> dict[str, Place]:
    """Where these boxes go; `way` is the name of one of `WAYS`."""
    return next(place for name, _, place in WAYS if name == way)(boxes) if boxes else {}


def _aligned(boxes: Mapping[str, Box], axis: int, share: float) -> dict[str, Place]:
    """All at the same line: the outermost edge, or the middle of the whole."""
    low = min(box[axis] for box in boxes.values())
    high = max(box[axis] + box[axis + 2] for box in boxes.values())
    line = low + share * (high - low)
    return {id_: _at(box, axis, line - share * box[axis + 2]) for id_, box in boxes.items()}


def _distributed(boxes: Mapping[str, Box], axis: int) -> dict[str, Place]:
    """Equal gaps between the first and the last, which stay; overlapping ones overlap equally."""
    ordered = sorted(boxes.items(), key=lambda entry: entry[1][axis] + entry[1][axis + 2] / 2)
    first, last = ordered[0][1], ordered[-1][1]
    free = last[axis] + last[axis + 2] - first[axis] - sum(box[axis + 2] for _, box in ordered)
    gap, at = free / max(1, len(ordered) - 1), first[axis]
    places = {}
    for id_, box in ordered:
        places[id_] = _at(box, axis, at)
        at += box[axis + 2] + gap
    return places


def _at(box: Box, axis: int, value: float) -> Place:
    return (value, box[1]) if axis == 0 else (box[0], value)
