"""Going into blocks and out again: what is on show, what is selected there, and where one looked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netbuilder.core.blocks import BLOCK
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.canvas.navigation.camera import Sight

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class Levels:
    """Follows the session's level: fills the canvas with the graph on show and remembers the sight of each."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._level = canvas.context.session.level
        self._shown = self._level.uses
        self._sights: dict[tuple[str, ...], Sight] = {}
        self._level.moved.connect(self._on_moved)

    def close(self) -> None:
        """Stop listening, with the scene."""
        self._canvas.sync.close()
        self._level.moved.disconnect(self._on_moved, missing_ok=True)

    def is_block(self, node_id: str | None) -> bool:
        """Whether this node is the use of a block."""
        node = self._canvas.graph.nodes.get(node_id or "")
        return node is not None and node.layer == BLOCK

    def open(self, node_id: str | None) -> None:
        """Show the inside of the block that this node uses; without one, say what to do."""
        if node_id is None:
            self._canvas.say("Select the block that you want to open.")
            return
        self.go((*self._level.uses, node_id))

    def leave(self) -> None:
        """Go one level up; the block that was open is selected there."""
        if self._level.uses:
            self.go(self._level.uses[:-1])

    def go_to(self, depth: int) -> None:
        """Close blocks until only so many are open."""
        self.go(self._level.uses[:depth])

    def go(self, uses: Sequence[str]) -> None:
        """Show the graph inside these block nodes."""
        try:
            self._level.go(uses)
        except NetbuilderError as error:
            self._canvas.say(str(error))

    def _on_moved(self) -> None:
        canvas, before, now = self._canvas, self._shown, self._level.uses
        self._shown = now
        canvas.cancel()
        canvas.hover.clear()
        canvas.lists.dismiss()
        canvas.overlays.bubble.hide()
        canvas.selection.clear()
        self._sights[before] = canvas.camera.sight
        canvas.sync.refill()
        canvas.overlays.refresh()
        if before[: len(now)] == now and before[len(now)] in canvas.graph.nodes:
            canvas.selection.set([before[len(now)]])
        canvas.marking.follow()
        canvas.camera.look_again(self._sights.get(now))
