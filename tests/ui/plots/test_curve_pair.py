"""Two plots take turns where both do not fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from netbuilder.ui.plots.curve_pair import CurvePair
from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.theme import Themes


@pytest.fixture
def pair(qtbot: QtBot) -> Iterator[CurvePair]:
    themes, host = Themes("dark"), QWidget()
    qtbot.addWidget(host)
    host.show()
    found = CurvePair(CurvePlot(themes, "Loss"), CurvePlot(themes, "Accuracy"), host)
    found.resize(700, 240)
    found.show()
    yield found
    host.close()


def _seen(pair: CurvePair) -> list[str]:
    return [plot.title for plot in pair.findChildren(CurvePlot) if plot.isVisible()]


def test_both_are_shown_where_there_is_room(pair: CurvePair) -> None:
    assert _seen(pair) == ["Loss", "Accuracy"]
    assert not pair.choice.isVisible()
    pair.show_second(False)
    assert _seen(pair) == ["Loss"]


def test_in_a_narrow_place_one_is_chosen(pair: CurvePair) -> None:
    pair.resize(260, 240)
    assert pair.width() == 260
    assert _seen(pair) == ["Loss"]
    pair.choice.choose("Accuracy")
    pair.choice.chosen.emit("Accuracy")
    assert _seen(pair) == ["Accuracy"]
    pair.show_second(False)
    assert _seen(pair) == ["Loss"]
    assert not pair.choice.isVisible()
    pair.show_second(True)
    pair.resize(700, 240)
    assert _seen(pair) == ["Loss", "Accuracy"]
