"""Commands for working on single layers where they stand: mending them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.ui.canvas.canvas_commands import Adder
    from netbuilder.ui.canvas.view import CanvasView


def add_editing_commands(canvas: CanvasView, add: Adder) -> None:
    """Register them."""
    add("mend", "Mend layer…", lambda: _mend(canvas), "Network", "Ctrl+.", add.selected, "", "canvas")


def _mend(canvas: CanvasView) -> None:
    from netbuilder.ui.canvas.repair_menu import open_fixes

    open_fixes(canvas)
