"""Folds and ensembles in the window: started from a dialog, listed as one entry with their runs below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from netbuilder.app.baseline import Order
from netbuilder.app.run_store import RunStore
from netbuilder.app.scripting import train_series
from netbuilder.app.series_plan import Plan
from netbuilder.templates.declare import find
from netbuilder.ui.dialogs.baseline import BaselineDialog
from netbuilder.ui.dialogs.series import SeriesDialog
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.runs.model import RunsModel
from netbuilder.ui.panels.runs.panel import RunsPanel
from netbuilder.ui.panels.runs.reader import RunsReader


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    store = RunStore(tmp_path)
    for name, plan in (("a", Plan("folds", 3)), ("b", Plan("ensemble", 11))):
        train_series(find("playground-2d").project(), plan, out=tmp_path / name, epochs=1, batch_size="all")
    return store


def test_a_series_is_one_entry_with_its_runs_below(store: RunStore) -> None:
    model = RunsModel()
    model.show_rows(RunsReader(store).read().rows)
    shown = [model.data(model.index(row, 0)).strip() for row in range(model.rowCount())]
    assert shown == ["Playground · 11 members", "Playground · 3 folds", "fold 1", "fold 2", "fold 3"]
    assert "±" in model.data(model.index(1, 2))
    assert len(model.members(model.rows[0].folder)) == 11
    assert model.fold(model.rows[1].folder)
    assert model.rowCount() == 2
    assert model.fold(model.rows[0].folder)
    assert model.rowCount() == 13


def test_a_selected_series_shows_the_curves_of_its_runs(window: MainWindow, store: RunStore, qtbot: QtBot) -> None:
    home = window.session.runs.folder
    home.mkdir(parents=True, exist_ok=True)
    for series in store.series():
        series.folder.rename(home / series.folder.name)
    panel = RunsPanel(window.context)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 5, timeout=10_000)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    panel.table.selectionModel().select(panel.model.index(1, 0), flags)
    qtbot.waitUntil(lambda: len(panel.loss.keys) == 3, timeout=10_000)
    evaluate = panel.findChildren(QPushButton, "runs.export")[0]
    assert evaluate.text() == "Evaluate together"
    evaluate.click()
    said = window.findChildren(QLabel, "toast.text")[0]
    qtbot.waitUntil(lambda: said.text().startswith("3 networks together: test accuracy"), timeout=20_000)


def test_the_dialog_makes_the_plan_and_starts_it(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Plan] = []
    monkeypatch.setattr(type(window.session.runner), "start", lambda _self, plan: started.append(plan))
    window.context.commands.run("train.folds")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SeriesDialog)
    dialog.findChildren(QSpinBox, "series.count")[0].setValue(4)
    dialog.findChildren(QCheckBox, "series.stratified")[0].click()
    assert dialog.plan == Plan("folds", 4, stratified=False)
    dialog.findChildren(QCheckBox, "series.one")[0].click()
    assert dialog.plan.count == 0
    dialog.findChildren(QToolButton, "segment.ensemble")[0].click()
    QTest.mouseClick(dialog.findChildren(QPushButton, "series.start")[0], Qt.MouseButton.LeftButton)
    assert started == [Plan("ensemble", 4)]


def test_a_baseline_is_chosen_with_its_settings_and_started(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Order] = []
    monkeypatch.setattr(type(window.session.runner), "start", lambda _self, plan: started.append(plan))
    window.context.commands.run("train.baseline")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, BaselineDialog)
    line = dialog.findChildren(QLineEdit, "field.neighbours")[0]
    line.selectAll()
    QTest.keyClicks(line, "7")
    QTest.mouseClick(dialog.findChildren(QPushButton, "baseline.start")[0], Qt.MouseButton.LeftButton)
    assert started == [Order({"name": "nearest-neighbours", "neighbours": 7})]
