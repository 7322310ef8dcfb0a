"""Shortcuts looked up, changed, kept and printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from netbuilder.core.document import Document
from netbuilder.core.edits import remove_nodes
from netbuilder.ui.application import Application
from netbuilder.ui.dialogs.shortcuts import ShortcutsDialog
from netbuilder.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(window: MainWindow) -> ShortcutsDialog:
    found = ShortcutsDialog(window.context, window.shell.bind_shortcuts, window)
    found.show()
    return found


def choose(dialog: ShortcutsDialog, id_: str) -> None:
    for row in range(dialog.tree.topLevelItemCount()):
        group = dialog.tree.topLevelItem(row)
        for number in range(group.childCount()):
            if group.child(number).data(0, Qt.ItemDataRole.UserRole) == id_:
                dialog.tree.setCurrentItem(group.child(number))
                return
    raise AssertionError(id_)


def visible(dialog: ShortcutsDialog) -> list[str]:
    groups = [dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount())]
    children = [group.child(number) for group in groups for number in range(group.childCount())]
    return [child.text(0) for child in children if not child.isHidden()]


def test_a_new_shortcut_works_at_once_in_every_window_and_is_kept(
    dialog: ShortcutsDialog, window: MainWindow, application: Application
) -> None:
    other = application.show(Document())
    other.furnish()
    choose(dialog, "edit.undo")
    QTest.keyClick(dialog.keys, Qt.Key.Key_U, CTRL)
    QTest.mouseClick(dialog._assign, Qt.MouseButton.LeftButton)
    for each in (window, other):
        assert each.context.commands.action("edit.undo").shortcut() == QKeySequence("Ctrl+U")
    assert application.preferences.settings.shortcuts == {"edit.undo": "Ctrl+U"}
    third = application.show(Document())
    third.furnish()
    assert third.context.commands.action("edit.undo").shortcut() == QKeySequence("Ctrl+U")
    QTest.mouseClick(dialog._reset, Qt.MouseButton.LeftButton)
    assert window.context.commands.action("edit.undo").shortcut() == QKeySequence("Ctrl+Z")
    assert application.preferences.settings.shortcuts == {}


def test_the_keyboard_is_back_in_the_list_after_taking_keys(dialog: ShortcutsDialog, window: MainWindow) -> None:
    choose(dialog, "view.outline")
    dialog.keys.setFocus()
    QTest.keyClick(dialog.keys, Qt.Key.Key_U, CTRL)
    dialog._assign.setFocus()
    QTest.keyClick(dialog._assign, Qt.Key.Key_Return)
    assert window.context.commands.keys("view.outline") == QKeySequence("Ctrl+U"), "Enter presses the button in focus"
    assert dialog.focusWidget() is dialog.tree, "and not “Remove”, where the next Space would take the keys away"


def test_a_conflict_is_told_and_the_keys_may_be_taken_over(dialog: ShortcutsDialog, window: MainWindow) -> None:
    commands = window.context.commands
    choose(dialog, "view.outline")
    QTest.keyClick(dialog.keys, Qt.Key.Key_S, CTRL)
    assert "Ctrl+S now means “Save”" in dialog.told.text()
    assert dialog._assign.text() == "Take over"
    QTest.mouseClick(dialog._assign, Qt.MouseButton.LeftButton)
    assert commands.keys("view.outline") == QKeySequence("Ctrl+S")
    assert commands.keys("file.save").isEmpty()
    choose(dialog, "file.save")
    QTest.mouseClick(dialog._reset, Qt.MouseButton.LeftButton)
    assert "belongs to “Outline” now" in dialog.told.text()
    QTest.mouseClick(dialog.findChild(type(dialog._reset), "shortcuts.reset_all"), Qt.MouseButton.LeftButton)
    assert commands.keys("file.save") == QKeySequence("Ctrl+S")
    assert commands.keys("view.outline") == QKeySequence("Ctrl+Shift+O")


@pytest.mark.parametrize(
    ("key", "words"),
    [(Qt.Key.Key_F, "On the canvas F means “Zoom to fit”"), (Qt.Key.Key_Left, "On the canvas Left moves"), (Qt.Key.Key_A, "")],
)
def test_what_keys_did_on_the_canvas_is_told(dialog: ShortcutsDialog, key: Qt.Key, words: str) -> None:
    choose(dialog, "canvas.duplicate")
    QTest.keyClick(dialog.keys, key)
    assert dialog.told.text().startswith(words)
    assert bool(dialog.told.text()) == bool(words)


def test_a_shortcut_can_be_removed(dialog: ShortcutsDialog, window: MainWindow) -> None:
    choose(dialog, "canvas.add")
    QTest.mouseClick(dialog._remove, Qt.MouseButton.LeftButton)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert window.canvas.lists.picker is None


def test_searching_by_name_and_by_keys(dialog: ShortcutsDialog) -> None:
    QTest.keyClicks(dialog.search, "ctrl+d")
    assert visible(dialog) == ["Duplicate"]
    dialog.search.setText("bookmark 3")
    assert visible(dialog) == ["Go to bookmark 3", "Set bookmark 3 here"]


def test_the_page_to_print(dialog: ShortcutsDialog, tmp_path: Path) -> None:
    dialog.save_page(tmp_path / "keys.pdf")
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")


def test_a_question_mark_on_the_canvas_opens_it(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(ShortcutsDialog, "exec", lambda dialog: (opened.append(dialog.windowTitle()), dialog.deleteLater(), 0)[2])
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert opened == ["Keyboard shortcuts"]


def test_what_the_mouse_does_can_be_looked_up(dialog: ShortcutsDialog) -> None:
    dialog.search.setText("lasso")
    assert visible(dialog) == ["Select with a lasso"]


def test_commands_are_called_by_lasting_names(window: MainWindow) -> None:
    window.document.apply(remove_nodes([window.document.graph.by_name["C1"].id]), "Delete C1")
    window.context.commands.refresh()
    assert window.context.commands.action("edit.undo").text() == "Undo Delete C1"
    dialog = ShortcutsDialog(window.context, window.shell.bind_shortcuts, window)
    dialog.show()
    assert {"Undo", "Redo", "Start or pause"} <= set(visible(dialog))
    choose(dialog, "edit.undo")
    assert "“Undo”" in dialog.told.text()
