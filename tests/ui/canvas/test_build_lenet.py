"""LeNet-5's twelve layers from an empty canvas, once with the mouse alone and once with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hand import Hand
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from netbuilder.core.graph import Graph
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.view import CanvasView

LAYERS = ("input", "conv2d", "tanh", "avgpool2d", "conv2d", "tanh", "avgpool2d", "flatten", "linear", "linear", "linear", "output")


def layers_along(graph: Graph) -> list[str]:
    """Layer names along the only chain."""
    start = next(id_ for id_, node in graph.nodes.items() if node.layer == "input")
    result, at = [graph.nodes[start].layer], start
    while wires := graph.outputs_of.get(at):
        assert len(wires) == 1
        at = wires[0].target.node
        result.append(graph.nodes[at].layer)
    return result


def test_with_the_mouse_alone(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(size=(1000, 620))
    hand = Hand(canvas)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    ids: list[str] = []
    for index, layer in enumerate(LAYERS):
        data = QMimeData()
        data.setData(MIME, layer.encode())
        at = QPoint(130 + index % 4 * 220, 110 + index // 4 * 140)
        for event in (QDragEnterEvent(at, copy, data, left, none), QDragMoveEvent(at, copy, data, left, none)):
            QApplication.sendEvent(canvas.viewport(), event)
        QApplication.sendEvent(canvas.viewport(), QDropEvent(QPointF(at), copy, data, left, none))
        (added,) = canvas.selected_ids
        ids.append(added)
    for before, after in pairwise(ids):
        hand.drag(hand.output(before), hand.input(after))
    assert layers_along(canvas.graph) == list(LAYERS)
    steps = 0
    while canvas.document.undo() is not None:
        steps += 1
    assert steps == 12 + 11
    assert canvas.graph == Graph()


def test_with_the_keyboard_alone(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas()
    hand = Hand(canvas)
    for layer in LAYERS:
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        hand.choose(layer)
    assert layers_along(canvas.graph) == list(LAYERS)
    rects = [item.rect for item in canvas.canvas_scene.nodes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[i + 1 :])
    assert canvas.hasFocus(), (QApplication.focusWidget(), canvas.isActiveWindow())
    for _ in LAYERS:
        canvas.document.undo()
    assert canvas.graph == Graph()
