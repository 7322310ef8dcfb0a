"""LeNet-5 from an empty document in the real window: once by mouse, once by keyboard, and then it learns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from netbuilder.core.document import Document, Project
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.data.settings import DEFAULT_SOURCE
from netbuilder.ui.panels.palette.model import Entry

LAYERS = (
    ("input", {}),
    ("conv2d", {"out_channels": "6", "kernel_size": "5", "padding": "2"}),
    ("tanh", {}),
    ("avgpool2d", {}),
    ("conv2d", {"out_channels": "16", "kernel_size": "5"}),
    ("tanh", {}),
    ("avgpool2d", {}),
    ("flatten", {}),
    ("linear", {"out_features": "120"}),
    ("tanh", {}),
    ("linear", {"out_features": "84"}),
    ("tanh", {}),
    ("linear", {"out_features": "10"}),
    ("output", {}),
)
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def empty(open_window: Callable[[Document], MainWindow], qtbot: QtBot) -> MainWindow:
    """A window on nothing but a small share of MNIST."""
    data = {"source": {"name": "mnist"}, "limit": 256, "validation": 0.25}
    training = {"epochs": 50, "batch_size": 32, "optimizer": {"name": "sgd", "learning_rate": 0.01}}
    window = open_window(Document(Project("Mine", data=data, training=training)))
    qtbot.waitUntil(window.isActiveWindow)
    return window


def check_lenet5(window: MainWindow) -> None:
    graph, analysis = window.document.graph, window.session.analysis
    order = [graph.nodes[id_].layer for id_ in graph.order]
    assert order == [layer for layer, _ in LAYERS]
    assert analysis.parameters == 61_706
    assert not window.session.problems()


def focused() -> QLineEdit:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QLineEdit), widget
    return widget


def fill(window: MainWindow, tab: Qt.Key, entries: dict[str, str | Qt.Key]) -> None:
    """Go to a tab by its shortcut, walk with Tab from control to control, type, and come back to the canvas."""
    QTest.keyClick(window.canvas, tab, Qt.KeyboardModifier.AltModifier)
    for name, text in entries.items():
        while (at := QApplication.focusWidget()).objectName() != name:
            assert at is not window.canvas, f"no way leads to {name}"
            QTest.keyClick(at, Qt.Key.Key_Tab)
        (QTest.keyClicks if isinstance(text, str) else QTest.keyClick)(at, text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert window.canvas.hasFocus()


def test_by_keyboard_alone_and_then_train(open_window: Callable[[Document], MainWindow], qtbot: QtBot) -> None:
    empty = open_window(Document(Project("Mine")))
    qtbot.waitUntil(empty.isActiveWindow)
    canvas = empty.canvas
    assert canvas.hasFocus()
    fill(empty, Qt.Key.Key_1, {"choose.source": "Shapes"})
    assert empty.document.project.data["source"] != DEFAULT_SOURCE
    fill(empty, Qt.Key.Key_1, {"choose.source": Qt.Key.Key_Home, "field.validation": "0.25", "field.limit": "256"})
    fill(empty, Qt.Key.Key_2, {"field.batch_size": "32", "field.epochs": "50", "choose.optimizer": "SGD", "field.learning_rate": "0.02"})
    project = empty.document.project
    assert project.data == {"source": DEFAULT_SOURCE, "validation": 0.25, "limit": 256}
    assert (project.training["batch_size"], project.training["epochs"]) == (32, 50)
    assert project.training["optimizer"]["learning_rate"] == 0.02
    for layer, settings in LAYERS:
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), layer)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        assert canvas.hasFocus()
        if settings:
            QTest.keyClick(canvas, Qt.Key.Key_Return)
        for name, text in settings.items():
            while focused().objectName() != f"field.{name}":
                QTest.keyClick(focused(), Qt.Key.Key_Tab)
            QTest.keyClicks(focused(), text)
        if settings:
            QTest.keyClick(focused(), Qt.Key.Key_Escape)
            assert canvas.hasFocus()
    check_lenet5(empty)
    wire_anew(empty)
    check_lenet5(empty)
    QTest.keyClick(canvas, Qt.Key.Key_F5)
    runner = empty.session.runner
    qtbot.waitUntil(lambda: runner.state == "running", timeout=60_000)
    QTest.keyClick(canvas, Qt.Key.Key_F5, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not runner.active, timeout=60_000)
    assert runner.error in ("", None)
    while empty.document.undo() is not None:
        pass
    assert not empty.document.graph.nodes


def wire_anew(window: MainWindow) -> None:
    """Take the output's wire away, walk to the last layer, connect the two again by name."""
    canvas, graph = window.canvas, window.document.graph
    QTest.keyClick(canvas, Qt.Key.Key_X, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert len(window.document.graph.links) == len(graph.links) - 1
    QTest.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    assert [window.document.graph.nodes[id_].layer for id_ in canvas.selected_ids] == ["linear"]
    QTest.keyClick(canvas, Qt.Key.Key_C)
    QTest.keyClicks(focused(), "output")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert window.document.graph.links == graph.links


def test_by_mouse_alone(empty: MainWindow) -> None:
    """Rows are double-clicked, wires are drawn, nodes and the arrows of fields are clicked; no key is pressed."""
    canvas, ids = empty.canvas, []
    for number, (layer, settings) in enumerate(LAYERS):
        click_void(empty)
        double_click_row(empty, layer)
        (added,) = canvas.selected_ids
        ids.append(added)
        drag(canvas.viewport(), body(empty, added), QPoint(110 + number % 5 * 150, 90 + number // 5 * 110))
        for name, text in settings.items():
            count(empty, name, int(text))
    for before, after in pairwise(ids):
        items = canvas.canvas_scene.nodes
        start, end = (canvas.mapFromScene(point) for point in (items[before].output_place("out"), items[after].input_place("in")))
        drag(canvas.viewport(), start, end)
    check_lenet5(empty)


def click_void(window: MainWindow) -> None:
    canvas = window.canvas
    spots = (QPoint(x, y) for y in range(canvas.height() - 8, 0, -24) for x in range(20, canvas.width() - 200, 40))
    scene = canvas.canvas_scene
    void = next(
        spot
        for spot in spots
        if not scene.nodes_in(canvas.mapToScene(spot.x() - 20, spot.y() - 20, 40, 40).boundingRect())
        and scene.wire_at(canvas.mapToScene(spot)) is None
    )
    QTest.mouseClick(canvas.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, void)
    assert not canvas.selected_ids


def double_click_row(window: MainWindow, layer: str) -> None:
    panel = window.palette_panel
    model = panel.model
    row = next(
        index
        for index in map(model.index, range(model.rowCount()))
        if isinstance(entry := model.row(index), Entry) and entry.about.name == layer
    )
    panel.rows.scrollTo(row)
    at = panel.rows.visualRect(row).center()
    QTest.mouseClick(panel.rows.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseDClick(panel.rows.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)


def body(window: MainWindow, node_id: str) -> QPoint:
    canvas = window.canvas
    return canvas.mapFromScene(canvas.canvas_scene.nodes[node_id].rect.center() + QPointF(0, -16))


def drag(viewport, start: QPoint, end: QPoint) -> None:  # type: ignore[no-untyped-def]
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * share)
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, end)


def count(window: MainWindow, name: str, wanted: int) -> None:
    """The arrows at the end of a field are clicked, with Shift for tens, until it shows the number."""
    field = window.inspector.findChild(QLineEdit, f"field.{name}")
    for _ in range(40):
        by = wanted - int(field.text().split()[0].replace(",", ""))
        if not by:
            break
        tens = Qt.KeyboardModifier.ShiftModifier if abs(by) >= 10 else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(field, LEFT, tens, QPoint(field.width() - 10, 6 if by > 0 else field.height() - 6))
    assert field.text().split()[0] == str(wanted)
