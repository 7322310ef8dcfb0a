"""The complexity sweep in the window: chosen, trained beside the drawing, told apart, its networks opened again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.app.sweep_pace import SweepPace
from netbuilder.core.document import Document
from netbuilder.core.edits import rename
from netbuilder.templates.declare import find
from netbuilder.train.events import EpochDone, Started
from netbuilder.ui.application import Application
from netbuilder.ui.dialogs.sweep import SweepWindow
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.chooser import Chooser
from netbuilder.ui.panels.runs.panel import RunsPanel

PATIENCE = 30_000


@pytest.fixture
def playground(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    whole = find("playground-2d").project()
    window = open_window(Document(replace(whole, training={**whole.training, "batch_size": "all", "device": "cpu"})))
    window.context.bridge.start()
    return window


@pytest.fixture
def sweep(playground: MainWindow) -> SweepWindow:
    playground.context.commands.run("train.sweep")
    dialog = playground.findChild(SweepWindow, "dialog.sweep")
    assert dialog is not None
    assert not dialog.isModal()
    return dialog


def typed(dialog: SweepWindow, text: str) -> None:
    field = dialog.findChild(QLineEdit, "sweep.levels")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, text)


def chosen(dialog: SweepWindow, name: str, key: str) -> None:
    box = dialog.findChild(Chooser, f"sweep.{name}")
    assert box is not None
    box.setCurrentIndex(box.findData(key))
    box.chosen.emit(key)


def kind(dialog: SweepWindow, key: str) -> None:
    button = dialog.findChild(QToolButton, f"segment.{key}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def press(dialog: SweepWindow, name: str) -> QPushButton:
    button = dialog.findChild(QPushButton, f"sweep.{name}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return button


def test_every_size_is_trained_while_the_network_may_be_drawn(
    playground: MainWindow, sweep: SweepWindow, application: Application, qtbot: QtBot
) -> None:
    typed(sweep, "1/2 1 2")
    sweep.findChild(QSpinBox, "sweep.epochs").setValue(2)  # type: ignore[union-attr]
    sweep.findChild(QSpinBox, "sweep.seeds").setValue(2)  # type: ignore[union-attr]
    start = press(sweep, "start")
    assert start.text() == "Stop"
    qtbot.waitUntil(lambda: sweep.found.trained == 6, timeout=PATIENCE)
    qtbot.waitUntil(lambda: start.text() == "Start", timeout=PATIENCE)
    assert sweep.chart.content is not None
    assert len(sweep.chart.content.lines) == len(sweep.chart.content.bands) == 2
    assert sweep.chart.content.marks[0].label.startswith("best · ×")
    said = sweep.findChild(QLabel, "sweep.sentence")
    assert said is not None
    assert said.text().startswith("Best: ×")
    sweep.table.selectRow(2)
    before = len(application.windows)
    press(sweep, "open")
    assert len(application.windows) == before + 1
    opened = application.windows[-1].document
    assert opened.graph.by_name["hidden1"].settings["out_features"] == 16
    assert opened.project.name == "Playground · × 2 · seed 0"
    assert playground.document.graph.by_name["hidden1"].settings["out_features"] == 8


def test_a_sweep_is_stopped_and_what_was_trained_is_kept(playground: MainWindow, sweep: SweepWindow, qtbot: QtBot) -> None:
    sweep.findChild(QSpinBox, "sweep.epochs").setValue(50_000)  # type: ignore[union-attr]
    press(sweep, "start")
    runner = playground.session.runner
    qtbot.waitUntil(lambda: runner.state == "running", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not playground.context.commands.action("train.folds").isEnabled(), timeout=PATIENCE)
    press(sweep, "start")
    qtbot.waitUntil(lambda: not runner.active, timeout=PATIENCE)
    qtbot.waitUntil(lambda: sweep.findChild(QPushButton, "sweep.start").text() == "Start", timeout=PATIENCE)  # type: ignore[union-attr]
    assert len(playground.session.runs.series()) == 1


def test_depth_and_settings_offer_what_can_be_varied(sweep: SweepWindow) -> None:
    kind(sweep, "depth")
    typed(sweep, "0 1 3")
    assert [each.title for each in sweep.form.found] == ["left out", "1 copy", "3 copies"]
    kind(sweep, "setting")
    chosen(sweep, "layers", "hidden2")
    assert [each.title for each in sweep.form.found] == ["out_features 4", "out_features 8", "out_features 16"]
    kind(sweep, "width")
    chosen(sweep, "layers", "hidden1")
    assert sweep.form.sweep.change.layers == ("hidden1",)


def test_what_is_refused_is_said_and_cannot_be_started(sweep: SweepWindow) -> None:
    start = sweep.findChild(QPushButton, "sweep.start")
    problem = sweep.findChild(QLabel, "sweep.problem")
    assert start is not None
    assert problem is not None
    typed(sweep, "0 1")
    assert "cannot be multiplied by 0" in problem.text()
    assert not start.isEnabled()
    typed(sweep, "1 2")
    assert problem.isHidden()
    assert start.isEnabled()


def test_the_form_follows_the_drawing(playground: MainWindow, sweep: SweepWindow, qtbot: QtBot) -> None:
    box = sweep.findChild(Chooser, "sweep.layers")
    assert box is not None
    playground.document.apply(rename(playground.document.graph.by_name["hidden1"].id, "wide"), "Rename")
    qtbot.waitUntil(lambda: box.findData("wide") > 0, timeout=PATIENCE)


def test_the_runs_list_names_the_sizes_and_shows_the_sweep_again(playground: MainWindow, sweep: SweepWindow, qtbot: QtBot) -> None:
    typed(sweep, "1 2")
    sweep.findChild(QSpinBox, "sweep.epochs").setValue(1)  # type: ignore[union-attr]
    press(sweep, "start")
    qtbot.waitUntil(lambda: sweep.found.trained == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not playground.session.runner.active, timeout=PATIENCE)
    panel = RunsPanel(playground.context, playground)
    panel.show()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3, timeout=PATIENCE)
    names = [panel.model.data(panel.model.index(row, 0)).strip() for row in range(3)]
    assert names == ["Playground · sweep of width", "× 1", "× 2"]
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    panel.table.selectionModel().select(panel.model.index(0, 0), flags)
    sweep.close()
    sweep.model.show_found(type(sweep.found)())
    button = panel.findChild(QPushButton, "runs.export")
    assert button is not None
    assert button.text() == "Show sweep"
    button.click()
    assert sweep.isVisible()
    qtbot.waitUntil(lambda: sweep.found.trained == 2, timeout=PATIENCE)
    panel.table.selectionModel().select(panel.model.index(2, 0), flags)
    playground.context.commands.refresh()
    assert playground.context.commands.action("train.open_network").isEnabled()
    panel.hide()


def test_progress_weighs_networks_by_their_operations() -> None:
    pace = SweepPace()
    pace.begin([100, 300], 2)
    assert pace.words == "Loading data…"
    done = EpochDone(1, 10, 0.5, None, 0.5, None, 0.1, 4.0, 100.0, True)
    pace.take(Started("cpu", 10, 2))
    pace.take(done)
    assert pace.share == pytest.approx(50 / 400)
    assert pace.words == "Network 1 of 2, epoch 2 of 2 · 00:28 left"
    pace.take(replace(done, epoch=2))
    pace.take(Started("cpu", 10, 2))
    assert pace.share == pytest.approx(100 / 400)
    assert pace.words.startswith("Network 2 of 2, epoch 1 of 2")
