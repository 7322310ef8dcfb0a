"""Frames and comments without a mouse: chosen one after the other, moved and resized by arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from netbuilder.core.edits import compound, move, set_frame
from netbuilder.core.graph import Frame
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.notes.paint import SMALLEST, rect_of

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


def choose_next(canvas: CanvasView) -> None:
    """Choose the frame or comment behind the chosen one, as one reads, and bring it into view."""
    frames = sorted(canvas.graph.frames.values(), key=lambda frame: frame.position[::-1])
    at = next((number for number, frame in enumerate(frames) if frame.id in canvas.ground.notes.chosen), -1)
    following = frames[(at + 1) % len(frames)]
    canvas.ground.notes.choose([following.id])
    canvas.camera.reveal(rect_of(following))


def nudge(canvas: CanvasView, by: tuple[float, float]) -> None:
    """Move the chosen ones, frames with what stands in them."""
    graph, notes = canvas.graph, canvas.ground.notes
    inside = notes.along(frozenset()) & graph.nodes.keys()
    outer = [rect_of(graph.frames[id_]) for id_ in notes.chosen & graph.frames.keys() if not graph.frames[id_].comment]
    frames = [frame for id_, frame in graph.frames.items() if id_ in notes.chosen or any(rect.contains(rect_of(frame)) for rect in outer)]
    moved = [set_frame(replace(frame, position=(frame.position[0] + by[0], frame.position[1] + by[1]))) for frame in frames]
    canvas.attempt(compound(*moved, move(intents.nudge(graph, inside, by))), "Nudge frame", merge=_merge("nudge", canvas))


def grow(canvas: CanvasView, by: tuple[float, float]) -> None:
    """Move the right and lower sides of the chosen ones."""
    chosen = [frame for id_, frame in canvas.graph.frames.items() if id_ in canvas.ground.notes.chosen]
    canvas.attempt(compound(*(set_frame(_grown(frame, by)) for frame in chosen)), "Resize frame", merge=_merge("grow", canvas))


def _grown(frame: Frame, by: tuple[float, float]) -> Frame:
    width, height = frame.size[0] + by[0], frame.size[1] + by[1]
    return replace(frame, size=(max(width, SMALLEST[0]), max(height, SMALLEST[1])))


def _merge(what: str, canvas: CanvasView) -> str:
    return f"{what}:" + ",".join(sorted(canvas.ground.notes.chosen))
