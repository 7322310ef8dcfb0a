"""How much of a node is drawn at a zoom, so that cost and clutter stay bounded."""

from __future__ import annotations

from enum import IntEnum


class Detail(IntEnum):
    """From a coloured block to the whole node."""

    BLOCK = 0
    NAME = 1
    SHAPE = 2
    FULL = 3


def detail(zoom: float) -> Detail:
    """Below 50 % name and shape; below 25 % stripe and name; below 12 % blocks of colour."""
    if zoom < 0.12:
        return Detail.BLOCK
    if zoom < 0.25:
        return Detail.NAME
    return Detail.SHAPE if zoom < 0.5 else Detail.FULL
