"""Pasting layers: a copy from any canvas, or a snippet of PyTorch; very many are asked about and come with progress and a way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QProgressBar, QProgressDialog

from netbuilder.core.build import chain
from netbuilder.core.clipboard import paste, paste_edit
from netbuilder.core.edits import Edit, compound, connect
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.net.pasted_source import looks_like_source, read_snippet
from netbuilder.ui.ask import ask
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.geometry import COLUMN, ROW, free_place, node_rect, snap, united

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

MANY = 1000
_AT_ONCE = 500
_LONG = 300_000  # characters
_LOOK = 0.02  # seconds
_OFFSET = (24.0, 24.0)


def paste_text(canvas: CanvasView, text: str) -> None:
    """Add what a text holds; one that holds nothing of the kind is answered in a sentence."""
    try:
        if looks_like_source(text) and not text.lstrip().startswith("{"):
            _paste_snippet(canvas, text)
        else:
            _paste_copy(canvas, text)
    except NetbuilderError as error:
        canvas.say(str(error))


def _paste_copy(canvas: CanvasView, text: str) -> None:
    found = read_slowly(canvas, text) if len(text) > _LONG else _in_sight(canvas, text)
    if found is None:
        return
    edit, ids = found
    if len(ids) <= MANY:
        if canvas.attempt(edit, "Paste"):
            canvas.selection.set(ids)
        return
    whole = edit(canvas.graph)
    more = f"The network will have {len(whole.nodes):,} layers. This takes a few seconds and can be undone."
    if ask(canvas.window(), "Paste layers", f"Paste {len(ids):,} layers?", "Paste", more):
        paste_slowly(canvas, whole, ids)


def _in_sight(canvas: CanvasView, text: str) -> tuple[Edit, tuple[str, ...]]:
    """What a copy holds, beside where it came from, or at the pointer when that is not on show; never right on an earlier copy."""
    edit, ids = paste_edit(text, _OFFSET)
    nodes = edit(canvas.graph).nodes
    places = [nodes[id_].position for id_ in ids]
    around, seen, (x, y) = united(map(node_rect, places)), canvas.visible_rect(), (0.0, 0.0)
    if ids and not seen.intersects(around):
        pointer = canvas.viewport().mapFromGlobal(QCursor.pos())
        to = canvas.mapToScene(pointer) if canvas.viewport().rect().contains(pointer) else seen.center()
        x, y = snap(to.x() - around.center().x()), snap(to.y() - around.center().y())
    taken = {node.position for node in canvas.graph.nodes.values()}
    while any((at[0] + x, at[1] + y) in taken for at in places):
        x, y = x + _OFFSET[0], y + _OFFSET[1]
    return paste_edit(text, (_OFFSET[0] + x, _OFFSET[1] + y)) if x or y else (edit, ids)


def read_slowly(canvas: CanvasView, text: str) -> tuple[Edit, tuple[str, ...]] | None:
    """What a long copy holds, read while the window goes on; nothing when that was cancelled."""
    waiting = _waiting(canvas, "Reading the layers on the clipboard…", 0)
    try:
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(paste_edit, text, _OFFSET)
            waiting.show()
            while not reading.done() and not waiting.wasCanceled():
                QApplication.processEvents()
                wait([reading], _LOOK)
        return None if waiting.wasCanceled() else reading.result()
    finally:
        waiting.close()
        waiting.deleteLater()


def _waiting(canvas: CanvasView, text: str, steps: int) -> QProgressDialog:
    progress = QProgressDialog(text, "Cancel", 0, steps, canvas.window())
    bar = QProgressBar(progress)
    bar.setTextVisible(False)
    bar.setRange(0, steps)
    progress.setBar(bar)
    progress.setObjectName("dialog.pasting")
    progress.setWindowModality(Qt.WindowModality.WindowModal)
    progress.setMinimumDuration(0)
    return progress


def paste_slowly(canvas: CanvasView, whole: Graph, ids: tuple[str, ...]) -> bool:
    """Add the new nodes of `whole` a few hundred at a time, as one step; returns whether nobody cancelled."""
    progress = _waiting(canvas, f"Pasting {len(ids):,} layers…", len(ids))
    before, merge, done = canvas.graph, f"paste:{ids[0]}", 0
    try:
        for part, edit in _parts(whole, ids):
            progress.setValue(done)
            if progress.wasCanceled():
                canvas.attempt(lambda _part: before, "Paste", merge=merge)  # a step that ends where it began is none
                return False
            if not canvas.attempt(edit, "Paste", merge=merge):
                return False
            done += part
    finally:
        canvas.document.end_merge()
        progress.close()
        progress.deleteLater()
    canvas.selection.set(ids)
    return True


def _parts(whole: Graph, ids: tuple[str, ...]) -> Iterator[tuple[int, Edit]]:
    """Edits that lead to `whole` one after the other, and how many nodes each adds."""
    new, rest = set(ids), iter(ids)
    while part := list(islice(rest, _AT_ONCE)):
        new.difference_update(part)
        yield len(part), _adding(whole, part, frozenset(new))


def _adding(whole: Graph, part: list[str], later: frozenset[str]) -> Callable[[Graph], Graph]:
    def edit(graph: Graph) -> Graph:
        nodes = {**graph.nodes, **{id_: whole.nodes[id_] for id_ in part}}
        links = {target: source for target, source in whole.links.items() if target.node not in later and source.node not in later}
        return graph.evolve(nodes=nodes, links=links, blocks=whole.blocks, frames=whole.frames)

    return edit


def _paste_snippet(canvas: CanvasView, text: str) -> None:
    """Modules become a chain behind the selected layer when nothing follows it yet, else in a free place."""
    snippet = read_snippet(text)
    graph = canvas.graph
    row = chain([layer if layer[2] else layer[:2] for layer in snippet.layers])
    after = _loose_end(canvas)
    first = next(iter(row.nodes.values()))
    x, y = _place(canvas, after)
    edit, ids = paste(row.nodes.values(), row.links, (x - first.position[0], y - first.position[1]))
    entry = intents.free_input(row, first)
    if after is not None and entry is not None:
        edit = compound(edit, connect(after, Port(ids[0], entry)))
    if canvas.attempt(edit, "Paste PyTorch"):
        canvas.selection.set(ids)
        canvas.reveal(ids[0] if graph.nodes else ids[-1])
        if snippet.notes:
            canvas.say(" ".join(snippet.notes))


def _loose_end(canvas: CanvasView) -> Port | None:
    """The output of the only selected layer, when nothing is connected to it."""
    graph, only = canvas.graph, canvas.selection.only
    if only is None or only not in graph.nodes or graph.outputs_of.get(only):
        return None
    name = intents.first_output(graph, graph.nodes[only])
    return Port(only, name) if name is not None else None


def _place(canvas: CanvasView, after: Port | None) -> tuple[float, float]:
    """Right of the layer that it follows, else under everything."""
    nodes = canvas.graph.nodes
    if after is not None:
        x, y = nodes[after.node].position
        return free_place((x + COLUMN, y), intents.rects(canvas.graph))
    if not nodes:
        return 0.0, 0.0
    return min(node.position[0] for node in nodes.values()), max(node.position[1] for node in nodes.values()) + ROW
