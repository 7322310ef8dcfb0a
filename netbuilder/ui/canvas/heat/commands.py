"""Commands that colour the network by a quantity."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from netbuilder.ui.canvas.heat.quantities import QUANTITIES
from netbuilder.ui.commands import Command, needs

if TYPE_CHECKING:
    from netbuilder.ui.canvas.heat.heat_map import HeatMap
    from netbuilder.ui.canvas.view import CanvasView


def add_heat_commands(canvas: CanvasView) -> None:
    """Register them, unless the window already has them."""
    commands, heating = canvas.context.commands, Heating(canvas)
    if "canvas.heat_next" in commands:
        return
    commands.add(
        Command(
            "canvas.heat_next", "Colour by the next quantity", heating.following, "View", "H", heating.filled, group="heat", owner=canvas
        )
    )
    for quantity in QUANTITIES:
        run, checked = partial(heating.toggle, quantity.name), partial(heating.shown, quantity.name)
        title = f"Colour by {quantity.title.lower()}"
        name = f"canvas.heat_{quantity.name}"
        commands.add(Command(name, title, run, "View", "", heating.filled, checked=checked, group="heat", tip=quantity.tip, owner=canvas))


class Heating:
    """Makes the heat map when it is first wanted."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self.map: HeatMap | None = None

    @needs("The canvas is empty.")
    def filled(self) -> bool:
        """Whether there is anything to colour."""
        return bool(self._canvas.graph.nodes)

    def shown(self, name: str) -> bool:
        """Whether that quantity is on show."""
        return self.map is not None and self.map.quantity is not None and self.map.quantity.name == name

    def toggle(self, name: str) -> None:
        """Show a quantity, or hide it."""
        self._made().toggle(name)
        self._canvas.context.commands.refresh()

    def following(self) -> None:
        """Go on to the next one, and after the last to none."""
        self._made().step()
        self._canvas.context.commands.refresh()

    def _made(self) -> HeatMap:
        if self.map is None:
            from netbuilder.ui.canvas.heat.heat_map import HeatMap

            self.map = HeatMap(self._canvas)
        return self.map
