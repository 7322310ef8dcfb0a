"""How long a tick of the curves takes."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.theme import Themes

TICKS = 30


@pytest.mark.benchmark
@pytest.mark.parametrize("points", [1_000, 20_000])
def test_a_tick_with_six_curves(qtbot, capsys, points: int) -> None:
    plot = CurvePlot(Themes("dark"), "Loss")
    qtbot.addWidget(plot)
    plot.resize(420, 240)
    rng = np.random.default_rng(0)
    x = np.linspace(0.001, 9.5, points)
    for number in range(6):
        plot.add_curve(str(number), f"run {number}", "train", number)
        y = 2.3 * np.exp(-x / 2) * (1 + 0.1 * rng.normal(size=points))
        plot.replace(str(number), list(zip(x.tolist(), y.tolist(), strict=True)))
    plot.show()
    plot.refresh()
    QApplication.processEvents()
    updates, paints = [], []
    for tick in range(TICKS):
        start = perf_counter()
        for number in range(6):
            plot.append(str(number), 9.5 + tick * 1e-3, 0.1)
        plot.refresh()
        middle = perf_counter()
        plot._surface.widget.viewport().repaint()
        updates.append(middle - start)
        paints.append(perf_counter() - middle)
    with capsys.disabled():
        update, paint = 1000 * float(np.median(updates)), 1000 * float(np.median(paints))
        print(f"\n6 curves × {points:,} points: update {update:.1f} ms + paint {paint:.1f} ms = {update + paint:.1f} ms a tick")
    assert plot.updates("0") <= TICKS + 2
