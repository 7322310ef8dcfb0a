"""Colours the nodes by a quantity, and keeps that true while the network is edited or trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject

from netbuilder.ui.canvas.heat.legend import HeatLegend
from netbuilder.ui.canvas.heat.quantities import QUANTITIES, Heat, Live, Quantity, find_quantity, outputs_in_words

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView


class HeatMap(QObject):
    """At most one quantity is on show. What a training measures is asked for only meanwhile."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.quantity: Quantity | None = None
        self.live = Live()
        self.legend = HeatLegend(canvas, self.step, lambda: self.show(""))
        level = canvas.level
        level.changed.connect(self._refresh)
        level.analysed.connect(self._on_analysed)
        level.moved.connect(self._on_moved)
        canvas.context.themes.changed.connect(self._refresh)
        if canvas.context.bridge is not None:
            canvas.context.bridge.events.connect(self._on_events)

    def show(self, name: str) -> None:
        """Colour by the quantity of that name; an empty name shows the nodes as they are."""
        self.quantity = find_quantity(name)
        self._ask()
        self._refresh()

    def toggle(self, name: str) -> None:
        """Show a quantity, or hide it when it is on show."""
        self.show("" if self.quantity is not None and self.quantity.name == name else name)

    def step(self) -> None:
        """Go on to the next quantity, after the last to none."""
        names = [*(quantity.name for quantity in QUANTITIES), ""]
        at = names.index(self.quantity.name) if self.quantity is not None else -1
        self.show(names[at + 1])

    def _ask(self) -> None:
        """Have a training measure what is on show, and nothing else."""
        wanted = self.quantity.live if self.quantity is not None else ""
        if wanted or self.live != Live():
            watch = self._canvas.context.session.runner.watch
            watch.inside = self._canvas.level.uses
            watch.times, watch.dead, watch.saturated = wanted == "times", wanted == "dead", wanted in ("saturated", "outputs")
            watch.gradients = watch.gradients or wanted == "gradients"

    def _on_events(self, events: list[object]) -> None:
        from netbuilder.train.events import Preview, Started

        if self.quantity is None or not self.quantity.live:
            return
        for event in events:
            if isinstance(event, Started):
                self.live = Live()
            elif isinstance(event, Preview) and event.inside == self._canvas.level.uses:
                news = {name: dict(found) for name in (self.quantity.live, "outputs") if (found := getattr(event, name))}
                if news:
                    self.live = replace(self.live, **news)
                    self._refresh()

    def _on_moved(self) -> None:
        """What was measured is that of other layers."""
        self._ask()
        self.live = Live()
        self._refresh()

    def _on_analysed(self) -> None:
        """An edit tells of itself when it is drawn; one elsewhere can change only what a block does here."""
        if self._canvas.level.uses:
            self._refresh()

    def _waiting(self, measured: bool) -> str:
        """Why there are no values of what a training measures."""
        if measured:
            return "no layer squeezes its values"
        session = self._canvas.context.session
        begin = "mend the network, then train it" if session.hindrance else "start a training to measure it"
        return "is being measured" if session.state == "running" else begin

    def _refresh(self) -> None:
        """Give every node its heat, or none; only nodes that differ are painted anew."""
        scene, quantity, level = self._canvas.canvas_scene, self.quantity, self._canvas.level
        heats: dict[str, Heat] = {}
        outputs: Mapping[str, tuple[float, float]] = {}
        if quantity is not None:
            values = quantity.values(level.analysis, self.live)
            heats = quantity.heats(values)
            outputs = self.live.outputs if quantity.live in ("saturated", "outputs") else {}
            self.legend.tell(quantity, values, self._waiting(bool(outputs)))
        self.legend.setVisible(quantity is not None)
        cold = Heat(0) if quantity is not None else None
        for id_, item in scene.nodes.items():
            item.note = outputs_in_words(*outputs[id_]) if id_ in outputs else ""
        with scene.together():
            scene.renew([id_ for id_, item in scene.nodes.items() if item.set_heat(heats.get(id_, cold))])
