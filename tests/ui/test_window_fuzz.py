"""Random hands on a whole window: nothing raises, every view keeps up, and undoing everything returns the start."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QMenu, QMenuBar, QWidget

from netbuilder.core.edits import Edit, add_node, connect, disconnect, move, new_node, remove_nodes, set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.ui.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
LAYERS = ("relu", "conv2d", "linear", "add", "flatten", "dropout", "maxpool2d")
KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up,
    Qt.Key.Key_Down, Qt.Key.Key_1, Qt.Key.Key_7, Qt.Key.Key_Backspace, Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_F,
)  # fmt: skip


def random_edit(graph: Graph, chance: random.Random) -> Edit:
    node = chance.choice(list(graph.nodes.values()))
    kind = chance.randrange(6)
    if kind == 0:
        return add_node(new_node(graph, chance.choice(LAYERS), position=(chance.randrange(40) * 40.0, chance.randrange(20) * 40.0)))
    if kind == 1 and len(graph.nodes) > 5:
        return remove_nodes([node.id])
    if kind == 2:
        return move({node.id: (chance.randrange(40) * 40.0, chance.randrange(20) * 40.0)})
    if kind == 3 and graph.links:
        return disconnect(chance.choice(list(graph.links)))
    if kind == 4:
        return set_setting(node.id, chance.choice(["out_channels", "kernel_size", "p"]), chance.randrange(1, 9))
    other = chance.choice(list(graph.nodes.values()))
    inputs, outputs = input_ports(node, graph), output_ports(other, graph)
    if not inputs or not outputs:
        return move({node.id: (0.0, 0.0)})
    return connect(Port(other.id, outputs[0]), Port(node.id, inputs[0]))


@pytest.mark.parametrize("tab", ["problems", "source"])
def test_undo_and_redo_all_with_every_view_open(window: MainWindow, tab: str) -> None:
    window.show_tab(tab)
    document, chance, first = window.document, random.Random(7), window.document.graph
    for number in range(90):
        window.context.selection.set(chance.sample(list(document.graph.nodes), chance.randrange(1, 3)))
        try:
            document.apply(random_edit(document.graph, chance), f"Edit {number}")
        except NetbuilderError:
            continue
        QApplication.processEvents()
    last, steps = document.graph, 0
    while document.undo_label is not None:
        QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        steps += 1
    assert steps >= 50
    assert document.graph == first
    assert not window.session.problems()
    while document.redo_label is not None:
        window.context.commands.run("edit.redo")
        QApplication.processEvents()
    assert document.graph == last
    assert set(window.canvas.canvas_scene.nodes) == set(last.nodes)
    assert set(window.canvas.canvas_scene.wires) == set(last.links)


def hands(window: MainWindow) -> list[QWidget]:
    """What can be clicked or typed into, but for menus, dialogs and buttons that open them or train."""
    inside = (window.canvas, window.palette_panel, window.inspector, window.tabs)
    widgets = [child for part in inside for child in (part, *part.findChildren(QWidget)) if child.isVisible()]
    return [child for child in widgets if not isinstance(child, QMenu | QMenuBar | QDialog | QComboBox)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_two_thousand_random_events(window: MainWindow, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    monkeypatch.setattr(QDialog, "exec", lambda *_: 0)
    window.show_tab(("problems", "source", "problems")[seed])
    document, chance, first = window.document, random.Random(seed), window.document.graph
    for number in range(2000):
        if number % 40 == 0:
            widgets = hands(window)
        widget = chance.choice([window.canvas.viewport(), window.canvas.viewport(), *widgets])
        try:
            act(window, widget, chance)
        except RuntimeError:  # the widget went away with the selection
            widgets = hands(window)
        if len(document.graph.nodes) > 60:
            document.undo()
    window.canvas.cancel()
    assert set(window.canvas.canvas_scene.nodes) == set(document.graph.nodes)
    assert window.context.selection.ids <= document.graph.nodes.keys()
    while document.undo() is not None:
        pass
    assert document.graph == first


def act(window: MainWindow, widget: QWidget, chance: random.Random) -> None:
    """One event of a random kind at a random place."""
    if not widget.isVisible() or widget.width() < 1 or widget.height() < 1:
        return
    at = QPoint(chance.randrange(widget.width()), chance.randrange(widget.height()))
    kind = chance.randrange(10)
    if kind < 4:
        QTest.mouseClick(widget, LEFT, NONE, at)
    elif kind == 4:
        QTest.mouseDClick(widget, LEFT, NONE, at)
    elif kind == 5:
        QTest.mousePress(window.canvas.viewport(), LEFT, NONE, at)
        QTest.mouseMove(window.canvas.viewport(), QPoint(chance.randrange(600), chance.randrange(400)))
        QTest.mouseRelease(window.canvas.viewport(), LEFT, NONE, QPoint(chance.randrange(600), chance.randrange(400)))
    elif kind < 9:
        focus = QApplication.focusWidget() or window.canvas
        QTest.keyClick(focus, chance.choice(KEYS))
    else:
        chance.choice([window.document.undo, window.document.redo, window.canvas.fit])()
        if isinstance(QApplication.focusWidget(), QLineEdit):
            QTest.keyClicks(QApplication.focusWidget(), str(chance.randrange(40)))
