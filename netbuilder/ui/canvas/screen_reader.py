"""What the canvas says to screen readers: the layer, frame or comment that the keyboard is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.layers.declare import show
from netbuilder.ui.canvas.nodes.look import look, settings_line

if TYPE_CHECKING:
    from netbuilder.core.graph import Graph, Node
    from netbuilder.net.results import NodeAnalysis
    from netbuilder.ui.canvas.view import CanvasView

NAME = "Network canvas"
KEYS = "The network as a drawing. Tab adds a layer, arrow keys with Ctrl walk, C connects, Enter edits."


def tell(canvas: CanvasView) -> None:
    """Let the canvas's accessible name and description follow what is selected, and announce it."""
    told = current(canvas)
    canvas.setAccessibleDescription(" ".join(filter(None, (_at_length(canvas), KEYS))))
    name = f"{NAME}: {told}" if told else NAME
    if name == canvas.accessibleName():
        return
    canvas.setAccessibleName(name)
    if told and canvas.hasFocus():
        _announce(canvas, told)


def current(canvas: CanvasView) -> str:
    """What is selected, in words: “Conv2d C3, 16×10×10, 2,416 parameters, 1 problem”."""
    graph, only = canvas.graph, canvas.selection.only
    if only is not None and only in graph.nodes:
        return _layer(canvas, only)
    if canvas.selected_ids:
        return f"{len(canvas.selected_ids):,} layers"
    chosen = [graph.frames[id_] for id_ in sorted(canvas.ground.notes.chosen & graph.frames.keys())] if graph.frames else []
    return ", ".join(f"{'Comment' if frame.comment else 'Frame'} {frame.text}" for frame in chosen)


def _announce(canvas: CanvasView, told: str) -> None:
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(canvas, told))


def _layer(canvas: CanvasView, id_: str) -> str:
    node, answer = canvas.graph.nodes[id_], canvas.level.judged.answers.get(id_)
    shown = look(node, canvas.graph, answer)
    told = [f"{shown.title} {node.name}"]
    if answer is not None:
        told += [show(shape) for shape in answer.output_shapes]
        told += [f"{answer.parameters:,} parameters"] if answer.parameters else []
        number = len(answer.problems)
        told += [f"{number} problem{'s' if number > 1 else ''}"] if number else []
    return ", ".join(told)


def _at_length(canvas: CanvasView) -> str:
    """All that the outline says of the selected layer."""
    graph, only = canvas.graph, canvas.selection.only
    if only is None or only not in graph.nodes:
        return ""
    answer = canvas.level.judged.answers.get(only)
    node = graph.nodes[only]
    return f"{spoken(graph, node, look(node, graph, answer).title, answer, inside=bool(canvas.level.uses))}."


def fed_by(graph: Graph, node: Node) -> tuple[str, ...]:
    """Names of the layers that a layer feeds."""
    targets = (graph.nodes.get(link.target.node) for link in graph.outputs_of.get(node.id, ()))
    return tuple(dict.fromkeys(target.name for target in targets if target is not None))


def spoken(graph: Graph, node: Node, title: str, answer: NodeAnalysis | None, *, inside: bool) -> str:
    """A layer in one sentence, `inside` a block or not: what it is, what it gives, what is wrong with it, and what it feeds."""
    told = [node.name, title]
    if answer is not None:
        told += list(filter(None, [settings_line(node, answer, inside=inside)]))
        told += [f"output {show(shape)}" for shape in answer.output_shapes]
        told += [f"{answer.parameters:,} parameters"] if answer.parameters else []
        told += [f"{problem.severity.value}: {problem.message}" for problem in answer.problems]
    fed = fed_by(graph, node)
    told += [f"feeds {', '.join(fed)}"] if fed else []
    return ", ".join(told)
