"""The scene: items by id, ways of wires, and what lies at a point. It knows no document."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from netbuilder.core.graph import Link, Port
from netbuilder.ui.canvas.colours import Colours
from netbuilder.ui.canvas.geometry import united
from netbuilder.ui.canvas.look import NodeLook
from netbuilder.ui.canvas.node_item import NodeItem
from netbuilder.ui.canvas.node_paint import State
from netbuilder.ui.canvas.routing import LONG, route
from netbuilder.ui.canvas.wire_item import WireItem, WireState

_ROOM = 4000.0


class CanvasScene(QGraphicsScene):
    """Node items by node id and wire items by the input port they feed."""

    def __init__(self, colours: Colours, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Port, WireItem] = {}
        self.version = 0
        self._touching: dict[str, set[Port]] = {}
        self._room = QRectF(-_ROOM, -_ROOM, 2 * _ROOM, 2 * _ROOM)
        self.setSceneRect(self._room)

    def add_node(self, node_id: str, look: NodeLook, position: tuple[float, float]) -> NodeItem:
        """Put a node item on the scene."""
        item = NodeItem(node_id, look, self.colours)
        item.setPos(*position)
        self.nodes[node_id] = item
        self.version += 1
        self.addItem(item)
        self._grow(item.rect)
        return item

    def remove_node(self, node_id: str) -> None:
        """Take a node item away; its wires are removed by their own names."""
        self.version += 1
        self.removeItem(self.nodes.pop(node_id))

    def place(self, node_id: str, position: tuple[float, float]) -> None:
        """Move a node item; call `reroute` when all have moved."""
        item = self.nodes[node_id]
        self.version += 1
        item.setPos(*position)
        self._grow(item.rect)

    def add_wire(self, link: Link, label: str) -> WireItem:
        """Draw a wire; any wire already at that input is replaced. Call `reroute` afterwards."""
        if link.target in self.wires:
            self.remove_wire(link.target)
        wire = WireItem(link, self.colours)
        wire.label = label
        self.wires[link.target] = wire
        for port in link:
            self._touching.setdefault(port.node, set()).add(link.target)
        self.addItem(wire)
        return wire

    def remove_wire(self, target: Port) -> None:
        """Take a wire away."""
        wire = self.wires.pop(target)
        for port in wire.link:
            left = self._touching.get(port.node, set())
            left.discard(target)
            if not left:
                self._touching.pop(port.node, None)
        self.removeItem(wire)

    def wires_of(self, node_id: str) -> frozenset[Port]:
        """Input ports whose wire touches this node."""
        return frozenset(self._touching.get(node_id, ()))

    def empty(self) -> None:
        """Take everything away."""
        for target in list(self.wires):
            self.remove_wire(target)
        for node_id in list(self.nodes):
            self.remove_node(node_id)

    def reroute(self, node_ids: Iterable[str], *, settle: bool = True) -> None:
        """Lay the wires of these nodes anew; with `settle` also every long wire, which others may now block."""
        targets = {target for node_id in node_ids for target in self._touching.get(node_id, ())}
        if settle:
            targets |= {target for target, wire in self.wires.items() if self._is_long(wire)}
        for target in targets:
            self._lay(self.wires[target], settle)

    def set_colours(self, colours: Colours) -> None:
        """Repaint everything in another theme."""
        self.colours = colours
        for node in self.nodes.values():
            node.set_colours(colours)
        for wire in self.wires.values():
            wire.set_colours(colours)

    def bounds(self) -> QRectF:
        """The rectangle around all nodes and the wires between them."""
        rect = united(item.rect for item in self.nodes.values())
        return rect.united(united(wire.path.boundingRect() for wire in self.wires.values()))

    def port_at(self, point: QPointF, reach: float = 12.0) -> tuple[Port, bool] | None:
        """The port at a point, and whether it is an output."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if isinstance(item, NodeItem) and (found := item.port_near(point, reach)) is not None:
                return found
        return None

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The uppermost node at a point."""
        return next((item for item in self._at(point) if isinstance(item, NodeItem) and item.rect.contains(point)), None)

    def wire_at(self, point: QPointF) -> WireItem | None:
        """The wire at a point."""
        return next((item for item in self._at(point) if isinstance(item, WireItem) and item.shape().contains(point)), None)

    def nodes_in(self, rect: QRectF) -> frozenset[str]:
        """Nodes that a rectangle touches."""
        found = self.items(rect, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return frozenset(item.node_id for item in found if isinstance(item, NodeItem) and item.rect.intersects(rect))

    def mark(self, flag: State, node_ids: Iterable[str]) -> None:
        """Give this state to exactly these nodes."""
        wanted = frozenset(node_ids)
        for node_id, item in self.nodes.items():
            item.set_state(flag, node_id in wanted)

    def mark_wires(self, flag: WireState, targets: Iterable[Port]) -> None:
        """Give this state to exactly these wires."""
        wanted = frozenset(targets)
        for target, wire in self.wires.items():
            wire.set_state(flag, target in wanted)

    def _at(self, point: QPointF) -> list[QGraphicsItem]:
        return self.items(QRectF(point.x() - 1, point.y() - 1, 2, 2), Qt.ItemSelectionMode.IntersectsItemBoundingRect)

    def _lay(self, wire: WireItem, settle: bool) -> None:
        source, target = self.nodes.get(wire.link.source.node), self.nodes.get(wire.link.target.node)
        if source is None or target is None:
            return
        start, end = source.output_place(wire.link.source.name), target.input_place(wire.link.target.name)
        obstacles = self._between(start, end, (source, target)) if settle and end.x() - start.x() > LONG else []
        wire.set_path(route(start, end, source.rect, target.rect, obstacles))

    def _between(self, start: QPointF, end: QPointF, ends: tuple[NodeItem, NodeItem]) -> list[QRectF]:
        way = QRectF(start, end).normalized().adjusted(0, -1, 0, 1)
        found = self.items(way, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [item.rect for item in found if isinstance(item, NodeItem) and item not in ends]

    def _is_long(self, wire: WireItem) -> bool:
        source, target = self.nodes.get(wire.link.source.node), self.nodes.get(wire.link.target.node)
        return source is not None and target is not None and target.x() - source.x() > LONG

    def _grow(self, rect: QRectF) -> None:
        if not self._room.contains(rect.adjusted(-_ROOM / 2, -_ROOM / 2, _ROOM / 2, _ROOM / 2)):
            around = self._room.united(rect)
            self._room = around.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
            self.setSceneRect(self._room)
