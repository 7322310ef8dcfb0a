"""Lays the wires of a scene: which of them touch a node, which are long, and past what these have to be led."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from netbuilder.core.graph import Link, Port
from netbuilder.ui.canvas.geometry import WIDTH, Box, box_of
from netbuilder.ui.canvas.node_item import NodeItem
from netbuilder.ui.canvas.routing import REACH, Chord, Company, is_long, line_between, way_between
from netbuilder.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netbuilder.ui.canvas.scene import CanvasScene

_MANY = 40


class Laying:
    """Knows wires by the input ports they feed. Nodes tell it where they come and go by `stir`."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._touching: defaultdict[str, set[Port]] = defaultdict(set)
        self._long: set[Port] = set()
        self._sloping: set[Port] = set()
        self._stirred: list[QRectF] = []

    def join(self, links: Iterable[Link]) -> None:
        """Wires have come."""
        touching = self._touching
        for source, target in links:
            touching[source.node].add(target)
            touching[target.node].add(target)

    def part(self, link: Link) -> None:
        """A wire has gone."""
        for id_ in {link.source.node, link.target.node}:
            self._touching[id_].discard(link.target)
            if not self._touching[id_]:
                del self._touching[id_]
        self._long.discard(link.target)
        self._sloping.discard(link.target)

    def touching(self, node_ids: Iterable[str]) -> set[Port]:
        """The wires that begin or end at these nodes."""
        return set().union(*(self._touching[id_] for id_ in node_ids if id_ in self._touching))

    def stir(self, rects: Iterable[QRectF]) -> None:
        """Nodes have left these places or taken them, so that long wires may be blocked here now, or no longer."""
        self._stirred.extend(rects)

    def beside(self, targets: Iterable[Port]) -> set[Port]:
        """Long wires from the same sources as long ones among these: they share their way."""
        sources = {self._scene.wires[target].link.source.node for target in self._long.intersection(targets)}
        return self.touching(sources) & self._long

    def disturbed(self) -> set[Port]:
        """Long wires near a place that was stirred since this was asked last."""
        stirred, self._stirred = self._stirred, []
        if len(stirred) > _MANY:
            return self._long
        near = self._scene.wire_places.near
        return {port for rect in stirred for port in near(rect.adjusted(-REACH, -REACH, REACH, REACH))} & self._long

    def lay(self, targets: Iterable[Port], *, settle: bool) -> None:
        """Find the ways of these wires; with `settle` long ones are led past the nodes between, and past wires that are not level."""
        nodes, wires, carried = self._scene.nodes, self._scene.wires, self._scene.carried
        changed: list[Port] = []
        winding: list[tuple[WireItem, NodeItem, NodeItem, Chord, bool]] = []
        for target in targets:
            wire = wires[target]
            source = wire.link.source
            first, last = nodes.get(source.node), nodes.get(target.node)
            if first is None or last is None:
                continue
            down = first.outline.down
            start, end = first.exit(source.name), last.entry(target.name)
            long = is_long(last.y - first.y if down else last.x - first.x, down=down)
            (self._long.add if long else self._long.discard)(target)
            across = 0 if down else 1
            (self._sloping.discard if start[across] == end[across] else self._sloping.add)(target)
            line = None if long or carried is not None else line_between(start, end, down=down)
            if line is None:
                winding.append((wire, first, last, (start, end), settle and long))
            elif wire.set_way(line):
                changed.append(target)
        for wire, first, last, chord, past in winding:
            if wire.set_way(self._winding(first, last, chord, past=past)):
                changed.append(wire.link.target)
        self._scene.wire_places.stir(changed)

    def _winding(self, first: NodeItem, last: NodeItem, chord: Chord, *, past: bool) -> QLineF | QPainterPath:
        """A way that need not be straight, of nodes that may be carried; `past` what stands between."""
        rects, down, carried = (first.rect, last.rect), first.outline.down, self._scene.carried
        start, end = QPointF(*chord[0]), QPointF(*chord[1])
        if carried is not None:
            by = carried.offset(first.node_id), carried.offset(last.node_id)
            start, end, rects = start + by[0], end + by[1], (rects[0].translated(by[0]), rects[1].translated(by[1]))
        obstacles = self._between(start, end, (first, last)) if past else []
        back = last.y < first.y if down else last.x < first.x
        company = self._company(first, last) if past and back else Company()
        return way_between(start, end, *rects, obstacles, company, down=down)

    def _company(self, first: NodeItem, last: NodeItem) -> Company:
        """Which other nodes wires lead back to from the first node, and the wires of others thereabouts that are not level."""
        nodes, wires, side = self._scene.nodes, self._scene.wires, 1 if first.outline.down else 0
        ends = {target.node for target in self._touching[first.node_id]} - {first.node_id, last.node_id}
        boxes = [box for box in [nodes[id_].box for id_ in ends if id_ in nodes] if box[side] < first.box[side + 2]]
        near = self._scene.node_places.near(first.rect.united(last.rect))
        sloping = self._sloping if len(self._sloping) < len(near) else self.touching(near) & self._sloping
        links = [link for link in [wires[port].link for port in sloping] if link.source.node in near or link.target.node in near]
        others = [(s, t) for s, t in links if s.node != first.node_id and s.node in nodes and t.node in nodes]
        return Company(boxes, [(nodes[s.node].exit(s.name), nodes[t.node].entry(t.name)) for s, t in others])

    def _between(self, start: QPointF, end: QPointF, ends: tuple[NodeItem, NodeItem]) -> list[Box]:
        around = (REACH, WIDTH) if ends[0].outline.down else (WIDTH, REACH)
        way = QRectF(start, end).normalized().adjusted(-around[0], -around[1], *around)
        left, top, right, bottom = box_of(way)
        near, nodes = self._scene.node_places.near(way) - {item.node_id for item in ends}, self._scene.nodes
        return [box for box in [nodes[id_].box for id_ in near] if box[0] < right and box[2] > left and box[1] < bottom and box[3] > top]
