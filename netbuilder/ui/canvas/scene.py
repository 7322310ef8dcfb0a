"""The scene: nodes and wires by id, the ways of wires, and what lies at a point. It knows no document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from operator import attrgetter

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from netbuilder.core.graph import Link, Port
from netbuilder.ui.canvas.geometry import MARGIN, around, box_of, united
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.nodes.look import Looks, Outline
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.painting.carried import Carried
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.canvas.painting.network_painter import NetworkPainter
from netbuilder.ui.canvas.spatial_index import Places
from netbuilder.ui.canvas.wires.item import WireItem, WireState
from netbuilder.ui.canvas.wires.layout import Laying

_ROOM = 100_000.0  # as far as one can look away from the network at the least zoom
_MANY = 40
_CROWD = 500
TOUCH = 12.0
"""Nearer to a port than this, it is meant whatever node is under the pointer."""
_FIRST = attrgetter("serial")

Arriving = tuple[str, Outline, tuple[float, float]]
"""A node to come: its id, what is known of it, and where."""


class CanvasScene(QGraphicsScene):
    """Nodes by node id and wires by the input port they feed; both are plain objects, painted together as the background."""

    def __init__(self, colours: Colours, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self.painter = NetworkPainter(colours)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Port, WireItem] = {}
        self.version = 0
        self._serials = count()
        self.node_places: Places[str] = Places(lambda node_id: self.nodes[node_id].box, MARGIN)
        self.wire_places: Places[Port] = Places(lambda target: box_of(self.wires[target].bounds))
        self._laying = Laying(self)
        self._marked: dict[State, set[str]] = {}
        self._marked_wires: dict[WireState, set[Port]] = {}
        self._held: list[QRectF] | None = None
        self.carried: Carried | None = None
        self._watcher: Callable[[QRectF | None], None] | None = None
        self._around: tuple[int, QRectF] = (-1, QRectF())
        self._inner_room = QRectF()
        self._reach = QRectF()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._spread(QRectF())

    def add_nodes(self, arriving: Iterable[Arriving], looks: Looks) -> None:
        """Put nodes on the scene; `looks` is asked when they are seen, and again after each `renew`."""
        items = [NodeItem(*each, looks, self._touch, serial) for each, serial in zip(arriving, self._serials, strict=False)]
        self.nodes.update([(item.node_id, item) for item in items])
        self._arrived(items)

    def remove_node(self, node_id: str) -> None:
        """Take a node away; its wires are removed by their own names."""
        self.version += 1
        item = self.nodes.pop(node_id)
        self._touch(item)
        self._laying.stir([item.rect])
        self.node_places.drop(node_id)
        for marked in self._marked.values():
            marked.discard(node_id)

    def empty(self) -> None:
        """Take everything away."""
        for target in tuple(self.wires):
            self.remove_wire(target)
        for node_id in tuple(self.nodes):
            self.remove_node(node_id)
        self._reach = QRectF()

    def place(self, node_id: str, position: tuple[float, float]) -> None:
        """Move a node; call `reroute` when all have moved."""
        item = self.nodes[node_id]
        item.update()
        self._laying.stir([item.rect])
        item.set_position(*position)
        self._arrived([item])

    def add_wires(self, links: Iterable[Link], label: Callable[[Link], str]) -> None:
        """Draw wires; any wire already at their inputs is replaced. Call `reroute` afterwards."""
        links = list(links)
        for target in self.wires.keys() & {link.target for link in links}:
            self.remove_wire(target)
        wires = [WireItem(link, label, self._touch, serial) for link, serial in zip(links, self._serials, strict=False)]
        self.wires.update([(wire.link.target, wire) for wire in wires])
        self._laying.join(links)

    def remove_wire(self, target: Port) -> None:
        """Take a wire away."""
        wire = self.wires.pop(target)
        wire.update()
        self._laying.part(wire.link)
        self.wire_places.drop(target)
        for marked in self._marked_wires.values():
            marked.discard(target)

    def wires_of(self, node_id: str) -> frozenset[Port]:
        """Input ports whose wire touches this node."""
        return frozenset(self._laying.touching([node_id]))

    def reroute(self, node_ids: Iterable[str], *, settle: bool = True) -> None:
        """Lay the wires of these nodes anew; with `settle` also the long wires that nodes may block now, or no longer."""
        targets = self._laying.touching(node_ids)
        if settle:
            targets |= self._laying.disturbed()
            targets |= self._laying.beside(targets)
        self._laying.lay(targets, settle=settle)

    def set_colours(self, colours: Colours) -> None:
        """Repaint everything in another theme."""
        self.colours = colours
        self.painter = NetworkPainter(colours)
        for node in self.nodes.values():
            node.picture = None
        self.update()

    def watch(self, changed: Callable[[QRectF | None], None]) -> None:
        """Call this with every part of the scene that has to be painted anew; `None` is everything."""
        self._watcher = changed

    def update(self, rect: QRectF | None = None) -> None:  # type: ignore[override]
        """Have a part painted anew, or everything."""
        if self._watcher is not None:
            self._watcher(rect)
        super().update(*(() if rect is None else (rect,)))

    def near(self, rect: QRectF) -> tuple[list[NodeItem], list[WireItem]]:
        """Nodes and wires here, in the order they are painted: selected nodes last, where there are few."""
        if rect.contains(self._reach):
            return self._raised(list(self.nodes.values())), list(self.wires.values())
        nodes = [self.nodes[id_] for id_ in self.node_places.near(rect)]
        if len(nodes) < _CROWD:  # of more, those just out of sight are few beside the others
            seen = rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            nodes = [node for node in nodes if seen.intersects(node.rect)]
        return self._raised(sorted(nodes, key=_FIRST)), self.wires_near(rect)

    def wires_near(self, rect: QRectF) -> list[WireItem]:
        """Wires here, in the order they are painted."""
        wires = [self.wires[port] for port in self.wire_places.near(rect)]
        if len(wires) < _CROWD:
            wires = [wire for wire in wires if rect.intersects(wire.bounds)]
        return sorted(wires, key=_FIRST)

    def crowd(self, rect: QRectF) -> int:
        """About how many nodes are here."""
        return self.node_places.crowd(rect)

    def carry(self, node_ids: Iterable[str], by: QPointF) -> None:
        """Show these nodes, and the wires among them, moved by as much, without moving them; for many at once, until `put_down`."""
        if self.carried is None:
            ids = self.nodes.keys() & set(node_ids)
            self.carried = Carried(ids, {port: self.wires[port].link for port in self._laying.touching(ids)})
        self.carried.by = by
        with self.together():
            self._laying.lay(self.carried.border, settle=False)
        self.update()

    def put_down(self) -> None:
        """Show carried nodes where they are again."""
        carried, self.carried = self.carried, None
        if carried is not None:
            with self.together():
                self._laying.lay(carried.border & self.wires.keys(), settle=False)
            self.update()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many changes, one repaint."""
        if self._held is not None:
            yield
            return
        held: list[QRectF] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
            for rect in held if len(held) <= _MANY else [None]:
                self.update(rect)

    def bounds(self) -> QRectF:
        """The rectangle around all nodes and the wires between them."""
        return self.node_bounds().united(united(wire.path.boundingRect() for wire in self.wires.values() if wire.line is None))

    def node_bounds(self) -> QRectF:
        """The rectangle around all nodes."""
        if self._around[0] != self.version:
            self._around = (self.version, around(item.box for item in self.nodes.values()))
        return self._around[1]

    def port_at(self, point: QPointF, reach: float = TOUCH) -> tuple[Port, bool] | None:
        """The port at a point, and whether it is an output: the nearest; beyond `TOUCH` only of the node under the point, if one is."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        under = self.node_at(point)
        found = (item.port_near(point, reach if under in (None, item) else min(reach, TOUCH)) for item in self._nodes_near(around))
        near = min(filter(None, found), key=lambda port: port.distance, default=None)
        return None if near is None else (near.port, near.is_output)

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The uppermost node at a point."""
        return next((item for item in self._nodes_near(QRectF(point, point)) if item.rect.contains(point)), None)

    def wire_at(self, point: QPointF) -> WireItem | None:
        """The uppermost wire at a point."""
        near = sorted((self.wires[port] for port in self.wire_places.near(QRectF(point, point))), key=_FIRST, reverse=True)
        return next((wire for wire in near if wire.bounds.contains(point) and wire.contains(point)), None)

    def nodes_in(self, rect: QRectF) -> frozenset[str]:
        """Nodes that a rectangle touches."""
        return frozenset(id_ for id_ in self.node_places.near(rect) if self.nodes[id_].rect.intersects(rect))

    def mark(self, flag: State, node_ids: Iterable[str]) -> None:
        """Give this state to exactly these nodes."""
        wanted = self.nodes.keys() & set(node_ids)
        with self.together():
            for single in flag:
                before = self._marked.get(single, set())
                self._marked[single] = set(wanted)
                for id_ in before ^ wanted:
                    self.nodes[id_].set_state(single, id_ in wanted)

    def mark_wires(self, flag: WireState, targets: Iterable[Port]) -> None:
        """Give this state to exactly these wires."""
        wanted = self.wires.keys() & set(targets)
        with self.together():
            before = self._marked_wires.get(flag, set())
            self._marked_wires[flag] = wanted
            for target in before ^ wanted:
                self.wires[target].set_state(flag, target in wanted)

    def renew(self, node_ids: Iterable[str]) -> None:
        """What these show may differ, and what is said along their wires."""
        ids = [id_ for id_ in node_ids if id_ in self.nodes]
        if len(ids) > _MANY:
            for id_ in ids:
                self.nodes[id_].forget()
            self.update()
            return
        with self.together():
            for id_ in ids:
                self.nodes[id_].renew()
            for target in self._laying.touching(ids):
                self.wires[target].update()

    def _arrived(self, items: Sequence[NodeItem]) -> None:
        """Nodes are where none were."""
        if not items:
            return
        self.version += 1
        with self.together():
            for item in items[: _MANY + 1]:
                self._touch(item)
        self._laying.stir([item.rect for item in items])
        self.node_places.stir([item.node_id for item in items])
        place = around(item.box for item in items)
        if not self._reach.contains(place):
            self._spread(place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def _touch(self, item: NodeItem | WireItem) -> None:
        if self._held is None:
            self.update(item.bounds)
        elif len(self._held) <= _MANY:
            self._held.append(item.bounds)

    def _nodes_near(self, rect: QRectF) -> list[NodeItem]:
        """The uppermost first."""
        return self._raised(sorted((self.nodes[id_] for id_ in self.node_places.near(rect)), key=_FIRST))[::-1]

    def _raised(self, nodes: list[NodeItem]) -> list[NodeItem]:
        """The same nodes, the selected ones above the others."""
        up = self._marked.get(State.SELECTED, set())
        if not up or len(nodes) > _CROWD:
            return nodes
        return [*(node for node in nodes if node.node_id not in up), *(node for node in nodes if node.node_id in up)]

    def _spread(self, bounds: QRectF) -> None:
        """Something lies further out than anything before."""
        self._reach = self._reach.united(bounds)
        if not self._inner_room.contains(bounds):
            place = self.sceneRect().united(bounds)
            self.setSceneRect(place.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
            self._inner_room = place.adjusted(-_ROOM / 2, -_ROOM / 2, _ROOM / 2, _ROOM / 2)
