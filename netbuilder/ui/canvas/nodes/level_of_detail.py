"""How much of a node is drawn at a zoom, so that cost and clutter stay bounded."""

from __future__ import annotations

from enum import IntEnum


class Detail(IntEnum):
    """From a coloured block to the whole node."""

    BLOCK = 0
    NAME = 1
    SHAPE = 2
    FULL = 3

    __hash__ = int.__hash__


_CROWD = 1500
_LEGIBLE = 0.2


def detail(zoom: float, crowd: int = 0) -> Detail:
    """Below 50 % name and shape; below 25 % stripe and name; below 12 % blocks of colour.

    Where a `crowd` of nodes is on show, their names give way to blocks as soon as they are too small to read.
    """
    if zoom < 0.12 or (zoom < _LEGIBLE and crowd > _CROWD):
        return Detail.BLOCK
    if zoom < 0.25:
        return Detail.NAME
    return Detail.SHAPE if zoom < 0.5 else Detail.FULL
