"""An exception anywhere becomes a sentence for the user and a traceback in the log; a killed process loses no work."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from netbuilder.app import crash, recovery
from netbuilder.core.document import Document
from netbuilder.templates import project
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.offer_recovery import offer_recovery


@pytest.mark.usefixtures("hooks")
def test_an_exception_in_a_slot_or_a_thread_is_told_and_logged(
    window: MainWindow, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = crash.start_log(tmp_path)
    assert path is not None
    with qtbot.capture_exceptions():  # it puts a hook of its own into our place
        crash.install(application.notice)
        QTimer.singleShot(0, lambda: {}["slot"])
        qtbot.waitUntil(lambda: window.toast.isVisible(), timeout=5000)
    crash.install(application.notice)
    assert "KeyError" in window.toast.text.text()
    window.toast.hide()
    thread = threading.Thread(target=lambda: [][1])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: window.toast.isVisible(), timeout=5000)
    assert "IndexError" in window.toast.text.text()
    text = path.read_text()
    assert "Traceback" in text
    assert "IndexError" in text
    assert "KeyError" in text
    window.document.configure(name="Still alive")
    assert window.top.name.text().startswith("Still alive")
    for handler in list(logging.getLogger("netbuilder").handlers):
        logging.getLogger("netbuilder").removeHandler(handler)
        handler.close()


KILLED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from netbuilder.core.edits import add_node, new_node
from netbuilder.ui.application import Application, first_document
qt = QApplication([])
application = Application(qt)
application.start(None)
def edit():
    window = application.windows[0]
    if window.autosave is None:
        return QTimer.singleShot(50, edit)
    window.document.apply(add_node(new_node(window.document.graph, "dropout")), "Add")
    window.autosave.wait_written()
    print("edited", flush=True)
QTimer.singleShot(0, edit)
qt.exec()
"""


def test_work_of_a_killed_window_is_offered_and_restored(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, env=os.environ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "edited\n"
        other.send_signal(signal.SIGKILL)
    (left,) = recovery.found()
    answers = ["later", "open"]
    asked: list[str] = []
    monkeypatch.setattr("netbuilder.ui.ask.ask_to_recover", lambda _parent, name: asked.append(name) or answers[len(asked) - 1])
    application.start(None)
    offer_recovery(application)
    assert recovery.found() == (left,)
    offer_recovery(application)
    (window,) = application.windows
    assert asked == ["LeNet-5", "LeNet-5"]
    assert "dropout" in {node.layer for node in window.document.graph.nodes.values()}
    assert window.document.modified
    assert not left.path.exists()
    assert window.autosave is not None
    assert window.autosave.path.exists()


def test_recovered_work_takes_the_place_of_its_own_window(
    application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [Document(project(name)).save(tmp_path / f"{name}.netb") for name in ("lenet5", "mlp-3-4-2")]
    for file in files:
        application.open(file)
    left = Document(project("lenet5"), path=files[0])
    left.mark_unsaved()
    found = recovery.Found(tmp_path / "none.netb", "LeNet-5", files[0], datetime.now(UTC))
    monkeypatch.setattr(recovery.Found, "open", lambda _self: left)
    monkeypatch.setattr("netbuilder.ui.offer_recovery.found", lambda: (found,))
    monkeypatch.setattr("netbuilder.ui.ask.ask_to_recover", lambda _parent, _name: "open")
    offer_recovery(application)
    assert sorted((window.document.path, window.document.modified) for window in application.windows) == [
        (files[0], True),
        (files[1], False),
    ]
