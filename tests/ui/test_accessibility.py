"""Screen readers: every control in the window and its dialogs has a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from patience import until
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QHeaderView, QLabel, QLineEdit, QListView, QTableView, QWidget

from netbuilder.templates import project
from netbuilder.ui.main_window import MainWindow

DIALOGS = ("file.new", "file.export", "file.picture", "network.replace_head", "train.folds", "train.checks", "help.shortcuts", "help.about")


def controls(root: QWidget) -> Iterator[QWidget]:
    """What takes the focus or is pressed; not the parts that Qt's own controls are made of."""
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget, QHeaderView | QListView) and not widget.objectName()
        inner |= isinstance(widget, QAbstractButton) and not widget.objectName() and isinstance(widget.parent(), QLineEdit | QTableView)
        pressed = isinstance(widget, QAbstractButton) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        silent = isinstance(widget, QLabel) and not widget.text()
        part = widget.objectName().startswith("qt_") or (type(widget) is QWidget and not widget.objectName())
        if pressed and not inner and not silent and not part:
            yield widget


def nameless(root: QWidget) -> list[str]:
    found = []
    for widget in controls(root):
        told = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not told.strip():
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def test_every_control_of_the_window_has_a_name(window: MainWindow) -> None:
    window.context.selection.set([window.document.graph.by_name["C1"].id])
    for panel in window.later_panels():
        panel.make()
    window.context.commands.run("view.outline")
    window.context.commands.run("canvas.find")
    assert nameless(window) == []


@pytest.mark.parametrize("command", DIALOGS)
def test_every_control_of_a_dialog_has_a_name(window: MainWindow, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QDialog] = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: (opened.append(dialog), 0)[1])
    monkeypatch.setattr(QDialog, "open", lambda dialog: opened.append(dialog))
    window.context.commands.run(command)
    assert opened
    assert nameless(opened[0]) == []
    opened[0].deleteLater()


@pytest.mark.parametrize(("command", "name"), [("inspect.tensor", "dialog.tensor"), ("inspect.neurons", "dialog.neurons")])
def test_every_control_of_a_window_beside_has_a_name_and_shows_its_focus(window: MainWindow, command: str, name: str) -> None:
    window.session.document.apply(lambda _graph: project("mlp-3-4-2").graph, "A small network")
    window.context.selection.set([window.document.graph.by_name["hidden1"].id])
    window.context.commands.run(command)
    beside = window.findChild(QDialog, name)
    assert beside is not None
    until(lambda: bool(getattr(beside, "shown", None) or getattr(beside, "passed", None)), 60_000)
    assert nameless(beside) == []
    beside.activateWindow()
    assert unmarked(beside) == []


def test_tab_reaches_the_fields_of_a_dialog_from_top_to_bottom(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QDialog] = []
    monkeypatch.setattr(QDialog, "exec", lambda dialog: (opened.append(dialog), dialog.show(), 0)[2])
    window.context.commands.run("file.export")
    dialog = opened[0]
    order, at = [], dialog.nextInFocusChain()
    while at is not dialog and at is not None:
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.isVisible() and at.objectName().startswith("export."):
            order.append(at)
        at = at.nextInFocusChain()
    heights = [widget.mapTo(dialog, widget.rect().center()).y() for widget in order]
    assert len(order) >= 4
    assert heights == sorted(heights)
    dialog.deleteLater()


def unmarked(root: QWidget) -> list[str]:
    """Controls that look the same with and without the keyboard's focus."""
    found = []
    for widget in controls(root):
        if not (widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        root.setFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.hasFocus() and widget.grab().toImage() == before:
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def test_the_focus_can_be_seen(window: MainWindow) -> None:
    window.context.selection.set([window.document.graph.by_name["C1"].id])
    for key in ("data", "training", "source", "history"):
        window.show_tab(key)
        window.tabs.panel(key).make()
        left = unmarked(window)
        assert left in ([], ["CanvasView panel.canvas in QSplitter"]), "the canvas marks the layer that the keyboard is at"


@pytest.mark.parametrize("tab", ["data", "training", "source"])
def test_tab_walks_through_the_whole_window_and_is_seen_at_every_step(window: MainWindow, qapp: QApplication, tab: str) -> None:
    window.context.selection.set([window.document.graph.by_name["C1"].id])
    for panel in window.later_panels():
        panel.make()
    window.show_tab(tab)
    qapp.processEvents()
    seen: list[QWidget] = []
    window.top.search.setFocus(Qt.FocusReason.TabFocusReason)
    while (at := qapp.focusWidget()) not in seen:
        seen.append(at)
        place = QRect(at.mapTo(window, QPoint()), at.size()).adjusted(-4, -4, 4, 4)
        focused = window.grab(place).toImage()
        if at is window.canvas:
            QTest.keyClick(at, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        else:
            QTest.keyClick(at, Qt.Key.Key_Tab)
        assert qapp.focusWidget() is not at, at
        assert window.grab(place).toImage() != focused, at
    assert at is window.top.search
    assert window.canvas in seen
    assert len(seen) > 20
