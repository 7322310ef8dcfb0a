"""Feature maps, data and runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QToolButton
from training_fakes import digits, story

from netbuilder.app.record import Recorder
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.passing import PLAIN, Passing
from netbuilder.train.events import Preview
from netbuilder.ui.panels.data.facts import class_balance
from netbuilder.ui.panels.data.panel import DataPanel
from netbuilder.ui.panels.feature_maps.panel import FeatureMapsPanel
from netbuilder.ui.panels.feature_maps.prediction import answer_node, bars, probabilities
from netbuilder.ui.panels.runs.panel import RunsPanel
from netbuilder.ui.panels.runs.reader import RunsReader


@pytest.fixture
def maps_panel(context, qtbot) -> FeatureMapsPanel:
    panel = FeatureMapsPanel(context)
    qtbot.addWidget(panel)
    panel.resize(1000, 300)
    panel.show()
    return panel


def load(context) -> None:
    context.session.finish_loading(digits())
    QApplication.processEvents()


def answer(context, scores: list[float]) -> dict[str, np.ndarray]:
    graph = context.session.document.graph
    convs = [id_ for id_, node in graph.nodes.items() if node.layer == "conv2d"]
    rng = np.random.default_rng(0)
    shapes = (6, 28, 28), (16, 10, 10)
    maps = {id_: rng.normal(size=shape).astype(np.float32) for id_, shape in zip(convs, shapes, strict=True)}
    return {**maps, answer_node(graph): np.array(scores, np.float32)}


def test_without_data_the_panel_says_what_to_do(maps_panel: FeatureMapsPanel) -> None:
    assert maps_panel._stack.currentWidget() is maps_panel._empty
    assert "Press Start" in maps_panel._empty.text.text()


def test_maps_and_prediction_of_a_sample(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    sample, nodes, future = context.session.probes[-1]
    assert sample == 0
    assert len(nodes) == 3
    label = int(context.session.data.test.targets[0])
    future.set_result(answer(context, [9.0 if n == label else 0.0 for n in range(10)]))
    QApplication.processEvents()
    assert [wall.wall.count for wall in maps_panel._walls] == [6, 16]
    assert maps_panel._walls[0].title.text() == "Conv2d C1 · 6 maps 28×28"
    assert sum(bar.strong for bar in maps_panel._answer.bars) == 1
    assert maps_panel._verdict.text() == f"Says {label} · right"


def test_only_the_newest_question_is_answered(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    old = context.session.probes[-1][2]
    maps_panel._picker.move_by(1)
    assert context.session.probes[-1][0] == 1
    old.set_result(answer(context, [9.0] + [0.0] * 9))
    QApplication.processEvents()
    assert maps_panel._answer.bars == ()


def test_refusal_is_a_sentence(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    context.session.probes[-1][2].set_exception(NetbuilderError("The network cannot be compiled."))
    QApplication.processEvents()
    assert maps_panel._walls[0].wall._empty == "The network cannot be compiled."


def test_training_is_watched_only_while_somebody_looks(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    context.bridge.enter("running")
    watch = context.session.runner.watch
    assert watch.nodes >= set(maps_panel.nodes)
    context.bridge.events.emit([Preview(10, 1, maps=answer(context, [0.0] * 9 + [5.0]), sample=0)])
    assert maps_panel._walls[0].wall.count == 6
    maps_panel._picker.move_by(3)
    assert watch.sample == 3
    maps_panel.hide()
    assert watch.nodes == frozenset()


def press(qtbot, panel: FeatureMapsPanel, name: str) -> None:
    qtbot.mouseClick(panel.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_arrows_move_the_sample_and_its_maps_and_put_it_back(maps_panel: FeatureMapsPanel, context, qtbot) -> None:
    load(context)
    assert context.session.passings[-1] == PLAIN
    stored = context.session.data.test.inputs[0]
    right, down = (maps_panel.findChild(QSpinBox, f"shift.{axis}") for axis in "xy")
    qtbot.keyClick(right, Qt.Key.Key_Up)
    qtbot.keyClick(right, Qt.Key.Key_Up)
    qtbot.keyClick(down, Qt.Key.Key_Down)
    assert context.session.passings[-1] == Passing(2, -1)
    assert np.array_equal(maps_panel._side._view._sample[:, :-1, 2:], stored[:, 1:, :-2])
    maps_panel._picker.move_by(1)
    assert context.session.probes[-1][0] == 1
    assert context.session.passings[-1] == Passing(2, -1)
    press(qtbot, maps_panel, "shift.reset")
    assert context.session.passings[-1] == PLAIN
    assert not maps_panel.findChild(QToolButton, "shift.reset").isEnabled()


def test_maps_are_asked_for_in_training_mode_at_rest_and_live(maps_panel: FeatureMapsPanel, context, qtbot) -> None:
    load(context)
    press(qtbot, maps_panel, "segment.training")
    assert context.session.passings[-1] == Passing(training=True)
    context.bridge.enter("running")
    assert context.session.runner.watch.passing == Passing(training=True)
    press(qtbot, maps_panel, "segment.evaluation")
    assert context.session.runner.watch.passing == PLAIN


def test_selection_chooses_the_layers(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    pool = next(id_ for id_, node in context.session.document.graph.nodes.items() if node.layer == "avgpool2d")
    context.selection.set({pool})
    assert maps_panel.nodes == [pool]
    assert pool in context.session.probes[-1][1]


def test_a_narrow_panel_shows_fewer_layers_and_nothing_overlaps(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    context.session.probes[-1][2].set_result(answer(context, [0.0] * 10))
    QApplication.processEvents()
    for width, layers in ((510, 1), (1000, 2), (510, 1)):
        maps_panel.resize(width, 300)
        QApplication.processEvents()
        assert [wall.isVisible() for wall in maps_panel._walls] == [True] * layers + [False] * (2 - layers)
        assert maps_panel._body.minimumSizeHint().width() <= width
    assert maps_panel._walls[0].wall.count == 6


def test_class_filter_stays_within_the_class(maps_panel: FeatureMapsPanel, context) -> None:
    load(context)
    maps_panel._picker.choose_class(4)
    targets = context.session.data.test.targets
    for _ in range(4):
        assert targets[maps_panel.sample] == 4
        maps_panel._picker.move_by(1)


def test_probabilities_are_a_softmax() -> None:
    shares = probabilities(np.array([1000.0, 1000.0, -1000.0], np.float32))
    assert shares is not None
    assert shares == pytest.approx([0.5, 0.5, 0.0])
    assert probabilities(np.zeros((3, 4, 4), np.float32)) is None
    many = bars(np.full(100, 0.01), [f"c{n}" for n in range(100)])
    assert len(many) == 10


@pytest.fixture
def data_panel(context, qtbot) -> DataPanel:
    panel = DataPanel(context)
    qtbot.addWidget(panel)
    panel.resize(1100, 300)
    panel.show()
    return panel


def test_load_shows_samples_split_and_balance(data_panel: DataPanel, context) -> None:
    data_panel.findChild(QPushButton, "data.load").click()
    QApplication.processEvents()
    assert context.session.loads == 1
    assert data_panel.settings.progress.isVisible()
    load(context)
    assert "300 training · 50 validation · 50 test" in data_panel.findChild(QLabel, "data.facts").text()
    assert len(data_panel.facts.balance.bars) == 10
    assert data_panel._wall.shown_text.endswith("of 300 shown")
    assert not any(timer.isActive() for timer in data_panel.findChildren(QTimer))


def test_bad_data_is_a_sentence(data_panel: DataPanel, context) -> None:
    context.session.data_state, context.session.data_error = "failed", "“x.idx” is cut off after 12 bytes."
    context.session.data_changed.emit()
    QApplication.processEvents()
    assert data_panel.findChild(QLabel, "data.error").text() == "“x.idx” is cut off after 12 bytes."


def test_source_and_split_reach_the_document(data_panel: DataPanel, context) -> None:
    data_panel.settings.fields.edited.emit("validation", 0.25)
    assert context.session.document.project.data["validation"] == 0.25
    data_panel.settings.fields.edited.emit("seed", -1)
    assert context.session.document.project.data.get("seed", 0) == 0
    assert data_panel.settings.fields.error("seed")


def test_rare_classes_stand_out() -> None:
    data = digits()
    targets = np.array([0] * 100 + [1] * 10 + [2] * 90)
    part = replace(data.train, targets=targets, inputs=data.train.inputs[:200], index=data.train.index[:200])
    found = class_balance(replace(data, train=part, classes=("a", "b", "c")))
    assert [bar.strong for bar in found] == [False, True, False]


def make_run(folder: Path, name: str, epochs: int) -> Path:
    from netbuilder import templates

    store = RunStore(folder)
    project = msgspec.structs.replace(templates.project("lenet5"), name=name)
    run = store.new(project, {"training": {}}, folder=folder / name)
    recorder = Recorder(run.metrics)
    for event in story(epochs=epochs, steps=10):
        recorder.record(event)
    recorder.close()
    return run.folder


def test_runs_on_disk_are_listed_renamed_and_compared(context, qtbot, tmp_path: Path) -> None:
    first, second = make_run(tmp_path, "one", 3), make_run(tmp_path, "two", 5)
    context.session.runs = RunStore(tmp_path)
    panel = RunsPanel(context)
    qtbot.addWidget(panel)
    panel.resize(1000, 300)
    panel.show()
    qtbot.waitUntil(lambda: len(panel.model.rows) == 2, timeout=10_000)
    assert {row.epochs for row in panel.model.rows} == {3, 5}
    assert {row.parameters for row in panel.model.rows} == {61_706}
    panel.table.selectAll()
    qtbot.waitUntil(lambda: len(panel.loss.keys) == 2, timeout=10_000)
    assert all(key.endswith(":validation") for key in panel.loss.keys)
    Run(first).rename("better name")
    panel.read()
    qtbot.waitUntil(lambda: any(row.name == "better name" for row in panel.model.rows), timeout=10_000)
    assert set(panel.selected) == {first, second}
    panel.hide()
    assert not panel._clock.isActive()
    qtbot.waitUntil(lambda: not panel._later.waiting, timeout=10_000)


def test_one_run_shows_training_and_best_epoch(context, qtbot, tmp_path: Path) -> None:
    folder = make_run(tmp_path, "one", 3)
    panel = RunsPanel(context)
    qtbot.addWidget(panel)
    panel.read = lambda: None  # type: ignore[method-assign]
    reader = RunsReader(RunStore(tmp_path))
    panel.show_reading(reader.read())
    panel.table.selectRow(0)
    panel.show_reading(reader.read([folder]))
    assert set(panel.loss.keys) == {f"{folder}:train", f"{folder}:validation"}
    assert panel.loss._best == (2, "best · epoch 2")


def test_no_runs_yet_says_so(context, qtbot, tmp_path: Path) -> None:
    panel = RunsPanel(context)
    qtbot.addWidget(panel)
    panel.show_reading(RunsReader(RunStore(tmp_path)).read())
    assert panel._stack.currentWidget() is panel._empty


def test_a_damaged_run_is_listed_not_fatal(tmp_path: Path) -> None:
    folder = make_run(tmp_path, "one", 1)
    (folder / "run.json").write_text("{", encoding="utf-8")
    reading = RunsReader(RunStore(tmp_path)).read()
    assert [row.status for row in reading.rows] == ["unreadable"]
