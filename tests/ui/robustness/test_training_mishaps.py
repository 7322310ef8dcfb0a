"""What goes wrong while a network learns: the window says it in a sentence and lives on."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from mishaps import WAIT, fill, finish, small_project, start, wait_state
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from netbuilder.app.runs import Run
from netbuilder.core.document import Document
from netbuilder.core.edits import remove_nodes, replace_layer, set_setting
from netbuilder.train.checkpointing.checkpoints import newest
from netbuilder.train.events import StepsLogged
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow

Make = Callable[..., MainWindow]


def _linear(window: MainWindow) -> str:
    return next(node.id for node in window.document.graph.nodes.values() if node.layer == "linear")


def _notes(window: MainWindow) -> str:
    return " ".join(problem.message for problem in window.notes.problems)


def _check_end(qtbot: QtBot, window: MainWindow) -> None:
    window.context.commands.run("train.stop")
    wait_state(qtbot, window, "finished")


def test_a_loss_that_is_not_finite_stops_red_and_can_start_again(trainable: Make, qtbot: QtBot) -> None:
    window = trainable(optimizer={"name": "sgd", "learning_rate": 1000.0, "momentum": 0.9})
    for node in list(window.document.graph.nodes.values()):
        if node.layer in ("tanh", "sigmoid"):
            window.document.apply(replace_layer(node.id, "identity"), "Change")
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "finished")
    bar = window.train_bar._line
    assert bar.kind == "error"
    assert "no longer finite" in bar.text
    assert "“" in bar.text
    assert "learning rate" in _notes(window)
    assert window.toast.isVisible()
    window.show_tab("problems")
    shown = [text.text() for text in window.problems.findChildren(QLabel)]
    assert any("no longer finite" in text for text in shown)
    weights = window.session.runner.training.engine.module.state_dict()
    assert all(bool(tensor.isfinite().all()) for tensor in weights.values())
    window.document.configure(training=dict(small_project().training))
    start(qtbot, window)
    assert bar.kind == "secondary"
    assert _notes(window) == ""
    _check_end(qtbot, window)


def test_changed_settings_while_paused_are_said_to_wait(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    start(qtbot, window)
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "paused")
    later = window.findChild(QLabel, "training.settings_later")
    assert later is not None
    assert later.isHidden()
    window.document.configure(training={**window.document.project.training, "batch_size": 7})
    assert window.train_bar._line.kind == "warning"
    assert "next start" in window.train_bar._line.text
    assert not later.isHidden()
    window.document.undo()
    assert window.train_bar._line.text.startswith("Paused")
    assert later.isHidden()
    _check_end(qtbot, window)


def test_one_step_from_nothing_is_one_step(trainable: Make, qtbot: QtBot) -> None:
    window, taken = trainable(), []
    window.context.bridge.events.connect(lambda events: taken.extend(e.step for e in events if isinstance(e, StepsLogged)))
    for number in (1, 2):
        window.context.commands.run("train.step")
        qtbot.waitUntil(lambda number=number: len(taken) == number, timeout=WAIT)
        wait_state(qtbot, window, "paused")
    assert taken == [1, 2]
    assert window.train_bar._line.text.startswith("Paused after step 2")
    _check_end(qtbot, window)


def test_a_broken_edit_while_paused_is_told_and_the_old_network_goes_on(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    start(qtbot, window)
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "paused")
    window.document.apply(set_setting(_linear(window), "out_features", 0), "Break")
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "running")
    qtbot.waitUntil(lambda: "with the network as it was" in _notes(window), timeout=WAIT)
    _check_end(qtbot, window)


def test_a_network_with_a_problem_does_not_start(trainable: Make) -> None:
    window = trainable()
    window.document.apply(set_setting(_linear(window), "out_features", 0), "Break")
    assert not window.context.commands.action("train.start").isEnabled()
    assert window.train_bar._line.kind == "link"
    window.document.undo()
    assert window.context.commands.action("train.start").isEnabled()


def test_the_bar_names_document_and_data(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    window.session.load_data()
    name = window.document.project.name
    qtbot.waitUntil(lambda: window.session.dataset() is not None, timeout=WAIT)
    data = window.session.dataset().name
    qtbot.waitUntil(lambda: f"Press Start to train {name} on {data}" in window.train_bar._line.text, timeout=WAIT)


def test_start_while_data_loads_trains(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    window.session.load_data()
    start(qtbot, window)
    _check_end(qtbot, window)


def test_data_that_is_gone_is_told_and_training_can_be_tried_again(trainable: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window = trainable()
    good = dict(window.document.project.data)
    window.document.configure(data={"source": {"name": "images", "folder": str(tmp_path / "gone")}})
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "failed")
    assert "gone" in window.train_bar._line.text
    assert "gone" in _notes(window)
    window.document.configure(data=good)
    start(qtbot, window)
    _check_end(qtbot, window)


def test_a_run_folder_deleted_while_training_is_told_and_stays_deleted(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    start(qtbot, window)
    folder = window.session.runner.folder
    assert folder is not None
    window.context.commands.run("train.start")
    wait_state(qtbot, window, "paused")
    qtbot.waitUntil(lambda: not any(thread.name == "checkpoint writer" for thread in threading.enumerate()), timeout=WAIT)
    shutil.rmtree(folder)
    window.context.commands.run("train.start")
    qtbot.waitUntil(lambda: "folder is gone" in _notes(window), timeout=WAIT)
    assert window.context.bridge.state == "running"
    _check_end(qtbot, window)
    assert not (folder / "checkpoints").exists()


def test_two_windows_train_at_once(trainable: Make, qtbot: QtBot) -> None:
    windows = [trainable(), trainable()]
    for window in windows:
        start(qtbot, window)
    assert windows[0].session.runner.folder != windows[1].session.runner.folder
    assert all(window.context.bridge.state == "running" for window in windows)
    for window in windows:
        _check_end(qtbot, window)


def test_editing_and_undoing_while_training_changes_nothing_about_it(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    window.show_tab("feature_maps")
    start(qtbot, window)
    trained = window.session.runner.training.project.graph
    node = _linear(window)
    window.context.selection.set((node,))
    step = window.train_bar._step
    qtbot.waitUntil(lambda: window.train_bar._step > step, timeout=WAIT)
    window.document.apply(remove_nodes([node]), "Delete")
    for number in range(1, 60):
        window.document.configure(name=f"name {number}")
    for _ in range(60):
        window.document.undo()
    assert window.document.graph == trained
    window.shell.choose_theme("light")
    window.shell.choose_theme("dark")
    step = window.train_bar._step
    qtbot.waitUntil(lambda: window.train_bar._step > step, timeout=WAIT)
    assert window.context.bridge.state == "running"
    _check_end(qtbot, window)


@pytest.mark.parametrize("answer", ["discard", "cancel"])
def test_closing_in_the_middle_of_an_epoch(
    trainable: Make, application: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    window = trainable()
    start(qtbot, window)
    window.document.configure(name="Changed")
    monkeypatch.setattr("netbuilder.ui.ask.ask_to_save", lambda *_: answer)
    assert window.close() == (answer == "discard")
    if answer == "cancel":
        step = window.train_bar._step
        qtbot.waitUntil(lambda: window.train_bar._step > step, timeout=WAIT)
        window.document.undo()
        assert window.close()
    folder = window.session.runner.folder
    assert folder is not None
    assert newest(folder).name in ("last", "best")
    assert Run(folder).summary["status"] == "stopped"
    assert application.windows == []


def test_closing_while_data_loads(application: Application) -> None:
    window = application.show(Document(small_project()))
    window.furnish()
    finish(window)
    window.session.load_data()
    window.context.commands.run("train.start")
    assert window.close()
    assert not window.session.runner.active


def _full_disk(folder: Path) -> bool:
    folder.mkdir(parents=True)
    return os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size=2m tmpfs {folder}") == 0


def test_a_full_disk_while_training_is_told_and_training_goes_on(trainable: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window = trainable()
    folder = tmp_path / "full"
    if not _full_disk(folder):
        pytest.skip("needs the right to mount a small disk")
    try:
        window.session.runs.folder = folder
        start(qtbot, window)
        fill(folder / "filler")
        qtbot.waitUntil(lambda: "could not be written" in _notes(window), timeout=WAIT)
        qtbot.waitUntil(lambda: "curves cannot be written" in _notes(window), timeout=WAIT)
        assert window.context.bridge.state == "running"
        (folder / "filler").unlink()
        _check_end(qtbot, window)
        run = Run(window.session.runner.folder)
        assert run.summary["status"] == "stopped"
        newest(run.folder)
    finally:
        window.session.runner.close()
        os.system(f"umount {folder}")
