"""Bubbles of accuracy over cost, for the user's own runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from netbuilder.ui.panels.runs.complexity import LARGEST, SMALLEST, diameters
from netbuilder.ui.panels.runs.panel import RunsPanel
from netbuilder.ui.panels.runs.reader import Reading, Row

LEFT = Qt.MouseButton.LeftButton


def row(name: str, accuracy: float | None, parameters: int | None, macs: int | None, parent: Path | None = None) -> Row:
    return Row(Path(name), name, None, accuracy, 0.1, 1, 3, parameters, 4.0, "done", parent=parent, macs=macs)


ROWS = (
    row("small", 0.90, 1_000, 2_000),
    row("middle", 0.95, 60_000, 400_000),
    row("large", 0.97, 4_000_000, 90_000_000),
    row("values", None, 10, 10),
    row("nearest neighbours", 0.93, None, None),
    row("fold 1", 0.9, 60_000, 400_000, parent=Path("folds")),
)


@pytest.fixture
def panel(context, qtbot) -> RunsPanel:
    found = RunsPanel(context)
    qtbot.addWidget(found)
    found.read = lambda: None  # type: ignore[method-assign]
    found.resize(1200, 300)
    found.show()
    found.show_reading(Reading(ROWS, {}))
    QTest.mouseClick(found.findChild(QToolButton, "segment.complexity"), LEFT)
    return found


def test_runs_with_accuracy_and_cost_are_bubbles(panel: RunsPanel) -> None:
    view = panel.complexity
    assert view.isVisible()
    content = view.chart.content
    assert content is not None
    assert sorted(float(dots.x[0]) for dots in content.dots) == pytest.approx(sorted(np.log10([2_000, 400_000, 90_000_000])))
    sizes = {round(float(dots.x[0]), 3): float(dots.size) for dots in content.dots}
    assert max(sizes.values()) == LARGEST == sizes[round(float(np.log10(90_000_000)), 3)]
    QTest.mouseClick(view.findChild(QToolButton, "segment.parameters"), LEFT)
    assert view.chart.content is not None
    assert "parameters" in view.chart.content.x.label


def test_areas_are_in_proportion() -> None:
    found = diameters(np.array([1.0, 4.0, 16.0]))
    assert found == pytest.approx([10.0, 20.0, 40.0])
    assert diameters(np.array([1.0, 1e9]))[0] == SMALLEST


def test_hovering_tells_and_a_click_selects_the_run(panel: RunsPanel) -> None:
    chart = panel.complexity.chart
    place = chart.to_pixel(float(np.log10(400_000)), 0.95)
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, chart.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(chart, move)
    assert chart.told.splitlines()[0] == "middle"
    assert "60,000 parameters" in chart.told
    QTest.mouseClick(chart, LEFT, pos=place.toPoint())
    assert panel.selected == [Path("middle")]
    panel.show_reading(Reading(ROWS, {}))
    assert any(dots.hollow for dots in chart.content.dots)


def test_without_accuracies_it_says_what_to_do(panel: RunsPanel) -> None:
    panel.show_reading(Reading((row("values", None, 10, 10),), {}))
    assert panel.complexity.chart.content is None
    assert "Train networks" in panel.complexity.chart.empty
