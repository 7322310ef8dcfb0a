"""Aligning and distributing boxes."""

from __future__ import annotations

import pytest

from netbuilder.core.alignment import line_up

BOXES = {"a": (0.0, 0.0, 100.0, 50.0), "b": (30.0, 200.0, 100.0, 90.0), "c": (400.0, 70.0, 100.0, 50.0)}


@pytest.mark.parametrize(
    ("way", "places"),
    [
        ("align_left", {"a": (0, 0), "b": (0, 200), "c": (0, 70)}),
        ("align_centre", {"a": (200, 0), "b": (200, 200), "c": (200, 70)}),
        ("align_right", {"a": (400, 0), "b": (400, 200), "c": (400, 70)}),
        ("align_top", {"a": (0, 0), "b": (30, 0), "c": (400, 0)}),
        ("align_middle", {"a": (0, 120), "b": (30, 100), "c": (400, 120)}),
        ("align_bottom", {"a": (0, 240), "b": (30, 200), "c": (400, 240)}),
        ("distribute_across", {"a": (0, 0), "b": (200, 200), "c": (400, 70)}),
        ("distribute_down", {"a": (0, 0), "c": (400, 100), "b": (30, 200)}),
    ],
)
def test_where_boxes_go(way: str, places: dict[str, tuple[float, float]]) -> None:
    assert line_up(way, BOXES) == places


def test_nothing_and_one_stay() -> None:
    assert line_up("distribute_down", {}) == {}
    assert line_up("align_right", {"a": BOXES["a"]}) == {"a": (0, 0)}
