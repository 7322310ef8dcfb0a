"""Commands about blocks: make one of the selected layers, and expand one into its layers."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from netbuilder.core.blocks import BLOCK
from netbuilder.core.edits import Edit, compound
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.layers.declare import find

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_MOST_WORDS = 3


class BlockActions:
    """What a person can do with the selected layers and blocks."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas

    def selected(self) -> tuple[str, ...]:
        """The selected blocks."""
        return tuple(id_ for id_ in sorted(self._canvas.selected_ids) if self._canvas.levels.is_block(id_))

    def make(self) -> None:
        """Ask for a name, then put the selected layers into a block; a selection that cannot be one is refused at once."""
        from netbuilder.ui.canvas.name_prompt import NamePrompt

        canvas, ids = self._canvas, self._canvas.selected_ids
        name = suggested_name(canvas.graph, ids)
        try:
            self._edit(ids, name)(canvas.graph)
        except NetbuilderError as error:
            canvas.say(str(error))
            return
        prompt = NamePrompt(canvas, "Name of the block", "Enter makes it, Esc gives up", lambda chosen: self._make(ids, chosen))
        prompt.closed.connect(prompt.deleteLater)
        prompt.closed.connect(canvas.setFocus)
        corners = [canvas.canvas_scene.nodes[id_].rect for id_ in ids]
        at = canvas.mapFromScene(min(rect.x() for rect in corners), max(rect.bottom() for rect in corners))
        prompt.ask(name, at + QPoint(0, 12))

    def expand(self) -> None:
        """Put the layers of each selected block in its place."""
        from netbuilder.core.expanding import expand

        blocks = self.selected()
        if not blocks:
            self._canvas.say("Select a block to put its layers in its place.")
            return
        title = "Expand block" if len(blocks) == 1 else "Expand blocks"
        self._apply(compound(*(expand(id_) for id_ in blocks)), title)

    def _make(self, ids: Collection[str], name: str) -> str:
        try:
            self._edit(ids, name)(self._canvas.graph)
        except NetbuilderError as error:
            return str(error)
        self._apply(self._edit(ids, name), f"Make block “{name}”")
        return ""

    def _edit(self, ids: Collection[str], name: str) -> Edit:
        from netbuilder.core.grouping import make_block
        from netbuilder.net.inside import open_ports

        canvas = self._canvas
        inputs, outputs = open_ports(canvas.graph, [id_ for id_ in canvas.graph.nodes if id_ in ids])
        return make_block(ids, name, inputs=inputs, outputs=outputs)

    def _apply(self, edit: Edit, label: str) -> None:
        before = self._canvas.graph.nodes.keys()
        if self._canvas.attempt(edit, label):
            self._canvas.selection.set(self._canvas.graph.nodes.keys() - before)


def suggested_name(graph: Graph, ids: Collection[str]) -> str:
    """A free name for a block of these layers: what they are in their order, such as “Conv2d-ReLU”, where they are few."""
    titles = [_title(graph, id_) for id_ in graph.order if id_ in ids]
    stem = "-".join(titles) if 0 < len(titles) <= _MOST_WORDS else "Block"
    name, number = stem, 2
    while name in graph.blocks:
        name, number = f"{stem} {number}", number + 1
    return name


def _title(graph: Graph, id_: str) -> str:
    node = graph.nodes[id_]
    kind = find(node.layer)
    return node.block if node.layer == BLOCK else kind.about.title if kind else node.layer
