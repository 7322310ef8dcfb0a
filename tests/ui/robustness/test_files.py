"""Bad files, bad disks, bad places: a sentence, and nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from mishaps import fill
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from netbuilder import templates
from netbuilder.core.edits import add_node, new_node
from netbuilder.core.files import dumps, load
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow

PATIENCE = 60_000
"""Milliseconds; the machine may have much else to do."""
BAD = {
    "truncated": dumps(templates.project("lenet5"))[:500],
    "foreign": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "empty": b"",
    "other json": b'{"name": "package", "version": "1.0"}',
    "deep": b"[" * 100_000,
    "huge": b" " * (33 * 2**20),
    "not a number": dumps(templates.project("lenet5")).replace(b"0.05", b"NaN"),
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sentences of message boxes, which close at once."""
    found: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: found.append(box.text()) or 0)
    return found


@pytest.fixture(params=sorted(BAD))
def bad(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "bad.netb"
    path.write_bytes(BAD[request.param])
    return path


def _drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    keys = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, keys)
    window.dropEvent(event)


def test_a_bad_file_is_refused_however_it_is_opened(
    window: MainWindow, application: Application, said: list[str], bad: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    window.context.commands.run("file.open")
    _drop(window, bad)
    qtbot.waitUntil(lambda: len(said) == 2, timeout=PATIENCE)
    assert all("bad.netb" in text and "Traceback" not in text for text in said)
    assert application.windows == [window]
    assert window.document.project.name == "LeNet-5"


def test_a_bad_file_on_the_command_line_opens_a_usable_window(application: Application, said: list[str], bad: Path, qtbot: QtBot) -> None:
    application.start(bad)
    (window,) = application.windows
    assert window.document.graph.nodes
    qtbot.waitUntil(lambda: "bad.netb" in window.toast.text.text(), timeout=PATIENCE)
    assert not said, "nothing to press before one can work"


def test_unknown_layers_are_greyed_and_written_back(application: Application, tmp_path: Path) -> None:
    path = tmp_path / "future.netb"
    raw = json.loads(dumps(templates.project("lenet5")))
    node = next(node for node in raw["graph"]["nodes"] if node["layer"] == "tanh" or node["layer"] == "relu")
    node |= {"layer": "quantum", "settings": {"qubits": 3}, "note": "kept"}
    path.write_text(json.dumps(raw))
    window = application.open(path)
    assert window is not None
    window.furnish()
    window.context.selection.set((node["id"],))
    assert any("qubits" in text.text() for text in window.inspector.findChildren(QLabel))
    assert window.document.graph.nodes[node["id"]].layer == "quantum"
    assert not window.context.commands.action("train.start").isEnabled()
    window.document.configure(name="Changed")
    window.context.commands.run("file.save")
    again = next(each for each in json.loads(path.read_text())["graph"]["nodes"] if each["id"] == node["id"])
    assert again["layer"] == "quantum"
    assert again["settings"] == {"qubits": 3}
    assert again["note"] == "kept"


def _edit(window: MainWindow) -> None:
    window.document.apply(add_node(new_node(window.document.graph, "relu", position=(0.0, 900.0))), "Add ReLU")


def test_a_full_disk_keeps_the_old_file_and_the_changes(window: MainWindow, said: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=64k tmpfs {folder}") != 0:
        pytest.skip("needs the right to mount a small disk")
    try:
        path = folder / "mine.netb"
        window.document.save(path)
        before = window.document.graph
        fill(folder / "filler")
        _edit(window)
        window.context.commands.run("file.save")
        assert len(said) == 1
        assert "mine.netb" in said[0]
        assert window.document.modified
        assert load(path).graph == before
        assert sorted(entry.name for entry in folder.iterdir()) in (["filler", "mine.netb"], ["filler", "mine.netb", "mine.netb.bak"])
        (folder / "filler").unlink()
        window.context.commands.run("file.save")
        assert not window.document.modified
        assert load(path).graph == window.document.graph
    finally:
        os.system(f"umount {folder}")


def test_a_folder_that_takes_no_files_is_told(window: MainWindow, said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(window)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/proc/mine.netb", ""))
    window.context.commands.run("file.save_as")
    assert len(said) == 1
    assert "mine.netb" in said[0]
    assert window.document.modified
    assert window.document.path is None


def test_a_folder_that_is_no_run_is_told(window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.context.commands.run("file.open_run")
    assert "is not a run" in window.toast.text.text()
    assert window.session.inspected is None
