"""Recorded runs in the window: followed while another process writes them, scrubbed by their checkpoints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mishaps import WAIT, small_project, start, wait_state
from PySide6.QtWidgets import QFileDialog, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from netbuilder.app import scripting
from netbuilder.app.runs import Run
from netbuilder.ui.main_window import MainWindow

Make = Callable[..., MainWindow]


def _panel(window: MainWindow, key: str):
    return window.tabs.panel(key).panel


def test_a_run_from_anywhere_shows_its_curves_and_checkpoints(
    trainable: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = scripting.train(small_project(epochs=6, keep_every=2), out=tmp_path / "elsewhere")
    window = trainable()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(run.folder))
    window.context.commands.run("file.open_run")
    training = _panel(window, "training")
    assert window.tabs.current == "training"
    recorded = training._recorded
    qtbot.waitUntil(lambda: len(recorded.loss.keys) == 2, timeout=WAIT)
    assert len(recorded.loss.points(f"{run.folder}:validation")[0]) == 6
    wall = training.filters
    assert {2, 4, 6} <= set(wall._epochs())
    titles = []
    for place in range(len(wall._epochs())):
        wall.findChild(QSlider, "filters.epoch").setValue(place)
        qtbot.waitUntil(lambda: "epoch" in wall.title, timeout=WAIT)
        titles.append(wall.title)
    assert titles[-1].endswith("epoch 6")
    assert window.session.inspected[0].folder == run.folder
    start(qtbot, window)
    assert window.session.inspected is None
    assert not recorded.isVisible()
    window.context.commands.run("train.stop")
    wait_state(qtbot, window, "finished")


def test_a_run_of_another_process_appears_and_grows(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    window.show_tab("runs")
    runs = _panel(window, "runs")
    folder = window.session.runs.folder / "2030-01-01-other"
    code = (
        "import sys; from pathlib import Path; from netbuilder.app.record import Recorder; from netbuilder.app.run_store import RunStore;"
        "from netbuilder.core.document import Project; from netbuilder.train.events import *;"
        "f = Path(sys.argv[1]); RunStore(f.parent).new(Project('Other'), {}, folder=f); r = Recorder(f / 'metrics.sqlite');"
        "r.record(Started('cpu', 1, 9));"
        "[(r.record(EpochDone(n, n, 1 / n, None, 1 / n, 0.5, 0.1, 1.0, 1.0, True)), print(n, flush=True), sys.stdin.readline())"
        " for n in (1, 2, 3)]; r.close()"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        for epoch in (1, 2):
            qtbot.waitUntil(
                lambda epoch=epoch: [(r.name, r.epochs, r.status) for r in runs.model.rows] == [("Other", epoch, "running")], timeout=WAIT
            )
            if epoch == 1:
                runs.table.selectRow(0)
            other.stdin.write("\n")
            other.stdin.flush()
        assert window.session.inspected[0].folder == folder
        window.show_tab("training")
        back = window.findChild(QPushButton, "training.back")
        assert back is not None
        shown = _panel(window, "training")._recorded
        qtbot.waitUntil(lambda: len(shown.loss.keys) == 2 and len(shown.loss.points(f"{folder}:validation")[0]) >= 2, timeout=WAIT)
        back.click()
        assert window.session.inspected is None
        other.stdin.write("\n\n")
        other.stdin.close()


def test_the_table_of_runs_fits_the_usual_window(trainable: Make, qtbot: QtBot) -> None:
    window = trainable()
    run = window.session.runs.new(small_project(), {})
    Run(run.folder).rename("a rather long name that somebody gave to a run")
    window.resize(1440, 900)
    window.show_tab("runs")
    runs = _panel(window, "runs")
    qtbot.waitUntil(lambda: len(runs.model.rows) == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: runs.table.columnWidth(0) >= 100 and runs.table.horizontalScrollBar().maximum() == 0, timeout=WAIT)
