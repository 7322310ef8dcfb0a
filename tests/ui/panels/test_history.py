"""The list of steps follows the document, and a click goes to any of them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from netbuilder.core.edits import set_setting
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.history import HistoryPanel
from netbuilder.ui.widgets.later_panel import LaterPanel


def shown_panel(window: MainWindow) -> HistoryPanel:
    window.show_tab("history")
    return cast(HistoryPanel, cast(LaterPanel, window.tabs.panel("history")).make())


def rows(panel: HistoryPanel) -> list[str]:
    return [panel.model.data(panel.model.index(row)) for row in range(panel.model.rowCount())]


def widen(window: MainWindow, *widths: int) -> None:
    node = next(node for node in window.document.graph.nodes.values() if node.layer == "conv2d")
    for width in widths:
        window.document.apply(set_setting(node.id, "out_channels", width), f"Set out channels to {width}")


def test_steps_appear_by_name_while_the_panel_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown_panel(window)
    assert rows(panel) == ["Opened"]
    widen(window, 8, 9)
    qtbot.waitUntil(lambda: rows(panel) == ["Opened", "Set out channels to 8", "Set out channels to 9"])
    assert panel.list.currentIndex().row() == 2


def test_a_click_goes_back_and_forth(window: MainWindow, qtbot: QtBot) -> None:
    before = window.document.graph
    widen(window, 8, 9, 10)
    after = window.document.graph
    panel = shown_panel(window)
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(3)).isValid() and panel.list.isVisible())
    panel.list.scrollToTop()
    place = panel.list.visualRect(panel.model.index(0)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.document.graph is before
    qtbot.waitUntil(lambda: panel.model.position == 0)
    assert len(rows(panel)) == 4
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_End)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert window.document.graph is after


def test_a_new_step_ends_what_was_undone(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown_panel(window)
    widen(window, 8, 9)
    window.document.go_to(1)
    widen(window, 20)
    qtbot.waitUntil(lambda: rows(panel) == ["Opened", "Set out channels to 8", "Set out channels to 20"])
