"""The train bar and the Training tab, driven by events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton
from training_fakes import digits, gabors, story

from netbuilder.core.build import chain
from netbuilder.core.edits import remove_nodes, set_setting, set_training
from netbuilder.core.rewiring import remove_and_heal
from netbuilder.train.engine import Engine
from netbuilder.train.events import Finished, Preview, Started, StepsLogged
from netbuilder.train.recipe import Recipe
from netbuilder.ui.panels.filters.snapshots import Snapshots
from netbuilder.ui.panels.training.bar import TrainBar
from netbuilder.ui.panels.training.panel import TrainingPanel
from netbuilder.ui.panels.training.totals import Totals


@pytest.fixture
def bar(context, qtbot) -> TrainBar:
    found = TrainBar(context)
    qtbot.addWidget(found)
    found.resize(1300, 47)
    found.show()
    return found


@pytest.fixture
def panel(context, qtbot) -> TrainingPanel:
    found = TrainingPanel(context)
    qtbot.addWidget(found)
    found.resize(1000, 320)
    found.show()
    return found


def first_conv(context) -> str:
    return next(id_ for id_, node in context.session.document.graph.nodes.items() if node.layer == "conv2d")


def test_bar_tells_totals_and_hint(bar: TrainBar) -> None:
    assert bar.findChild(QLabel, "train.totals").text() == "61,706 parameters · 416 kMAC · 241 kB"
    assert bar._line.text.startswith("Press Start")


def test_totals_say_more_in_a_wide_bar_of_a_selection_and_when_asked(bar: TrainBar, context) -> None:
    totals = bar.findChild(Totals)
    bar.resize(1700, 47)
    assert totals.text() == "61,706 parameters · 416 kMAC · 62 kB activations · 241 kB file"
    bar.resize(1000, 47)
    assert not totals.isVisible()
    bar.resize(1300, 47)
    explained = totals.explanation()
    for words in ("numbers that training changes", "C5 78 %", "in a batch of 64", "61,706 numbers of 4 bytes"):
        assert words in explained
    graph = context.session.document.graph
    context.selection.set(id_ for id_, node in graph.nodes.items() if node.name in ("C1", "C3"))
    assert totals.text() == "2 layers: 2,572 parameters · 357 kMAC · 10 kB"
    context.selection.set(())
    conv = first_conv(context)
    context.session.document.apply(set_setting(conv, "out_channels", 12), "Set")
    assert totals.text().startswith("64,262 parameters")


def test_events_drive_the_bar(bar: TrainBar, context) -> None:
    context.bridge.enter("running")
    context.bridge.events.emit(story(epochs=10, steps=60, planned=20))
    assert bar.findChild(QLabel, "train.epoch").text() == "10 / 20"
    assert bar._progress.value() * 2 == bar._progress.maximum()
    assert "13,240 images/s" in bar._line.text
    assert "cpu" in bar._line.text
    assert "412 MB" in bar._line.text
    assert "left" not in bar._line.text


@pytest.mark.parametrize("steps", [1, 5, 300])
def test_the_time_left_counts_samples_whatever_the_batch(bar: TrainBar, context, steps: int) -> None:
    context.session.finish_loading(digits())
    context.bridge.enter("running")
    context.bridge.events.emit([Started("cpu", steps, 20), StepsLogged(10 * steps, 10, 0.5, 0.9, 0.05, 30.0)])
    assert bar._line.text.startswith("01:40 left")


def test_button_follows_the_state(bar: TrainBar, context) -> None:
    start = bar.findChild(QPushButton, "button.train.start")
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    context.bridge.enter("running")
    assert start.text().strip() == "Pause"
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    context.bridge.enter("paused")
    assert start.text().strip() == "Resume"
    assert bar.findChild(QPushButton, "button.train.step").isEnabled()
    QTest.mouseClick(bar.findChild(QPushButton, "button.train.step"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    assert context.session.runner.calls == ["start", "pause", "step", "resume"]


def test_problems_disable_start_and_lead_to_the_list(bar: TrainBar, context, qtbot) -> None:
    conv = first_conv(context)
    context.session.document.apply(remove_nodes([conv]), "Delete")
    assert not bar.findChild(QPushButton, "button.train.start").isEnabled()
    assert "this network from training" in bar._line.text
    with qtbot.waitSignal(bar.problems_requested):
        QTest.mouseClick(bar._line, Qt.MouseButton.LeftButton)


def test_filters_stay_while_a_mistake_is_mended(panel: TrainingPanel, context) -> None:
    document, conv = context.session.document, first_conv(context)
    shown = panel.filters._title.text()
    assert shown.startswith("Conv2d")
    document.apply(set_setting(conv, "kernel_size", 40), "Change")
    assert context.session.analysis.errors
    assert panel.filters._title.text() == shown


def test_the_next_layer_is_shown_when_the_shown_one_is_deleted(panel: TrainingPanel, context) -> None:
    document, conv = context.session.document, first_conv(context)
    document.apply(remove_and_heal([conv]), "Delete")
    chooser = panel.findChildren(QComboBox, "filters.layer")[0]
    assert [chooser.itemText(row) for row in range(chooser.count())] == ["C3", "C5", "F6", "scores"]
    assert chooser.currentText() == "C3"
    assert panel.filters.title.startswith("Conv2d")


def test_before_the_first_steps_no_figures_are_made_up(bar: TrainBar, context) -> None:
    context.bridge.enter("running")
    context.bridge.events.emit([Started("cpu", 60, 20)])
    assert bar._line.text == "Measuring speed…"
    context.bridge.enter("paused")
    assert bar._line.text == "Paused · cpu"


def test_failure_and_end_are_told(bar: TrainBar, context) -> None:
    context.session.runner.error = "The memory is not enough for this batch size."
    context.bridge.enter("failed")
    assert (bar._line.text, bar._line.kind) == ("The memory is not enough for this batch size.", "error")
    context.bridge.enter("finished")
    context.bridge.events.emit([Finished("done", "Done after 20 epochs.", 20, 19, 80.0)])
    assert bar._line.text == "Done after 20 epochs."


def test_a_senseless_setting_does_not_break_the_bar(context, qtbot) -> None:
    context.session.document.configure(training={"epochs": "many"})
    bar = TrainBar(context)
    qtbot.addWidget(bar)
    assert bar.findChild(QLabel, "train.epoch").text() == " 0 / 20"


def test_curves_follow_events_with_one_draw_a_tick(panel: TrainingPanel, context) -> None:
    assert panel.loss.is_empty
    context.bridge.enter("loading")
    context.bridge.enter("running")
    panel._warmer.join()
    events = story(epochs=10, steps=30)
    context.bridge.events.emit(events[:40])
    draws = panel.loss.updates("train")
    context.bridge.events.emit(events[40:])
    assert panel.loss.updates("train") == draws + 1
    x, y = panel.accuracy.points("validation")
    assert list(x) == list(range(1, 11))
    assert y[-1] == pytest.approx(0.9889, abs=1e-3)
    assert panel.loss._best == (9.0, "best · epoch 9")
    assert not panel.recipe_shown


def test_hidden_panel_draws_nothing_and_catches_up(panel: TrainingPanel, context) -> None:
    panel.hide()
    context.bridge.events.emit(story(epochs=2, steps=20))
    assert panel.loss.updates("train") == 0
    panel.show()
    assert panel.loss.updates("train") == 1


def test_values_without_classes_have_no_accuracy(panel: TrainingPanel, context) -> None:
    from msgspec.structs import replace

    from netbuilder.train.events import EpochDone, StepsLogged

    blind = {EpochDone: {"train_accuracy": None, "validation_accuracy": None}, StepsLogged: {"accuracy": None}}
    context.bridge.events.emit([replace(e, **blind.get(type(e), {})) for e in story(epochs=1, steps=5)])
    assert not panel.accuracy.isVisible()
    assert panel.loss.isVisible()


def test_filters_form_and_can_be_scrubbed(panel: TrainingPanel, context) -> None:
    conv = first_conv(context)
    context.bridge.events.emit(story(epochs=5, steps=5, filters={conv: gabors(6, 5, 1)}))
    wall = panel.filters
    assert wall.title == "Conv2d · 6 filters 5×5 · epoch 5"
    assert conv in context.session.runner.watch.filters
    newest = wall._wall._images.copy()
    wall.show_epoch(1)
    assert wall.title.endswith("epoch 1")
    assert not np.array_equal(newest, wall._wall._images)
    context.bridge.events.emit(story(epochs=6, steps=5, filters={conv: gabors(6, 5, 1)})[-2:])
    assert wall.title.endswith("epoch 1")
    wall.show_epoch(None)
    assert wall.title.endswith("epoch 6")


def test_a_histogram_shows_weights_driven_to_zero(panel: TrainingPanel, context) -> None:
    conv, wall = first_conv(context), panel.filters
    context.bridge.events.emit(story(epochs=2, steps=5, filters={conv: gabors(6, 5, 1)}))
    panel.findChildren(QToolButton, "filters.histogram")[0].click()
    chart = wall._histogram
    assert wall._views.currentWidget() is chart
    counts = chart.content.lines[0].y[1:-1:2]
    assert counts.sum() == 6 * 5 * 5
    sparse = np.zeros((6, 1, 5, 5), np.float32)
    sparse[0, 0, 0, 0] = -0.5
    chart.show_values(sparse)
    assert chart.said.endswith("99.3% near 0")
    assert chart.content.lines[0].y[1:-1:2].tolist() == [1, *[0] * 39, 149]
    wall._spread.click()
    assert wall._views.currentWidget() is wall._wall


@pytest.mark.parametrize("l1", [0.0, 0.02])
def test_the_histogram_of_a_training_with_l1_gathers_at_zero(panel: TrainingPanel, context, l1: float) -> None:
    data = digits(400)
    graph = chain([("input", {"shape": data.input_shape}), "flatten", ("linear", {"out_features": 10}, "scores"), "output"])
    graph = set_training([graph.by_name["scores"].id], "l1", l1)(graph) if l1 else graph
    engine = Engine(graph, data, Recipe.read({"epochs": 30, "batch_size": 100, "device": "cpu", "optimizer": "sgd"}))
    list(engine.run())
    weight = engine.module.scores.weight.detach().numpy()
    conv = first_conv(context)
    context.bridge.events.emit([Started("cpu", 3, 30), Preview(90, 30, filters={conv: weight[:, None, None]})])
    panel.findChildren(QToolButton, "filters.histogram")[0].click()
    counts = panel.filters._histogram.content.lines[0].y[1:-1:2]
    assert counts.sum() == weight.size
    share = counts[len(counts) // 2] / weight.size
    assert share > 0.85 if l1 else share < 0.5


def test_snapshots_stay_within_their_memory() -> None:
    kept = Snapshots(limit=40_000)
    for epoch in range(1, 200):
        kept.keep(epoch, {"a": np.zeros(1000, np.float32)})
    assert kept.bytes <= 40_000
    assert kept.epochs("a")[0] == 1
    assert kept.epochs("a")[-1] == 199


def test_recipe_edits_reach_the_document(panel: TrainingPanel, context) -> None:
    document = context.session.document
    batch = panel.recipe.form_of("batch_size").field("batch_size")
    batch.setFocus()
    batch.selectAll()
    QTest.keyClicks(batch, "128")
    QTest.keyClick(batch, Qt.Key.Key_Tab)
    assert document.project.training["batch_size"] == 128
    document.undo()
    assert document.project.training["batch_size"] == 64
    assert batch.text() == "64"


def test_refused_value_is_told_below_its_field_and_not_stored(panel: TrainingPanel, context) -> None:
    form = panel.recipe.form_of("batch_size")
    form.edited.emit("batch_size", 0)
    assert "batch size is 0" in form.error("batch_size").lower()
    assert context.session.document.project.training["batch_size"] == 64
    rate = panel.recipe.family("optimizer").form
    rate.edited.emit("learning_rate", float("nan"))
    assert "finite" in rate.error("learning_rate")


def test_another_optimizer_brings_its_own_settings(panel: TrainingPanel, context) -> None:
    family = panel.recipe.family("optimizer")
    family.chooser.chosen.emit("adam")
    assert context.session.document.project.training["optimizer"] == "adam"
    assert "momentum" not in family.form.names
    before = list(panel.recipe.curve.values)
    panel.recipe.family("schedule").chooser.chosen.emit("constant")
    after = panel.recipe.curve.values
    assert len(set(after)) == 1
    assert after != before


def test_a_setting_under_its_old_name_is_shown_and_written_under_the_present_one(panel: TrainingPanel, context) -> None:
    context.session.document.configure(training={"schedule": {"name": "plateau", "gamma": 0.3}})
    form = panel.recipe.family("schedule").form
    assert form.findChild(QLineEdit, "field.factor").text() == "0.3"
    form.edited.emit("patience", 4)
    assert context.session.document.project.training["schedule"] == {"name": "plateau", "factor": 0.3, "patience": 4}


def _at(panel: TrainingPanel, name: str) -> QPoint:
    handle = next(handle for handle in panel.recipe.curve.handles if handle.name == name)
    return panel.recipe.curve.chart.to_pixel(handle.epoch, handle.rate).toPoint()


def _drag(panel: TrainingPanel, name: str, by: QPoint) -> None:
    chart, start = panel.recipe.curve.chart, _at(panel, name)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    for part in (by / 2, by):
        move = QPointF(start + part)
        button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, move, chart.mapToGlobal(move), button, button, keys)
        QApplication.sendEvent(chart, event)
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start + by)


def test_the_schedule_is_dragged_as_a_curve(panel: TrainingPanel, context) -> None:
    panel.recipe.family("schedule").chooser.chosen.emit("step")
    document = context.session.document
    rate, every = document.project.training["optimizer"]["learning_rate"], 10
    _drag(panel, "cut", QPoint(-30, -10))
    schedule = document.project.training["schedule"]
    assert schedule["every"] < every
    assert schedule["gamma"] > 0.1
    _drag(panel, "rate", QPoint(20, 20))
    assert document.project.training["optimizer"]["learning_rate"] < rate
    assert document.project.training["warmup"] > 0
    assert panel.recipe.family("optimizer").form.field("learning_rate").text() == str(
        document.project.training["optimizer"]["learning_rate"]
    )
    document.undo()
    assert document.project.training["optimizer"]["learning_rate"] == rate
    assert document.project.training["schedule"] == schedule


def test_the_curve_is_worked_with_keys(panel: TrainingPanel, context) -> None:
    panel.recipe.family("schedule").chooser.chosen.emit("drawn")
    curve, training = panel.recipe.curve, lambda: context.session.document.project.training
    curve.chart.setFocus()
    QTest.keyClick(curve.chart, Qt.Key.Key_Space)
    QTest.keyClick(curve.chart, Qt.Key.Key_Right)
    assert training()["schedule"]["times"][1] == pytest.approx(0.25)
    QTest.keyClick(curve.chart, Qt.Key.Key_Delete)
    assert training()["schedule"]["times"] == (0.0, 1.0)
    QTest.mouseDClick(curve.chart, Qt.MouseButton.LeftButton, pos=curve.chart.to_pixel(10, 0.01).toPoint())
    assert len(training()["schedule"]["times"]) == 3


def test_the_curve_marks_where_training_stands(panel: TrainingPanel, context) -> None:
    context.bridge.events.emit(story(2))
    content = panel.recipe.curve.chart.content
    assert content is not None
    assert content.marks[0].at == pytest.approx(2.0)
