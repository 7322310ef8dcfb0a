"""Commands for single layers where they stand: fix them, edit their main setting, copy them with their wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.ui.canvas.commands.registration import Adder
    from netbuilder.ui.canvas.quick_edit import QuickEdit
    from netbuilder.ui.canvas.view import CanvasView


def add_editing_commands(canvas: CanvasView, add: Adder) -> None:
    """Register them."""
    editing = Editing(canvas)
    add("mend", "Mend layer…", editing.mend, "Network", "Ctrl+.", add.selected, "", "canvas")
    add("quick_edit", "Edit main setting", editing.quick_edit, "Network", "F2", add.selected, "", "canvas")
    add("take_out", "Take out of wires", editing.take_out, "Network", "Ctrl+Shift+T", add.selected, "", "canvas")
    add("duplicate_connected", "Duplicate with connections", editing.duplicate, "Edit", "Ctrl+Shift+D", add.selected, "", "clipboard")


class Editing:
    """Carries out these commands; `field` is the quick edit, once it was used."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self.field: QuickEdit | None = None

    def mend(self) -> None:
        """Offer the fixes for the current layer."""
        from netbuilder.ui.canvas.repair_menu import open_fixes

        open_fixes(self._canvas)

    def quick_edit(self) -> None:
        """Edit the main setting of the current layer in a field on the layer itself."""
        canvas = self._canvas
        current = canvas.lists.current() or next(iter(sorted(canvas.selected_ids)), None)
        if current is None:
            return
        if self.field is None:
            from netbuilder.ui.canvas.quick_edit import QuickEdit

            self.field = QuickEdit(canvas)
        canvas.reveal(current)
        if not self.field.ask(current):
            canvas.say(f"“{canvas.graph.nodes[current].name}” has no numbers to set.")

    def take_out(self) -> None:
        """Take the selected layers out of their wires, close the gaps, and put the layers aside."""
        from netbuilder.core.edits import compound, move
        from netbuilder.core.rewiring import take_out
        from netbuilder.ui.canvas import intents

        canvas, ids = self._canvas, self._canvas.selected_ids
        aside = move(intents.nudge(canvas.graph, ids, self._aside()))
        canvas.attempt(compound(take_out(ids), aside), "Take out of wires")

    def duplicate(self) -> None:
        """Add copies of the selected layers that are fed by what feeds the originals."""
        from netbuilder.core.clipboard import duplicate_connected

        canvas = self._canvas
        edit, copies = duplicate_connected(canvas.graph, canvas.selected_ids, self._aside())
        if canvas.attempt(edit, "Duplicate with connections"):
            canvas.selection.set(copies)

    def _aside(self) -> tuple[float, float]:
        """How far from the selected layers there is room for as many."""
        from netbuilder.ui.canvas import intents
        from netbuilder.ui.canvas.geometry import free_shift

        graph = self._canvas.graph
        rects = dict(zip(graph.nodes, intents.rects(graph), strict=True))
        return free_shift([rects[id_] for id_ in self._canvas.selected_ids], list(rects.values()))
