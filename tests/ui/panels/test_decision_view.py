"""The decision surface beside the curves: for points in the plane only, live, and epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest
from msgspec.structs import replace
from patience import hover, until
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from netbuilder import templates
from netbuilder.core.document import Document
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.training.decision_view import DecisionView, window_of
from netbuilder.ui.panels.training.panel import TrainingPanel
from netbuilder.ui.widgets.later_panel import LaterPanel


def panel_of(window: MainWindow) -> TrainingPanel:
    window.show_tab("training")
    return cast(TrainingPanel, cast(LaterPanel, window.tabs.panel("training")).make())


@pytest.fixture
def view(open_window: Callable[[Document], MainWindow]) -> tuple[MainWindow, DecisionView]:
    """The playground with two clouds of points, loaded."""
    whole = templates.project("playground-2d")
    data = {"source": {"name": "points", "shape": "gaussian", "n": 200}}
    window = open_window(Document(replace(whole, data=data, training={**whole.training, "epochs": 3})))
    window.context.bridge.start()
    window.session.load_data()
    found = panel_of(window).findChild(DecisionView)
    assert found is not None
    until(lambda: found.shown is not None)
    return window, found


def test_other_networks_show_their_filters(window: MainWindow) -> None:
    panel = panel_of(window)
    assert panel.findChild(DecisionView) is None
    assert not panel.filters.isHidden()


def test_points_lie_on_the_surface(view: tuple[MainWindow, DecisionView]) -> None:
    window, found = view
    assert found.isVisible()
    assert "before training" in found.title.text()
    dataset = window.session.dataset()
    assert dataset is not None
    content = found.chart.content
    assert content is not None
    solid = sum(len(dots.x) for dots in content.dots if not dots.hollow)
    rings = sum(len(dots.x) for dots in content.dots if dots.hollow)
    assert (solid, rings) == (len(dataset.train), len(dataset.validation))
    (left, right), _ = window_of(dataset)
    assert (content.x.low, content.x.high) == (left, right)
    hover(found.chart, found.chart.to_pixel(0.0, 0.0))
    assert "orange" in found.chart.told


def test_it_is_painted_while_the_network_learns(view: tuple[MainWindow, DecisionView], qtbot: QtBot) -> None:
    window, found = view
    runner = window.session.runner
    runner.start()
    runner.pause()
    until(lambda: window.context.bridge.state == "paused" and not found._later.waiting)
    before = found.shown
    runner.resume()
    until(lambda: window.context.bridge.state in ("finished", "failed"))
    until(lambda: found.title.text().endswith("epoch 3") and not np.array_equal(found.shown, before))
    assert found.slider.maximum() >= 1
    found.slider.setFocus()
    qtbot.keyClick(found.slider, Qt.Key.Key_Home)
    assert np.array_equal(found.shown, before)
    assert "epoch 3" not in found.title.text()
    qtbot.keyClick(found.slider, Qt.Key.Key_End)
    assert found.title.text().endswith("epoch 3")


def test_a_recorded_run_goes_through_its_checkpoints(view: tuple[MainWindow, DecisionView]) -> None:
    window, found = view
    window.session.runner.start()
    until(lambda: window.context.bridge.state in ("finished", "failed"))
    run = window.session.runs.list()[0]
    window.session.inspect(run, "last")
    until(lambda: not found._later.waiting)
    assert found.title.text().endswith("epoch 3")
    module = run.model("last")
    dataset = window.session.dataset()
    assert dataset is not None
    from netbuilder.probe.decision import decision_surface

    until(lambda: np.allclose(found.shown, decision_surface(module, dataset.normalisation, window_of(dataset)), atol=1e-6))
