"""What the canvas says to screen readers: the layer, frame or comment that the keyboard is at."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface, QAccessibleValueChangeEvent

from netbuilder.layers.declare import show
from netbuilder.ui.canvas.look import glimpse

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


def tell(canvas: CanvasView) -> None:
    """Let readers follow what is selected, which is the canvas's value: a layer takes their focus, several are announced."""
    told, before = current(canvas), canvas.marking.told
    canvas.marking.told = told
    if told == before or not told or not canvas.hasFocus() or not QAccessible.isActive():
        return
    QAccessible.updateAccessibility(QAccessibleValueChangeEvent(canvas, told))
    focused = QAccessible.queryAccessibleInterface(canvas).focusChild() if canvas.selection.only in canvas.graph.nodes else None
    event = QAccessibleEvent(focused, QAccessible.Event.Focus) if focused is not None else QAccessibleAnnouncementEvent(canvas, told)
    QAccessible.updateAccessibility(event)


def introduce(canvas: CanvasView) -> None:
    """Say what a new canvas is."""
    _offer_faces()
    canvas.setAccessibleName("Network canvas")
    canvas.setAccessibleDescription("The network as a drawing. Tab adds a layer, arrow keys with Ctrl walk, C connects, Enter edits.")


@cache
def _offer_faces() -> None:
    """Have Qt ask here for what aids see of a canvas."""
    QAccessible.installFactory(_face)


def _face(kind: str, widget: QObject) -> QAccessibleInterface | None:
    if kind != "CanvasView":
        return None
    from netbuilder.ui.canvas.accessible import face_of
    from netbuilder.ui.canvas.view import CanvasView

    return face_of(widget) if isinstance(widget, CanvasView) else None


def current(canvas: CanvasView) -> str:
    """What is selected, in words: “Conv2d C3, 16×10×10, 2,416 parameters, selected, 1 problem”."""
    graph, only = canvas.graph, canvas.selection.only
    if only is not None and only in graph.nodes:
        return ", ".join([title(canvas, only), *facts(canvas, only)])
    if canvas.selected_ids:
        return f"{len(canvas.selected_ids):,} layers"
    chosen = [graph.frames[id_] for id_ in sorted(canvas.ground.notes.chosen & graph.frames.keys())] if graph.frames else []
    return ", ".join(f"{'Comment' if frame.comment else 'Frame'} {frame.text}" for frame in chosen)


def title(canvas: CanvasView, id_: str) -> str:
    """What a layer is and what it is called."""
    node = canvas.graph.nodes[id_]
    return f"{glimpse(node, None).title} {node.name}"


def facts(canvas: CanvasView, id_: str) -> list[str]:
    """Its output, its parameters, whether it is selected, and how many problems it has."""
    answer, told = canvas.level.analysis.answers.get(id_), []
    if answer is not None:
        told += [show(shape) for shape in answer.output_shapes]
        told += [f"{answer.parameters:,} parameters"] if answer.parameters else []
    told += ["selected"] if id_ in canvas.selection.ids else []
    number = len(answer.problems) if answer is not None else 0
    return [*told, f"{number} problem{'s' if number > 1 else ''}"] if number else told


def troubles(canvas: CanvasView, id_: str) -> str:
    """What is wrong with it and what to do."""
    answer = canvas.level.analysis.answers.get(id_)
    return " ".join(f"{each.message} {each.remedy}".strip() for each in answer.problems) if answer is not None else ""
