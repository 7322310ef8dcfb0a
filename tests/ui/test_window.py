"""Closing, saving, opening, problems and source in a whole window."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.core.edits import add_node, new_node, set_setting
from netbuilder.core.files import load
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow


def _edit(window: MainWindow) -> None:
    window.document.apply(add_node(new_node(window.document.graph, "relu", position=(0.0, 900.0))), "Add ReLU")


def _answer(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr("netbuilder.ui.ask.ask_to_save", lambda _parent, name: asked.append(name) or answer)
    return asked


def test_an_unchanged_window_closes_without_a_question(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answer(monkeypatch, "cancel")
    assert window.close()
    assert asked == []


def test_cancel_keeps_the_window(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(window)
    asked = _answer(monkeypatch, "cancel")
    assert not window.close()
    assert window.isVisible()
    assert asked == ["LeNet-5"]


def test_discard_closes(window: MainWindow, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(window)
    _answer(monkeypatch, "discard")
    assert window.close()
    assert application.windows == []


def test_save_on_close_writes_the_file(window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _edit(window)
    _answer(monkeypatch, "save")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    graph = window.document.graph
    assert window.close()
    assert load(tmp_path / "mine.netb").graph == graph


def test_a_save_dialog_given_up_keeps_the_window(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(window)
    _answer(monkeypatch, "save")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert not window.close()
    assert window.document.modified


def test_the_name_carries_a_dot_while_unsaved(window: MainWindow, tmp_path: Path) -> None:
    assert window.top.name.text() == "LeNet-5"
    _edit(window)
    assert window.top.name.text() == "LeNet-5 •"
    assert window.isWindowModified()
    window.document.save(tmp_path / "a.netb")
    assert window.top.name.text() == "LeNet-5"


def test_a_project_without_a_name_is_called_like_its_file(
    open_window: Callable[[Document], MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(Document())
    for name in ("mine", "yours"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(tmp_path / name), ""))
        window.context.commands.run("file.save_as")
        assert window.document.project.name == load(tmp_path / f"{name}.netb").name == name
    field = window.inspector.findChild(QLineEdit, "inspector.project")
    field.setText("Homework 3")
    field.editingFinished.emit()
    assert window.windowTitle().startswith("Homework 3[*] (yours.netb)")
    window.document.undo()
    assert field.text() == "yours"
    window.document.mark_saved()


def test_a_name_is_kept_when_nothing_was_saved(
    open_window: Callable[[Document], MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(Document())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "mine"), ""))
    monkeypatch.setattr("netbuilder.ui.ask.tell", lambda *_: None)
    window.context.commands.run("file.save_as")
    assert window.document.project.name == "Untitled"


def test_opening_replaces_an_untouched_window(window: MainWindow, application: Application, tmp_path: Path) -> None:
    path = tmp_path / "other.netb"
    Document(window.document.project).save(path)
    opened = application.open(path, window)
    assert opened is not None
    assert application.windows == [opened]
    assert application.preferences.recent == (path.resolve(),)


def test_opening_leaves_unsaved_work_alone(window: MainWindow, application: Application, tmp_path: Path) -> None:
    path = tmp_path / "other.netb"
    Document(window.document.project).save(path)
    _edit(window)
    opened = application.open(path, window)
    assert application.windows == [window, opened]


def test_a_broken_file_is_refused_in_a_sentence(
    window: MainWindow, application: Application, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "broken.netb"
    path.write_text('{"netbuilder": 1, "gra')
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(box.text()) or 0)
    assert application.open(path, window) is None
    assert len(said) == 1
    assert "broken.netb" in said[0]
    assert application.windows == [window]


def test_an_exception_becomes_a_sentence(window: MainWindow, application: Application, qtbot: QtBot) -> None:
    application.notice("Something went wrong. Your work is still here.")
    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert "still here" in window.toast.text.text()


def test_problems_lead_to_the_layer_and_mend_it(window: MainWindow, qtbot: QtBot) -> None:
    node = [node for node in window.document.graph.nodes.values() if node.layer == "conv2d"][1]
    window.document.apply(set_setting(node.id, "kernel_size", 40), "Change kernel size")
    assert window.tabs.row.badge(5) != "0"
    window.show_tab("problems")
    note = window.problems.findChild(QPushButton, "fix.0")
    assert note is not None
    qtbot.mouseClick(note.parentWidget(), Qt.MouseButton.LeftButton)
    assert window.context.selection.ids == {node.id}
    qtbot.mouseClick(note, Qt.MouseButton.LeftButton)
    assert window.document.undo_label != "Change kernel size"


def test_source_follows_edits_and_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tab("source")
    source = window.tabs.panel("source").panel  # type: ignore[attr-defined]
    assert "nn.Conv2d(6, 16" in source.text.toPlainText()
    node = [node for node in window.document.graph.nodes.values() if node.layer == "conv2d"][1]
    window.document.apply(set_setting(node.id, "out_channels", 24), "Change out channels")
    qtbot.waitUntil(lambda: "nn.Conv2d(6, 24" in source.text.toPlainText())
    qtbot.mouseClick(source.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == source.text.toPlainText()


def test_parts_can_be_hidden_and_are_remembered(window: MainWindow, open_window: Callable[[Document], MainWindow]) -> None:
    window.context.commands.run("view.toggle_palette")
    window.show_tab("source")
    project = window.document.project
    window.close()
    again = open_window(Document(project))
    assert not again.part_visible("palette")
    assert again.part_visible("inspector")
    assert again.tabs.current == "source"


def test_the_first_window_may_be_closed_while_it_is_furnished(application: Application, qtbot: QtBot) -> None:
    application.start(None)
    window = application.windows[0]
    qtbot.waitUntil(lambda: "edit.undo" in window.context.commands, timeout=5000)
    assert window.top.menus.actions()[0].menu().actions()  # type: ignore[attr-defined]
    assert window.close()
    qtbot.waitUntil(lambda: application.windows == [], timeout=5000)
    assert not application.warm_up.started


def test_a_message_and_the_find_bar_leave_each_other_room(window: MainWindow) -> None:
    finder = window.canvas.overlays.finder
    window.notify("Bookmark 1 is “C1”. Ctrl+1 comes back here.")
    finder.open()
    assert not finder.geometry().intersects(window.toast.geometry())
    finder.dismiss()
    window.toast.hide()
    finder.open()
    top = finder.y()
    window.notify("A longer sentence that is said while somebody looks for a layer, and which has to be read as well.", "error")
    assert finder.y() == top, "what one types into stays where it is"
    assert not finder.geometry().intersects(window.toast.geometry())


def test_layers_that_come_back_are_selected(window: MainWindow) -> None:
    commands, selection = window.context.commands, window.context.selection
    gone = sorted(window.document.graph.nodes)[2:4]
    selection.set(gone)
    commands.run("canvas.delete")
    commands.run("edit.undo")
    assert selection.ids == set(gone)
    selection.set(gone[:1])
    commands.run("canvas.duplicate")
    (copy,) = selection.ids
    commands.run("edit.undo")
    commands.run("edit.redo")
    assert selection.ids == {copy}
    window.document.undo()


def test_a_closed_window_keeps_nothing_in_memory(open_window: Callable[[Document], MainWindow]) -> None:
    window = open_window(Document())
    QAccessible.queryAccessibleInterface(window.canvas)
    kept = [weakref.ref(window.canvas), weakref.ref(window.session), weakref.ref(window.document)]
    QApplication.processEvents()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    del window
    gc.collect()
    assert [each() for each in kept] == [None, None, None]


def test_undo_after_the_first_save_keeps_the_name(
    open_window: Callable[[Document], MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = open_window(Document())
    run = window.context.commands.run
    window.canvas.add_layer_at_centre("relu")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "first.netb"), ""))
    run("file.save")
    assert (window.windowTitle(), window.isWindowModified()) == ("first[*] — Netbuilder", False)
    run("edit.undo")
    assert window.document.graph.nodes == {}
    assert (window.windowTitle(), window.isWindowModified()) == ("first[*] — Netbuilder", True)
    run("edit.redo")
    assert not window.isWindowModified()
    run("edit.undo")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "second.netb"), ""))
    run("file.save_as")
    assert (window.windowTitle(), window.isWindowModified()) == ("second[*] — Netbuilder", False)
    run("edit.redo")
    assert (window.windowTitle(), window.isWindowModified()) == ("second[*] — Netbuilder", True)
    assert [path.name for path in window.shell.preferences.recent] == ["second.netb", "first.netb"]
    assert "Rename project" not in window.document.steps
