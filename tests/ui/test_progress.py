"""The thin bar of a training, as it looks."""

from __future__ import annotations

import pytest

from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.progress import Progress


@pytest.fixture
def bar(qtbot) -> Progress:
    progress = Progress(Themes("dark"), 100)
    qtbot.addWidget(progress)
    return progress


def colours(bar: Progress, *places: int) -> list[str]:
    image = bar.grab().toImage()
    return [image.pixelColor(place, 3).name() for place in places]


def test_its_share_is_filled(bar: Progress) -> None:
    theme = Themes("dark").current
    bar.show_share(0.4)
    assert (bar.value(), bar.maximum()) == (40, 100)
    assert colours(bar, 20, 36, 45, 80) == [theme.accent.name()] * 2 + [theme.raised.name()] * 2
    bar.show_share(7.0)
    assert colours(bar, 90) == [theme.accent.name()]


def test_busy_looks_neither_empty_nor_full(bar: Progress) -> None:
    theme = Themes("dark").current
    bar.show_busy()
    assert not {theme.accent.name(), theme.raised.name()} & set(colours(bar, 10, 50, 90))
    bar.show_share(0.0)
    assert colours(bar, 50) == [theme.raised.name()]
