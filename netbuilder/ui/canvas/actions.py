"""The canvas's commands, all of them in the command registry, and its context menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from netbuilder.core.clipboard import copy_text, duplicate, paste_edit
from netbuilder.core.edits import compound, connect, disconnect, move
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Port
from netbuilder.core.layout import arrange
from netbuilder.core.rewiring import remove_and_heal
from netbuilder.layers.declare import TensorSpec, find
from netbuilder.layers.ports import output_ports
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.geometry import HEIGHT, WIDTH, free_place, snap
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.picker import Entry, Picker
from netbuilder.ui.canvas.quick_add import describe, layer_entries
from netbuilder.ui.commands import Command

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_OFFSET = (24.0, 24.0)
_NODE_MENU = (
    "canvas.edit",
    "canvas.add",
    "canvas.connect",
    "",
    "canvas.cut",
    "canvas.copy",
    "canvas.duplicate",
    "",
    "canvas.disconnect",
    "canvas.delete",
)
_VOID_MENU = ("canvas.add", "canvas.paste", "", "canvas.select_all", "canvas.arrange", "", "canvas.fit", "canvas.actual_size")
_WIRE_MENU = ("canvas.insert", "canvas.delete")


class Actions:
    """What a person can do with the selection, by menu, shortcut, palette or test."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._last: str | None = None
        self._picker: Picker | None = None
        self._register()

    @property
    def picker(self) -> Picker | None:
        """The open list, if any."""
        return self._picker

    def current(self) -> str | None:
        """The node that the keyboard is at: the only selected one, or the last one walked to."""
        canvas = self._canvas
        if self._last in canvas.selected_ids:
            return self._last
        return next(iter(canvas.selected_ids)) if len(canvas.selected_ids) == 1 else None

    def remember(self, node_id: str) -> None:
        """The keyboard has walked to this node."""
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
        at = canvas.mapFromScene(canvas.canvas_scene.nodes[current].rect.topRight()) + QPoint(12, 0)
        picker.ask(layer_entries(spec, wired=leave is not None), at)

    def ask_layer(self, at: QPointF, *, source: Port | None = None, target: Port | None = None) -> None:
        """Add by typing at a scene point, wired to `source` or `target`."""
        spec = self._spec(source) if source else None
        hint = f"Fitting layers for {describe(spec)} first" if spec else "Enter adds it here"
        picker = self._open("Add a layer", hint)
        picker.chosen.connect(lambda name, _shift: self._place(str(name), at, source, target))
        wired = source is not None or target is not None
        picker.ask(layer_entries(spec, wired=wired, before=target is not None), self._canvas.mapFromScene(at))

    def insert(self) -> None:
        """Add by typing into the selected wire."""
        canvas = self._canvas
        target = next(iter(canvas.selected_wires), None)
        if target is None:
            return
        middle = canvas.canvas_scene.wires[target].path.pointAtPercent(0.5)
        spec = self._spec(canvas.graph.links[target])
        picker = self._open("Insert a layer", "Enter inserts it into this wire")
        picker.chosen.connect(lambda name, _shift: self._insert(str(name), target, middle))
        picker.ask(layer_entries(spec, wired=True), canvas.mapFromScene(middle))

    def connect(self) -> None:
        """Choose the layer that the current one shall feed."""
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
        picker.ask(entries, canvas.mapFromScene(canvas.canvas_scene.nodes[current].rect.topRight()) + QPoint(12, 0))

    def delete(self) -> None:
        """Remove selected nodes, joining what they stood between, and selected wires."""
        canvas = self._canvas
        ids, wires = canvas.selected_ids, canvas.selected_wires
        loose = [target for target in wires if target.node not in ids and canvas.graph.links[target].node not in ids]
        if not ids and not loose:
            return
        parts = ([disconnect(*loose)] if loose else []) + ([remove_and_heal(ids)] if ids else [])
        canvas.attempt(compound(*parts), "Delete" if ids else "Disconnect")

    def disconnect(self) -> None:
        """Remove every wire of the selected nodes."""
        canvas = self._canvas
        touching = {target for id_ in canvas.selected_ids for target in canvas.canvas_scene.wires_of(id_)}
        if touching:
            canvas.attempt(disconnect(*touching), "Disconnect")

    def copy(self) -> None:
        """Put the selected layers on the clipboard as text."""
        if self._canvas.selected_ids:
            QGuiApplication.clipboard().setText(copy_text(self._canvas.graph, self._canvas.selected_ids))

    def cut(self) -> None:
        """Copy, then delete."""
        self.copy()
        self.delete()

    def paste(self) -> None:
        """Add the layers on the clipboard, beside the originals when those are visible here."""
        try:
            edit, ids = paste_edit(QGuiApplication.clipboard().text(), _OFFSET)
        except NetbuilderError as error:
            self._canvas.say(str(error))
            return
        self._add_copies(edit, ids, "Paste")

    def duplicate(self) -> None:
        """Add a copy of the selected layers beside them."""
        if self._canvas.selected_ids:
            edit, ids = duplicate(self._canvas.graph, self._canvas.selected_ids, _OFFSET)
            self._add_copies(edit, ids, "Duplicate")

    def select_all(self) -> None:
        """Select every node."""
        self._canvas.selection.set(self._canvas.graph.nodes)

    def arrange(self) -> None:
        """Lay the whole network out anew."""
        canvas = self._canvas
        if canvas.attempt(move(arrange(canvas.graph)), "Arrange"):
            canvas.fit()

    def edit(self) -> None:
        """Ask for the inspector."""
        current = self.current()
        if current is not None:
            self._canvas.edit_requested.emit(current)

    def open_menu(self, pointer: Pointer, where: QPoint) -> None:
        """The context menu for what lies at a point; it becomes selected first."""
        canvas, scene = self._canvas, self._canvas.canvas_scene
        node = scene.node_at(pointer.scene)
        wire = scene.wire_at(pointer.scene) if node is None else None
        if node is not None and node.node_id not in canvas.selection.ids:
            canvas.selection.set([node.node_id])
        if wire is not None:
            canvas.selection.clear()
            canvas.select_wires([wire.link.target])
        names = _NODE_MENU if node else _WIRE_MENU if wire else _VOID_MENU
        self.menu(names).popup(where)

    def menu(self, names: Sequence[str]) -> QMenu:
        """A menu of commands by id; an empty id is a line."""
        menu = QMenu(self._canvas)
        menu.setObjectName("canvas.menu")
        self._canvas.context.commands.refresh()
        for name in names:
            if name:
                menu.addAction(self._canvas.context.commands.action(name))
            else:
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _register(self) -> None:
        canvas = self._canvas

        def selected() -> bool:
            return bool(canvas.selected_ids)

        def anything() -> bool:
            return bool(canvas.selected_ids or canvas.selected_wires)

        def filled() -> bool:
            return bool(canvas.graph.nodes)

        keys = QKeySequence.StandardKey
        self._command("cut", "Cut", self.cut, "Edit", keys.Cut, selected, "scissors", "clipboard")
        self._command("copy", "Copy", self.copy, "Edit", keys.Copy, selected, "copy", "clipboard")
        self._command("paste", "Paste", self.paste, "Edit", keys.Paste, None, "clipboard", "clipboard")
        self._command("duplicate", "Duplicate", self.duplicate, "Edit", "Ctrl+D", selected, "copy", "clipboard")
        self._command("delete", "Delete", self.delete, "Edit", keys.Delete, anything, "trash-2", "select")
        self._command("select_all", "Select all", self.select_all, "Edit", keys.SelectAll, filled, "", "select")
        self._command("fit", "Zoom to fit", canvas.fit, "View", "Ctrl+0", filled, "maximize", "zoom")
        self._command("zoom_in", "Zoom in", lambda: canvas.zoom(1.25), "View", keys.ZoomIn, None, "zoom-in", "zoom")
        self._command("zoom_out", "Zoom out", lambda: canvas.zoom(0.8), "View", keys.ZoomOut, None, "zoom-out", "zoom")
        self._command("actual_size", "Actual size", lambda: canvas.set_zoom(1.0), "View", "Ctrl+1", None, "", "zoom")
        self._command("add", "Add layer…", self.add, "Network", "Tab", None, "plus", "canvas")
        self._command("insert", "Insert into wire…", self.insert, "Network", "", lambda: bool(canvas.selected_wires), "plus", "canvas")
        self._command("connect", "Connect to…", self.connect, "Network", "C", selected, "arrow-right", "canvas")
        self._command("disconnect", "Remove wires", self.disconnect, "Network", "Ctrl+Shift+D", selected, "x", "canvas")
        self._command("edit", "Edit settings", self.edit, "Network", "Return", selected, "sliders-horizontal", "canvas")
        self._command("arrange", "Arrange layers", self.arrange, "Network", "Ctrl+Shift+L", filled, "", "arrange")

    def _command(
        self,
        name: str,
        title: str,
        run: Callable[[], object],
        menu: str,
        keys: str | QKeySequence.StandardKey,
        enabled: Callable[[], bool] | None,
        icon: str,
        group: str,
    ) -> None:
        commands = self._canvas.context.commands
        id_ = f"canvas.{name}"
        if id_ not in commands:
            commands.add(Command(id_, title, run, menu, keys, enabled or (lambda: True), icon, group=group, owner=self._canvas))

    def _open(self, prompt: str, hint: str, empty: str = "No layer of that name") -> Picker:
        if self._picker is not None:
            self._picker.dismiss()
        picker = Picker(self._canvas, self._canvas.context.themes.current, prompt=prompt, hint=hint, empty=empty)
        picker.closed.connect(self._closed)
        self._picker = picker
        return picker

    def _closed(self) -> None:
        picker, self._picker = self._picker, None
        if picker is not None:
            picker.deleteLater()
        self._canvas.setFocus()

    def _place(self, layer: str, at: QPointF, source: Port | None, target: Port | None) -> None:
        canvas = self._canvas
        graph = canvas.graph
        left = at.x() if source is not None else at.x() - WIDTH if target is not None else at.x() - WIDTH / 2
        place = (snap(left), snap(at.y() - HEIGHT / 2))
        if source is None and target is None:
            place = free_place(place, intents.rects(graph))
        self._apply(intents.add_layer(graph, layer, place, source=source, target=target), f"Add {_title(layer)}")

    def _follow(self, layer: str, after: str, branch: bool) -> None:
        if after in self._canvas.graph.nodes:
            self._apply(intents.follow(self._canvas.graph, layer, after, branch=branch), f"Add {_title(layer)}")

    def _insert(self, layer: str, target: Port, at: QPointF) -> None:
        if target in self._canvas.graph.links:
            place = (snap(at.x() - WIDTH / 2), snap(at.y() - HEIGHT / 2))
            self._apply(intents.insert_layer(self._canvas.graph, layer, target, place), f"Insert {_title(layer)}")

    def _apply(self, placed: intents.Placed, label: str) -> None:
        canvas = self._canvas
        if canvas.attempt(placed.edit, label):
            canvas.select_wires(())
            canvas.selection.set([placed.node_id])
            self.remember(placed.node_id)
            canvas.reveal(placed.node_id)

    def _connect(self, source: Port, target: object) -> None:
        if isinstance(target, Port):
            self._canvas.attempt(connect(source, target), "Connect")

    def _add_copies(self, edit: Callable[..., object], ids: tuple[str, ...], label: str) -> None:
        if self._canvas.attempt(edit, label):  # type: ignore[arg-type]
            self._canvas.selection.set(ids)

    def _spec(self, port: Port) -> TensorSpec | None:
        answer = self._canvas.context.session.analysis.nodes.get(port.node)
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
        kind = find(node.layer)
        detail = node.name if port.name == "in" else f"{node.name} · {port.name}"
        if port in self._canvas.graph.links:
            detail += " · replaces its wire"
        about = kind.about if kind else None
        return Entry(
            port, _title(node.layer), detail, about.glyph if about else "identity", about.category if about else None, (node.name,)
        )


def _title(layer: str) -> str:
    kind = find(layer)
    return kind.about.title if kind else layer
