"""The legend below a plot makes lines of its own when one is too narrow."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPen
from pytestqt.qtbot import QtBot

from netbuilder.ui.plots.margins import Legend
from netbuilder.ui.theme import Themes


@pytest.mark.parametrize(("width", "runs", "lines"), [(600, 3, 1), (220, 3, 3), (420, 4, 2), (120, 9, 3), (200, 0, 1)])
def test_names_take_more_lines_in_a_narrow_plot(qtbot: QtBot, width: int, runs: int, lines: int) -> None:
    legend = Legend(46)
    qtbot.addWidget(legend)
    legend.resize(width, legend.height())
    legend.show_entries([(f"LeNet-5 run {n}", "0.1234", QPen(QColor("red"))) for n in range(runs)], Themes("dark").current)
    assert legend.height() == 20 * lines
    assert legend.toolTip().count("\n") == max(0, runs - 1)
    legend.resize(2000, 20)
    assert legend.grab().height() == 20
