"""A mouse and a keyboard for one canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from netbuilder.ui.canvas.view import CanvasView


class Hand:
    """Real events; points are the viewport's pixels, `at` makes them from scene coordinates."""

    def __init__(self, canvas: CanvasView) -> None:
        self.canvas = canvas

    def at(self, x: float, y: float) -> QPoint:
        return self.canvas.mapFromScene(QPointF(x, y))

    def press(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifiers, point)

    def move(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        viewport = self.canvas.viewport()
        buttons = Qt.MouseButton.LeftButton
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(point), QPointF(viewport.mapToGlobal(point)), Qt.MouseButton.NoButton, buttons, modifiers
        )
        QApplication.sendEvent(viewport, event)

    def release(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifiers, point)

    def click(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(point, modifiers)
        self.release(point, modifiers)

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(start, modifiers)
        for share in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * share, modifiers)
        self.release(end, modifiers)

    def node(self, node_id: str) -> QPoint:
        """A spot of the node that is neither port nor badge."""
        return self.canvas.mapFromScene(self.canvas.canvas_scene.nodes[node_id].rect.center() + QPointF(0, -16))

    def output(self, node_id: str, name: str = "out") -> QPoint:
        return self.canvas.mapFromScene(self.canvas.canvas_scene.nodes[node_id].output_place(name))

    def input(self, node_id: str, name: str = "in") -> QPoint:
        return self.canvas.mapFromScene(self.canvas.canvas_scene.nodes[node_id].input_place(name))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.target(), key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.target(), text)

    def target(self) -> QWidget:
        picker = self.canvas.lists.picker
        return picker.field if picker is not None else self.canvas

    def choose(self, text: str, *, shift: bool = False) -> None:
        """Type into the open list and take the first entry."""
        self.type(text)
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)
