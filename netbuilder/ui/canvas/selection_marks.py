"""What is selected, shown on the canvas: nodes of the shared selection, the rubber band's candidates, wires, the keyboard's node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from netbuilder.core.graph import Port
from netbuilder.ui.canvas import screen_reader
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.wires.item import WireState

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class Marking:
    """`wires` are the selected wires, named by the inputs they feed."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._candidates: frozenset[str] | None = None
        self.wires: frozenset[Port] = frozenset()

    def select_wires(self, targets: Iterable[Port]) -> None:
        """Select exactly these wires."""
        self.wires = frozenset(targets) & self._canvas.graph.links.keys()
        self._canvas.canvas_scene.mark_wires(WireState.SELECTED, self.wires)

    def preselect(self, ids: frozenset[str] | None) -> None:
        """Show what a rubber band would select; `None` shows the selection again."""
        self._candidates = ids
        self.show()

    def show(self) -> None:
        """Follow the selection."""
        ids = self._candidates if self._candidates is not None else self._canvas.selection.ids
        self._canvas.canvas_scene.mark(State.SELECTED, ids)
        self.show_focus()

    def show_focus(self) -> None:
        """Follow the keyboard."""
        canvas = self._canvas
        only = canvas.selection.only if canvas.hasFocus() and canvas.keyboard.used else None
        canvas.canvas_scene.mark(State.FOCUSED, [only] if only else ())
        screen_reader.tell(canvas)

    def follow(self) -> None:
        """After the document changed: drop what refers to things that are gone."""
        selection, nodes = self._canvas.selection, self._canvas.graph.nodes
        if not selection.ids <= nodes.keys():
            selection.set(selection.ids & nodes.keys())
        else:
            self.show()
        self.select_wires(self.wires)
