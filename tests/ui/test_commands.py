"""One registry: unique ids and shortcuts, stable object names, states asked anew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document
from netbuilder.core.edits import add_node, new_node, remove_nodes
from netbuilder.templates import project
from netbuilder.ui.application import Application, first_document
from netbuilder.ui.commands import Command, CommandRegistry
from netbuilder.ui.main_window import MainWindow


def test_every_action_has_a_stable_name(window: MainWindow) -> None:
    for command in window.context.commands:
        assert window.context.commands.action(command.id).objectName() == f"action.{command.id}"
    for menu in window.top.menus.findChildren(QAction):
        if not menu.isSeparator() and menu.menu() is None:
            assert menu.objectName()


def test_shortcuts_are_unique(window: MainWindow) -> None:
    keys = Counter(command.keys.toString() for command in window.context.commands if not command.keys.isEmpty())
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.usefixtures("qapp")
def test_a_second_id_or_shortcut_is_refused() -> None:
    registry = CommandRegistry()
    registry.add(Command("a", "A", lambda: None, shortcut="Ctrl+Y"))
    with pytest.raises(ValueError, match="called a"):
        registry.add(Command("a", "Other", lambda: None))
    with pytest.raises(ValueError, match=r"share Ctrl\+Y"):
        registry.add(Command("b", "B", lambda: None, shortcut="Ctrl+Y"))


@pytest.mark.usefixtures("qapp")
def test_a_disabled_command_does_not_run() -> None:
    ran: list[str] = []
    registry = CommandRegistry()
    registry.add(Command("a", "A", lambda: ran.append("a"), enabled=lambda: False))
    registry.run("a")
    assert ran == []


def test_undo_says_what_it_undoes(window: MainWindow) -> None:
    document, commands = window.document, window.context.commands
    document.apply(add_node(new_node(document.graph, "relu")), "Add ReLU")
    assert commands.action("edit.undo").text() == "Undo Add ReLU"
    commands.run("edit.undo")
    assert commands.action("edit.redo").text() == "Redo Add ReLU"
    assert not commands.action("edit.undo").isEnabled()


def test_command_palette_finds_layers_and_commands(window: MainWindow, qtbot: QtBot) -> None:
    palette = window.command_palette
    window.open_palette()
    qtbot.keyClicks(palette.field, "batchnorm2")
    assert palette.shown()[0] == "layer.batchnorm2d"
    before = len(window.document.graph.nodes)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert len(window.document.graph.nodes) == before + 1
    assert palette.isHidden()
    window.open_palette()
    qtbot.keyClicks(palette.field, "transition")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.document.graph.blocks.keys() == {"Transition"}
    window.open_palette()
    qtbot.keyClicks(palette.field, "light theme")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.context.themes.choice == "light"


def test_command_palette_says_when_nothing_matches(window: MainWindow, qtbot: QtBot) -> None:
    window.open_palette()
    qtbot.keyClicks(window.command_palette.field, "zzzz")
    assert window.command_palette.shown() == []
    assert "Nothing matches" in window.command_palette.list.item(0).text()
    window.command_palette.hide()


def test_what_cannot_be_used_now_says_why(window: MainWindow, qtbot: QtBot) -> None:
    commands, palette = window.context.commands, window.command_palette
    commands.refresh()
    assert not commands.action("canvas.make_block").isEnabled()
    assert commands.action("canvas.make_block").toolTip() == "Select a layer first."
    assert window.menus["Network"].toolTipsVisible()
    window.open_palette()
    assert "canvas.make_block" not in palette.shown(), "of use only to those who ask for it"
    qtbot.keyClicks(palette.field, "make block")
    assert palette.shown()[0] == "canvas.make_block"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.hide()
    window.context.selection.set(list(window.document.graph.nodes)[:1])
    assert commands.action("canvas.make_block").isEnabled()
    assert commands.action("canvas.make_block").toolTip() == "Make block…", "none: Qt gives the title instead"


def test_no_menu_is_longer_than_a_small_screen_and_all_commands_are_in_them(window: MainWindow) -> None:
    shown = {action.objectName() for menu in window.top.menus.findChildren(QMenu) for action in menu.actions()}
    assert {f"action.{command.id}" for command in window.context.commands if command.menu} <= shown
    for title, menu in window.menus.items():
        assert menu.sizeHint().height() < 880, title
        assert menu.title() == f"&{title}", "Alt and its first letter opens it"


@pytest.mark.parametrize("filled", [True, False])
def test_every_command_that_cannot_be_used_has_its_own_reason(application: Application, filled: bool) -> None:
    window = application.show(first_document() if filled else Document())
    window.furnish()
    found = {command.id: command.hindrance for command in window.context.commands if command.hindrance}
    assert {"canvas.make_block", "edit.undo", "train.stop", "inspect.step_through"} <= found.keys()
    assert [id_ for id_, reason in found.items() if reason == Command("", "", list, enabled=bool).hindrance] == []


def test_recent_projects_of_one_name_can_be_told_apart(window: MainWindow, application: Application, tmp_path: Path) -> None:
    for name in ("one/net", "two/net", "R&D"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        application.preferences.remember(tmp_path / f"{name}.netb")
    menu = window.findChild(QMenu, "menu.recent")
    menu.aboutToShow.emit()
    names = ["R&&D", f"net  ({tmp_path / 'two'})", f"net  ({tmp_path / 'one'})"]
    assert [action.text() for action in menu.actions()[:3]] == [f"{name}, missing" for name in names]


def test_recent_projects_show_their_networks_and_are_chosen_by_keys(
    window: MainWindow, application: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    path = Document(project("resnet18")).save(tmp_path / "mine.netb")
    application.preferences.remember(tmp_path / "gone.netb")
    application.preferences.remember(path)
    menu = window.findChild(QMenu, "menu.recent")
    menu.popup(window.pos())
    mine, gone = (action.defaultWidget() for action in menu.actions()[:2])
    qtbot.waitUntil(lambda: mine.picture.graph is not None, timeout=5000)
    assert mine.words.startswith(("today", "yesterday"))
    assert gone.words.startswith("missing")
    assert gone.picture.graph is None
    before = menu.grab().toImage()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction() is menu.actions()[0]
    assert menu.grab().toImage() != before, "the chosen row can be seen"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert application.windows[-1].document.path == path


def test_missing_projects_are_taken_off_the_list(window: MainWindow, application: Application, tmp_path: Path) -> None:
    path = Document(project("lenet5")).save(tmp_path / "mine.netb")
    for each in (tmp_path / "gone.netb", path):
        application.preferences.remember(each)
    menu = window.findChild(QMenu, "menu.recent")
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert application.preferences.recent == (path,)
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["mine"]


def test_a_button_of_a_command_says_why_as_well(window: MainWindow) -> None:
    button = window.train_bar.findChild(QPushButton, "button.train.step")
    assert "Needs a network without errors." not in button.toolTip()
    window.document.apply(remove_nodes([window.document.graph.by_name["input"].id]), "Remove")
    window.context.commands.refresh()
    assert "Needs a network without errors." in button.toolTip()
