"""The Results tab: answers of a trained network in the real window, cell by cell and threshold by threshold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from msgspec.structs import replace
from patience import hover, until
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from netbuilder import templates
from netbuilder.app.looking import Outcome
from netbuilder.core.build import chain
from netbuilder.core.document import Document, Project
from netbuilder.data.dataset import Part
from netbuilder.train.evaluation.answers import Answers
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.results.panel import ResultsPanel
from netbuilder.ui.widgets.later_panel import LaterPanel

LEFT = Qt.MouseButton.LeftButton


def panel_of(window: MainWindow) -> ResultsPanel:
    window.show_tab("results")
    return cast(ResultsPanel, cast(LaterPanel, window.tabs.panel("results")).make())


def project(**training: object) -> Project:
    whole = templates.project("playground-2d")
    return replace(
        whole, data={"source": {"name": "points", "shape": "gaussian", "n": 200}}, training={**whole.training, "epochs": 2, **training}
    )


@pytest.fixture
def trained(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    """Two epochs on two clouds of points, with the tab in front."""
    window = open_window(Document(project()))
    panel = panel_of(window)
    window.context.bridge.start()
    window.session.runner.start()
    until(lambda: window.context.bridge.state in ("finished", "failed"))
    until(lambda: panel.outcome is not None and "after epoch 2" in panel.title.text())
    return window


def test_without_a_network_it_says_what_to_do(open_window: Callable[[Document], MainWindow]) -> None:
    window = open_window(Document(Project(name="Nothing")))
    panel = panel_of(window)
    window.session.load_data()
    until(lambda: "draw a network first" in panel._empty.text.text())
    assert panel._empty.isVisible()


def test_weights_in_the_midst_of_an_epoch_are_not_called_those_after_one(open_window: Callable[[Document], MainWindow]) -> None:
    window = open_window(Document(project(batch_size=10)))
    panel, runner = panel_of(window), window.session.runner
    window.context.bridge.start()
    for steps in (1, 19):  # a hundred and sixty samples are fifteen or sixteen steps
        for _ in range(steps):
            runner.start() if not runner.active else None
            runner.step()
            assert runner.wait_for("paused", timeout=30)
        until(lambda: panel.outcome is not None and f"in epoch {1 if steps == 1 else 2}" in panel.title.text())  # noqa: B023
    runner.abort()
    until(lambda: window.context.bridge.state == "finished")
    assert "in epoch 2" in panel.title.text()


def test_figures_are_those_of_the_network(trained: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(trained)
    assert panel.outcome is not None
    dataset = trained.session.dataset()
    assert dataset is not None
    right = (panel.outcome.answers.predicted == dataset.validation.targets).mean()
    assert f"accuracy {right:.2%}" in panel.title.text()
    assert panel.body.classes.rowCount() == 3
    assert panel.body.classes.item(0, 6).text() == str((dataset.validation.targets == 0).sum())
    test = panel.findChild(QToolButton, "segment.test")
    qtbot.mouseClick(test, LEFT)
    until(lambda: panel.outcome is not None and panel.outcome.part is dataset.test)


def test_a_cell_tells_its_share_and_shows_its_samples(trained: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(trained)
    assert panel.outcome is not None
    place = panel.body.matrix.cell(1, 1).center().toPoint()
    hover(panel.body.matrix, QPointF(place))
    answers = panel.outcome.answers
    hits, whole = int(((answers.targets == 1) & (answers.predicted == 1)).sum()), int((answers.targets == 1).sum())
    assert f"{hits} of {whole} blue: {hits / whole:.1%}" in panel.body.matrix.told
    qtbot.mouseClick(panel.body.matrix, LEFT, pos=place)
    assert panel.body.samples.isVisible()
    assert panel.body.samples.wall.count() == hits
    assert f"blue, rightly: {hits}" in panel.body.samples.title.text()


def test_the_keyboard_picks_a_cell(trained: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(trained)
    panel.body.matrix.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(panel.body.matrix, key)
    assert panel.body.matrix.selected == (1, 1)
    assert panel.body.samples.isVisible()


def test_the_threshold_moves_along_both_curves(trained: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(trained)
    qtbot.mouseClick(panel.findChild(QToolButton, "segment.curves"), LEFT)
    panel.body.curves.slider.setFocus()
    qtbot.keyClick(panel.body.curves.slider, Qt.Key.Key_Home)
    assert panel.body.curves.facts.value("sensitivity") == "1.0000"
    assert panel.body.curves.facts.value("specificity") == "0.0000"
    qtbot.keyClick(panel.body.curves.slider, Qt.Key.Key_End)
    assert panel.body.curves.facts.value("sensitivity") == "0.0000"
    assert panel.body.curves.facts.value("specificity") == "1.0000"
    dot = panel.body.curves.roc.content.dots[0]
    assert (dot.x[0], dot.y[0]) == (0.0, 0.0)
    assert 0.5 < float(panel.body.curves.facts.value("auc")) <= 1.0


def test_the_surest_mistakes_are_shown_with_probability(window: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(window)
    shares = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]])
    answers = Answers("classes", np.array([0, 0, 0, 1]), shares, np.arange(4), 4)
    pictures = np.zeros((4, 1, 8, 8), np.uint8)
    panel.show_outcome(Outcome(answers, Part(pictures, answers.targets, np.arange(4)), ("cat", "dog")))
    words = [panel.body.samples.wall.item(n).text() for n in range(panel.body.samples.wall.count())]
    assert words == ["cat→dog 80%", "cat→dog 60%"]
    panel.body.choose("samples")
    place = panel.body.samples.wall.visualItemRect(panel.body.samples.wall.item(1)).center()
    qtbot.mouseClick(panel.body.samples.wall.viewport(), LEFT, pos=place)
    assert "one-hot at 0 (cat), argmax says 1 (dog)" in panel.body.samples.one.text()
    assert [bar.text.strip() for bar in panel.body.samples.bars.bars] == ["40.0 %", "60.0 %"]


def test_values_are_drawn_over_the_truth(open_window: Callable[[Document], MainWindow], tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(80, 3)).astype(np.float32)
    np.savez(tmp_path / "plane.npz", x=x, y=(x @ np.array([1.0, -2.0, 0.5])).astype(np.float32))
    graph = chain([("input", {"shape": (3,)}), ("linear", {"out_features": 1}), ("output", {"task": "values"})])
    data = {"source": {"name": "npz", "file": str(tmp_path / "plane.npz")}}
    window = open_window(Document(Project(name="Plane", graph=graph, data=data)))
    panel = panel_of(window)
    window.session.load_data()
    until(lambda: panel.outcome is not None)
    assert panel.body.values.isVisible()
    assert not panel.body.matrix.isVisible()
    assert panel.body.values.facts.value("r2")
    assert "not trained yet" in panel.title.text()


def test_in_a_narrow_panel_the_matrix_is_a_page(trained: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(trained)
    switch = panel.findChild(QToolButton, "segment.matrix")
    panel._arrange(False)
    assert panel.body.matrix.isVisible()
    assert switch.isHidden()
    panel._arrange(True)
    assert not panel.body.matrix.isVisible()
    qtbot.mouseClick(switch, LEFT)
    assert panel.body.matrix.isVisible()
    assert not panel.body.classes.isVisible()
    panel._arrange(False)
    assert panel.body.matrix.isVisible()
    assert panel.body.classes.isVisible()


def test_a_recorded_run_is_answered_epoch_by_epoch(trained: MainWindow) -> None:
    panel = panel_of(trained)
    run = trained.session.runs.list()[0]
    trained.session.inspect(run, "last")
    until(lambda: f"run “{run.about['name']}”" in panel.title.text())
    assert panel._epochs.isVisible()
    assert panel._epochs.currentText() == "epoch 2"
