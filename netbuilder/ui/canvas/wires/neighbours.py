"""What a long wire must know about other wires before its path is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netbuilder.ui.canvas.geometry import Box

Chord = tuple[tuple[float, float], tuple[float, float]]
"""Where a wire begins and where it ends."""


class Stretch(NamedTuple):
    """A level piece of a wire: where it lies across the flow, and where along the flow it begins and ends."""

    level: float
    begin: float
    end: float


class Company(NamedTuple):
    """For a wire that leads back: the places to which `others` from its source lead back, and the wires that it should not cross.

    For a wire that leads on: the `lanes` that are taken.
    """

    others: Sequence[Box] = ()
    wires: Sequence[Chord] = ()
    lanes: Sequence[Stretch] = ()

    def transposed(self) -> Company:
        """The same where down is right; lanes are told along the flow anyhow."""
        boxes = [(top, left, bottom, right) for left, top, right, bottom in self.others]
        return Company(boxes, [(first[::-1], last[::-1]) for first, last in self.wires], self.lanes)
