"""Places of the network to come back to: nine of them, kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.canvas.navigation.camera import Sight

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

NUMBERS = tuple(str(number) for number in range(1, 10))


class Bookmarks:
    """Each remembers the open blocks, the point in the middle, the zoom, and the name of a layer near by."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas

    def title(self, number: str) -> str:
        """What a bookmark is called; empty when it is not set."""
        kept = self._kept(number)
        return str(kept.get("name") or "Network") if kept is not None else ""

    def set(self, number: str) -> None:
        """Remember what is on show, under a number."""
        canvas, sight = self._canvas, self._canvas.camera.sight
        at = (round(sight.centre.x(), 1), round(sight.centre.y(), 1))
        place = {"name": self._nearby(sight.centre), "uses": canvas.level.uses, "centre": at, "zoom": round(sight.zoom, 4)}
        marks = {**canvas.document.project.bookmarks, number: place}
        canvas.document.configure(label=f"Set bookmark {number}", bookmarks=dict(sorted(marks.items())))
        canvas.context.notify(f"Bookmark {number} is “{place['name']}”. Ctrl+{number} comes back here.")

    def go(self, number: str) -> None:
        """Show what was remembered."""
        kept, canvas = self._kept(number), self._canvas
        if kept is None:
            canvas.context.notify(f"Bookmark {number} is not set yet. Ctrl+Shift+{number} sets it here.")
            return
        try:
            canvas.level.go(kept.get("uses", ()))
            x, y = kept["centre"]
            sight = Sight(float(kept["zoom"]), QPointF(float(x), float(y)), False)
        except NetbuilderError as error:
            canvas.context.notify(f"Bookmark {number} leads nowhere any more. {error}", "warning")
        except (KeyError, TypeError, ValueError):
            canvas.context.notify(f"Bookmark {number} cannot be read. Ctrl+Shift+{number} sets it anew.", "warning")
        else:
            canvas.camera.look_again(sight)
            canvas.setFocus()

    def fill(self, menu: QMenu) -> None:
        """Fill a menu: bookmarks to go to, then all nine to set."""
        menu.clear()
        commands = self._canvas.context.commands
        commands.refresh()
        for number in NUMBERS:
            if self.title(number):
                act = commands.action(f"canvas.bookmark_go_{number}")
                act.setText(f"{number}: {self.title(number)}")
                menu.addAction(act)
        if menu.isEmpty():
            menu.addAction("No bookmark is set yet").setEnabled(False)
        menu.addSeparator()
        for number in NUMBERS:
            menu.addAction(commands.action(f"canvas.bookmark_set_{number}"))

    def _kept(self, number: str) -> dict[str, Any] | None:
        kept = self._canvas.document.project.bookmarks.get(number)
        return kept if isinstance(kept, dict) else None

    def _nearby(self, point: QPointF) -> str:
        """The name of the selected layer, or of the one nearest to a point."""
        graph, ids = self._canvas.graph, self._canvas.selected_ids
        chosen = [graph.nodes[id_] for id_ in ids] if len(ids) == 1 else list(graph.nodes.values())

        def away(position: tuple[float, float]) -> float:
            return abs(position[0] + 84 - point.x()) + abs(position[1] + 36 - point.y())

        nearest = min(chosen, key=lambda node: away(node.position), default=None)
        return nearest.name if nearest is not None else "Empty canvas"
