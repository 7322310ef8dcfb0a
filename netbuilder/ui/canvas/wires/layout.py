"""The paths of all wires of a scene: which wires touch a node, which are long, and which nodes long ones must avoid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath

from netbuilder.core.graph import Link, Port
from netbuilder.ui.canvas.geometry import WIDTH, Box, box_of
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.wires.lanes import Lane, Lanes, Rank, stretch_of
from netbuilder.ui.canvas.wires.neighbours import Chord, Company
from netbuilder.ui.canvas.wires.routing import REACH, is_long, line_between, way_between

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
        self._lanes = Lanes()
        self._freed: set[Port] = set()

    def join(self, links: Iterable[Link]) -> None:
        """Wires were added."""
        touching = self._touching
        for source, target in links:
            touching[source.node].add(target)
            touching[target.node].add(target)
            self._stir_ends(source.node, target.node)

    def part(self, link: Link) -> None:
        """A wire has gone."""
        for id_ in {link.source.node, link.target.node}:
            self._touching[id_].discard(link.target)
            if not self._touching[id_]:
                del self._touching[id_]
        self._stir_ends(link.source.node, link.target.node)
        self._long.discard(link.target)
        self._sloping.discard(link.target)
        self._freed.update(self._lanes.put(link.target, None))

    def touching(self, node_ids: Iterable[str]) -> set[Port]:
        """The wires that begin or end at these nodes."""
        return set().union(*(self._touching[id_] for id_ in node_ids if id_ in self._touching))

    def stir(self, rects: Iterable[QRectF]) -> None:
        """Nodes have left these places or taken them, so that long wires may be blocked here now, or no longer."""
        self._stirred.extend(rects)

    def _stir_ends(self, *node_ids: str) -> None:
        """A wire has come to these nodes or gone; such as lead back mind those that they would have to cross."""
        if len(self._stirred) <= _MANY:
            self._stirred += [item.rect for id_ in node_ids if (item := self._scene.nodes.get(id_)) is not None]

    def beside(self, targets: Iterable[Port]) -> set[Port]:
        """Long wires from the same sources as long ones among these: they share their way."""
        sources = {self._scene.wires[target].link.source.node for target in self._long.intersection(targets)}
        return self.touching(sources) & self._long

    def disturbed(self) -> set[Port]:
        """Long wires near a place that was stirred since this was asked last."""
        stirred, self._stirred = self._stirred, []
        freed, self._freed = self._freed, set()
        if len(stirred) > _MANY:
            return self._long
        near = self._scene.wire_places.near
        return ({port for rect in stirred for port in near(rect.adjusted(-REACH, -REACH, REACH, REACH))} | freed) & self._long

    def lay(self, targets: Iterable[Port], *, settle: bool) -> None:
        """Find the ways of these wires; with `settle` long ones are led past the nodes between, and past wires that are not level."""
        nodes, wires, carried = self._scene.nodes, self._scene.wires, self._scene.carried
        changed: list[Port] = []
        winding: list[Port] = []
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
            if settle and not long:
                winding += self._lanes.put(target, None)
            across = 0 if down else 1
            (self._sloping.discard if start[across] == end[across] else self._sloping.add)(target)
            line = None if long or carried is not None else line_between(start, end, down=down)
            if line is None:
                winding.append(target)
            elif wire.set_way(line):
                changed.append(target)
        changed += self._settle(winding) if settle else [port for port in winding if wires[port].set_way(self._winding(port))]
        self._scene.wire_places.stir(changed)

    def _settle(self, targets: Iterable[Port]) -> list[Port]:
        """Find winding ways for these wires, and for longer ones that mind their lanes; returns those that changed."""
        due = {target: self._rank(target) for target in targets}
        waiting = [(rank, target) for target, rank in due.items()]
        heapify(waiting)
        changed = []
        while waiting:
            rank, target = heappop(waiting)
            way = self._winding(target, rank)
            if self._scene.wires[target].set_way(way):
                changed.append(target)
            for other in self._lanes.put(target, self._lane(target, way, rank)):
                if other not in due:
                    due[other] = self._rank(other)
                    heappush(waiting, (due[other], other))
        return changed

    def _rank(self, target: Port) -> Rank:
        (x, y), (to_x, to_y) = self._chord(target)
        return (abs(to_y - y), y, target) if self._scene.nodes[target.node].outline.down else (abs(to_x - x), x, target)

    def _chord(self, target: Port) -> Chord:
        nodes, source = self._scene.nodes, self._scene.wires[target].link.source
        return nodes[source.node].exit(source.name), nodes[target.node].entry(target.name)

    def _lane(self, target: Port, way: QLineF | QPainterPath, rank: Rank) -> Lane | None:
        stretch = stretch_of(way, down=self._scene.nodes[target.node].outline.down) if target in self._long else None
        return None if stretch is None else Lane(stretch, self._scene.wires[target].link.source.node, rank)

    def _winding(self, target: Port, rank: Rank | None = None) -> QLineF | QPainterPath:
        """A way that need not be straight, of nodes that may be carried; with its rank a long one is led past what stands between."""
        nodes, carried = self._scene.nodes, self._scene.carried
        first, last = nodes[self._scene.wires[target].link.source.node], nodes[target.node]
        rects, down = (first.rect, last.rect), first.outline.down
        start, end = (QPointF(*spot) for spot in self._chord(target))
        if carried is not None:
            by = carried.offset(first.node_id), carried.offset(last.node_id)
            start, end, rects = start + by[0], end + by[1], (rects[0].translated(by[0]), rects[1].translated(by[1]))
        if rank is None or target not in self._long:
            return way_between(start, end, *rects, down=down)
        company = (
            self._company(first, last) if (last.y < first.y if down else last.x < first.x) else self._lanes_near(start, end, first, rank)
        )
        return way_between(start, end, *rects, self._between(start, end, (first, last)), company, down=down)

    def _lanes_near(self, start: QPointF, end: QPointF, first: NodeItem, rank: Rank) -> Company:
        """The lanes that other wires have taken where this one may run."""
        a, b = sorted((start.x(), end.x()) if first.outline.down else (start.y(), end.y()))
        return Company(lanes=self._lanes.others(first.node_id, rank, (a - REACH, b + REACH)))

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
