"""The canvas for screen readers and other aids: beside its widgets, every layer is a child with a name, a value and a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from netbuilder.ui.canvas import spoken

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class LayerFace(QAccessibleInterface):
    """One layer: “Conv2d conv1” with the value “6×28×28, 156 parameters, 1 problem”; its description says what is wrong."""

    def __init__(self, canvas: CanvasView, id_: str) -> None:
        super().__init__()
        self._canvas, self.id = canvas, id_

    def isValid(self) -> bool:
        return isValid(self._canvas) and self.id in self._canvas.graph.nodes

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        if not self.isValid():
            return ""
        if kind is QAccessible.Text.Name:
            return spoken.title(self._canvas, self.id)
        if kind is QAccessible.Text.Value:
            return ", ".join(spoken.facts(self._canvas, self.id))
        return spoken.troubles(self._canvas, self.id) if kind is QAccessible.Text.Description else ""

    def state(self) -> QAccessible.State:
        canvas, state = self._canvas, QAccessible.State()
        told = {
            "selectable": True,
            "focusable": True,
            "selected": self.id in canvas.selection.ids,
            "focused": canvas.hasFocus() and canvas.selection.only == self.id,
            "offscreen": not canvas.viewport().rect().intersects(self._box()),
        }
        for name, on in told.items():
            setattr(state, name, on)
        return state

    def rect(self) -> QRect:
        box = self._box()
        return QRect(self._canvas.viewport().mapToGlobal(box.topLeft()), box.size())

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._canvas)

    def window(self) -> QWindow:
        return self._canvas.window().windowHandle()

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names are edited in the inspector."""

    def backgroundColor(self) -> QColor:
        return self._canvas.canvas_scene.colours.body

    def foregroundColor(self) -> QColor:
        return self._canvas.canvas_scene.colours.text

    def _box(self) -> QRect:
        item = self._canvas.canvas_scene.nodes.get(self.id)
        return self._canvas.mapFromScene(item.rect).boundingRect() if item is not None else QRect()


_FACES: list[CanvasFace] = []
"""Qt knows faces by address: it deletes that of a canvas after the canvas, those of layers when it is told. Until then none may go."""


def face_of(canvas: CanvasView) -> CanvasFace:
    """A face of a canvas. Qt asks for another one when it has been given more signals."""
    face = CanvasFace(canvas)
    _FACES.append(face)
    canvas.destroyed.connect(lambda: QTimer.singleShot(0, _forget))
    return face


def _forget() -> None:
    """Let go of faces that Qt has deleted, and have it delete those of their layers."""
    for face in [face for face in _FACES if not isValid(face)]:
        _FACES.remove(face)
        for layer in face.layers.values():
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(layer))


class CanvasFace(QAccessibleWidget):
    """The canvas: its value is what is selected; its children are its widgets, then the layers in the order they are drawn."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas, QAccessible.Role.Canvas)
        self._canvas = canvas
        self.layers: dict[str, LayerFace] = {}

    def layer(self, id_: str) -> LayerFace:
        """The face of a layer, the same each time."""
        if id_ not in self.layers:
            self.layers[id_] = LayerFace(self._canvas, id_)
        return self.layers[id_]

    def text(self, kind: QAccessible.Text) -> str:
        return spoken.current(self._canvas) if kind is QAccessible.Text.Value else super().text(kind)

    def childCount(self) -> int:
        return super().childCount() + len(self._canvas.canvas_scene.nodes)

    def child(self, index: int) -> QAccessibleInterface:
        widgets = super().childCount()
        return super().child(index) if index < widgets else self.layer(list(self._canvas.canvas_scene.nodes)[index - widgets])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, LayerFace) and child.id in self._canvas.canvas_scene.nodes:
            return super().childCount() + list(self._canvas.canvas_scene.nodes).index(child.id)
        return super().indexOfChild(child)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        canvas = self._canvas
        item = canvas.canvas_scene.node_at(canvas.mapToScene(canvas.viewport().mapFromGlobal(QPoint(x, y))))
        return self.layer(item.node_id) if item is not None else super().childAt(x, y)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        only = self._canvas.selection.only
        return self.layer(only) if only is not None and only in self._canvas.graph.nodes else super().focusChild()
