"""Adding and connecting by typing: the lists that open over the canvas, and what a choice in them does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from netbuilder.core.edits import compound, connect, disconnect
from netbuilder.core.graph import Port
from netbuilder.layers.declare import TensorSpec
from netbuilder.layers.ports import output_ports
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.adding.channels import fitted
from netbuilder.ui.canvas.adding.picker import Entry, Picker
from netbuilder.ui.canvas.adding.placeable import title_of
from netbuilder.ui.canvas.adding.quick_add import block_entries, describe, lately_first, layer_entries
from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, free_place, snap
from netbuilder.ui.canvas.nodes.look import look

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_REMOVE = "remove wire"


class Lists:
    """At most one list is open; it hands the focus back when it closes."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._last: str | None = None
        self._picker: Picker | None = None

    @property
    def picker(self) -> Picker | None:
        """The open list, if any."""
        return self._picker

    def current(self) -> str | None:
        """The node with the keyboard: the only selected one, or the last one reached with arrow keys."""
        canvas = self._canvas
        if self._last in canvas.selected_ids:
            return self._last
        return next(iter(canvas.selected_ids)) if len(canvas.selected_ids) == 1 else None

    def remember(self, node_id: str) -> None:
        """Note that the keyboard is now at this node."""
        self._last = node_id

    def add(self) -> None:
        """Add by typing, behind the current node or in the middle."""
        canvas = self._canvas
        current = self.current()
        if current is None:
            self.ask_layer(canvas.visible_rect().center())
            return
        node = canvas.graph.nodes[current]
        leave = intents.first_output(canvas.graph, node)
        spec = self._spec(Port(current, leave)) if leave else None
        hint = f"Enter adds behind {node.name}" + (f" ({describe(spec)})" if spec else "")
        if canvas.graph.outputs_of.get(current):
            hint += " · Shift+Enter starts a branch"
        canvas.reveal(current)
        picker = self._open("Add a layer", hint)
        picker.chosen.connect(lambda name, shift: self._follow(str(name), current, shift))
        card = canvas.mapFromScene(canvas.canvas_scene.nodes[current].rect).boundingRect()
        entries = layer_entries(spec, wired=leave is not None, after=node.layer)
        picker.ask(self._offered(entries), card.topRight() + QPoint(12, 0), beside=card)

    def ask_layer(self, at: QPointF, *, source: Port | None = None, target: Port | None = None, held: Port | None = None) -> None:
        """Add by typing at a scene point, wired to `source` or `target`, in place of the wire `held` or to remove that wire."""
        spec = self._spec(source) if source else None
        hint = f"Fitting layers for {describe(spec)} first" if spec else "Enter adds it here"
        picker = self._open("Add a layer", hint)
        picker.chosen.connect(lambda name, _shift: self._place(str(name), at, source, target, held))
        wired = source is not None or target is not None
        entries = layer_entries(spec, wired=wired, before=target is not None, after=self._layer(source))
        first = [Entry(_REMOVE, "Remove wire", "nothing takes its place", "")] if held is not None else []
        picker.ask([*first, *self._offered(entries)], self._canvas.mapFromScene(at))

    def add_at_centre(self, layer: str) -> None:
        """Add a layer behind the selected node, or in the middle of what is visible."""
        canvas = self._canvas
        only = canvas.selection.only
        if only is not None and only in canvas.graph.nodes:
            self._follow(layer, only, False)
        else:
            self._place(layer, canvas.visible_rect().center())

    def insert(self) -> None:
        """Add by typing into the selected wire."""
        canvas = self._canvas
        target = next(iter(canvas.selected_wires), None)
        if target is None:
            return
        middle = canvas.canvas_scene.wires[target].path.pointAtPercent(0.5)
        source = canvas.graph.links[target]
        picker = self._open("Insert a layer", "Enter inserts it into this wire")
        picker.chosen.connect(lambda name, _shift: self._insert(str(name), target, middle))
        entries = layer_entries(self._spec(source), wired=True, after=self._layer(source))
        picker.ask(self._offered(entries), canvas.mapFromScene(middle))

    def connect(self) -> None:
        """Choose the layer that the current one is to feed."""
        canvas = self._canvas
        current = self.current()
        graph = canvas.graph
        leave = intents.first_output(graph, graph.nodes[current]) if current else None
        if current is None or leave is None:
            canvas.say("This layer has no output to connect." if current else "Select the layer whose output you want to connect.")
            return
        source = Port(current, leave)
        entries = self._target_entries(source)
        if not entries:
            canvas.say("There is no other layer that this one could feed.")
            return
        picker = self._open(f"Connect {graph.nodes[current].name} to …", "Enter draws the wire", empty="No layer of that name")
        picker.chosen.connect(lambda port, _shift: self._connect(source, port))
        card = canvas.mapFromScene(canvas.canvas_scene.nodes[current].rect).boundingRect()
        picker.ask(entries, card.topRight() + QPoint(12, 0), beside=card)

    def dismiss(self) -> None:
        """Close the open list, if any."""
        if self._picker is not None:
            self._picker.dismiss()

    def _open(self, prompt: str, hint: str, empty: str = "No layer of that name") -> Picker:
        self.dismiss()
        picker = Picker(self._canvas, self._canvas.context.themes.current, prompt=prompt, hint=hint, empty=empty)
        picker.closed.connect(self._closed)
        self._picker = picker
        return picker

    def _closed(self) -> None:
        picker, self._picker = self._picker, None
        if picker is not None:
            picker.deleteLater()
        self._canvas.setFocus()

    def _place(self, layer: str, at: QPointF, source: Port | None = None, target: Port | None = None, held: Port | None = None) -> None:
        canvas = self._canvas
        graph = canvas.graph
        loosen = disconnect(held) if held is not None and held in graph.links else compound()
        if layer == _REMOVE:
            canvas.attempt(loosen, "Disconnect")
            return
        before = 0.0 if source is not None else 1.0 if target is not None else 0.5
        off = (0.5, before) if graph.direction == "down" else (before, 0.5)
        place = (snap(at.x() - WIDTH * off[0]), snap(at.y() - HEIGHT * off[1]))
        if source is None and target is None:
            place = free_place(place, intents.rects(graph))
        edit, added = intents.add_layer(graph, layer, place, source=source, target=target)
        self._apply(intents.Placed(compound(loosen, edit), added), "Add", layer)

    def _follow(self, layer: str, after: str, branch: bool) -> None:
        if after in self._canvas.graph.nodes:
            self._apply(intents.follow(self._canvas.graph, layer, after, branch=branch), "Add", layer)

    def _insert(self, layer: str, target: Port, at: QPointF) -> None:
        if target in self._canvas.graph.links:
            place = (snap(at.x() - WIDTH / 2), snap(at.y() - HEIGHT / 2))
            self._apply(intents.insert_layer(self._canvas.graph, layer, target, place), "Insert", layer)

    def _offered(self, entries: list[Entry]) -> list[Entry]:
        """These layers and every block, those added lately first."""
        return lately_first([*entries, *block_entries(self._canvas.graph)], self._canvas.context.lately.keys)

    def _apply(self, placed: intents.Placed, what: str, layer: str) -> None:
        canvas = self._canvas
        if canvas.attempt(fitted(placed, canvas.level.analysis).edit, f"{what} {title_of(canvas.graph, layer)}"):
            canvas.context.lately.add(layer)
            canvas.select_wires(())
            canvas.selection.set([placed.node_id])
            self.remember(placed.node_id)
            canvas.reveal(placed.node_id)

    def _connect(self, source: Port, target: object) -> None:
        if isinstance(target, Port):
            self._canvas.attempt(connect(source, target), "Connect")

    def _layer(self, source: Port | None) -> str:
        """The layer that gives this output; empty when there is none, or none any more."""
        node = self._canvas.graph.nodes.get(source.node) if source is not None else None
        return node.layer if node is not None else ""

    def _spec(self, port: Port) -> TensorSpec | None:
        answer = self._canvas.level.analysis.nodes.get(port.node)
        node = self._canvas.graph.nodes.get(port.node)
        if answer is None or node is None or not answer.outputs:
            return None
        names = output_ports(node, self._canvas.graph)
        index = names.index(port.name) if port.name in names else 0
        return answer.outputs[min(index, len(answer.outputs) - 1)]

    def _target_entries(self, source: Port) -> list[Entry]:
        graph = self._canvas.graph
        here = graph.nodes[source.node].position

        def distance(port: Port) -> tuple[bool, float]:
            x, y = graph.nodes[port.node].position
            return port in graph.links, abs(x - here[0]) + 2 * abs(y - here[1])

        legal = sorted(intents.legal_ends(graph, source, from_output=True), key=distance)
        return [self._target_entry(port) for port in legal if graph.links.get(port) != source]

    def _target_entry(self, port: Port) -> Entry:
        node = self._canvas.graph.nodes[port.node]
        shown = look(node, self._canvas.graph, None)
        detail = node.name if port.name == "in" else f"{node.name} · {port.name}"
        if port in self._canvas.graph.links:
            detail += " · replaces its wire"
        return Entry(port, shown.title, detail, shown.glyph, shown.category, (node.name,))
