"""One node on the canvas: where it is, what it shows, what is happening to it. A plain object; the scene's painter draws it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF

from netbuilder.core.graph import Port
from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.geometry import MARGIN, WIDTH, Box, node_height, port_places
from netbuilder.ui.canvas.nodes.level_of_detail import Detail
from netbuilder.ui.canvas.nodes.look import Looks, NodeLook, Outline
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.nodes.picture import UNMARKED, End, Marks, Picture, face

if TYPE_CHECKING:
    from netbuilder.ui.canvas.heat.quantities import Heat

Spot = tuple[float, float]


class Near(NamedTuple):
    """A port and how far from a point it is, in scene coordinates."""

    port: Port
    is_output: bool
    distance: float


class NodeItem:
    """Knows its `node_id`, its place and its ports; asks for its look only when somebody looks.

    `rect` and `box` are the card in scene coordinates, without ports and ring. `note` is what its tooltip says besides problems.
    `picture` is the painter's memory of how it was drawn last.
    """

    __slots__ = (
        "_faces",
        "_inputs",
        "_look",
        "_looks",
        "_outline",
        "_outputs",
        "_touch",
        "box",
        "dimmed",
        "heat",
        "marks",
        "node_id",
        "note",
        "picture",
        "rect",
        "serial",
        "x",
        "y",
    )

    def __init__(
        self,
        node_id: str,
        outline: Outline,
        position: tuple[float, float],
        looks: Looks,
        touch: Callable[[NodeItem], None],
        serial: int,
    ) -> None:
        self.node_id = node_id
        self.serial = serial
        self.marks = UNMARKED
        self.dimmed = False
        self.picture: Picture | None = None
        self._looks = looks
        self._look: NodeLook | None = None
        self.heat: Heat | None = None
        self.note = ""
        self._faces: dict[Detail, Hashable] = {}
        self._touch = touch
        self._outline = outline
        self.rect: QRectF
        self.box: Box
        self._measure(*position)

    def ask(self) -> NodeLook:
        """What it shows, for those who may not need it."""
        return self.look

    @property
    def selected(self) -> bool:
        """Whether it is selected."""
        return bool(self.marks.state and self.marks.state & State.SELECTED)

    @property
    def outline(self) -> Outline:
        """Its ports and family."""
        return self._outline

    @property
    def category(self) -> Category | None:
        """Its family; `None` for an unknown layer."""
        return self._outline.category

    @property
    def look(self) -> NodeLook:
        """What it shows."""
        if self._look is None:
            self._look = self._looks.look(self.node_id)
            if self.heat is not None:
                self._look = replace(self._look, parameters=self.heat.text, heat=self.heat.step)
        return self._look

    @property
    def plain(self) -> NodeLook:
        """What it shows without words; told without its analysis."""
        inputs, outputs, category, down = self._outline
        stack, heat = self._looks.glimpse(self.node_id).stack, self.heat.step if self.heat is not None else None
        return NodeLook("", category=category, inputs=inputs, outputs=outputs, down=down, stack=stack, heat=heat)

    def has_face(self, level: Detail) -> bool:
        """Whether its face is known, so that asking for it costs nothing."""
        return level in self._faces

    def face(self, level: Detail) -> Hashable:
        """What of it can be seen at a level; nodes with equal faces share pictures."""
        if level not in self._faces:
            self._faces[level] = self._far_face() if level is Detail.NAME else face(self.look, level)
        return self._faces[level]

    def _far_face(self) -> Hashable:
        inputs, outputs, category, _ = self._outline
        heat = self.heat.step if self.heat is not None else None
        return self._looks.glimpse(self.node_id), heat, category, max(len(inputs), len(outputs))

    @property
    def state(self) -> State:
        """What is happening to it."""
        return self.marks.state | State.DIMMED if self.dimmed else self.marks.state

    @property
    def bounds(self) -> QRectF:
        """Everything it paints, in scene coordinates."""
        return self.rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def pos(self) -> QPointF:
        """Its upper left corner."""
        return self.rect.topLeft()

    def set_position(self, x: float, y: float) -> None:
        """Move it; the scene repaints."""
        self._stand(x, y, self.rect.height())

    def renew(self) -> None:
        """What it shows may differ: ask again when somebody looks."""
        self.forget()
        self.update()

    def forget(self) -> None:
        """Like `renew`, for a scene that repaints itself."""
        self._look = None
        self._faces.clear()
        self.picture = None

    def set_heat(self, heat: Heat | None) -> bool:
        """Show how hot it is, or nothing of the kind; returns whether that differs. The scene renews it."""
        differs, self.heat = heat != self.heat, heat
        return differs

    def set_outline(self, outline: Outline) -> bool:
        """Show other ports; returns whether anything differs."""
        if outline == self._outline:
            return False
        self.update()
        self._outline = outline
        self._measure(self.x, self.y)
        self.renew()
        return True

    def set_state(self, flag: State, on: bool) -> None:
        """Switch one state on or off."""
        if flag is State.DIMMED:
            if on != self.dimmed:
                self.dimmed = on
                self.update()
            return
        state = self.marks.state | flag if on else self.marks.state & ~flag
        self._mark(self.marks._replace(state=state))

    def set_ports(self, hot: End | None = None, wanted: frozenset[End] = frozenset()) -> None:
        """Mark the port under the pointer and those where a wire may end."""
        self._mark(self.marks._replace(hot=hot, wanted=wanted))

    def update(self) -> None:
        """Have it painted anew."""
        self._touch(self)

    def entry(self, name: str) -> Spot:
        """Where that input port is, in scene coordinates; the middle of the edge for an unknown one."""
        x, y = self._inputs.get(name) or self._middle(output=False)
        return self.x + x, self.y + y

    def exit(self, name: str) -> Spot:
        """Where that output port is, in scene coordinates; the middle of the edge for an unknown one."""
        x, y = self._outputs.get(name) or self._middle(output=True)
        return self.x + x, self.y + y

    def input_place(self, name: str) -> QPointF:
        """The point of `entry`."""
        return QPointF(*self.entry(name))

    def output_place(self, name: str) -> QPointF:
        """The point of `exit`."""
        return QPointF(*self.exit(name))

    def port_near(self, point: QPointF, reach: float) -> Near | None:
        """The nearest port within `reach` of a scene point."""
        best: Near | None = None
        for names, is_output in ((self._inputs, False), (self._outputs, True)):
            for name in names:
                x, y = self.exit(name) if is_output else self.entry(name)
                distance = hypot(point.x() - x, point.y() - y)
                if distance <= reach and (best is None or distance < best.distance):
                    best = Near(Port(self.node_id, name), is_output, distance)
        return best

    def _mark(self, marks: Marks) -> None:
        if marks != self.marks:
            self.marks = marks if marks.busy else UNMARKED
            self.picture = None
            self.update()

    def _measure(self, x: float, y: float) -> None:
        height, self._inputs, self._outputs = _ports(self._outline.inputs, self._outline.outputs, self._outline.down)
        self._stand(x, y, height)

    def _stand(self, x: float, y: float, height: float) -> None:
        self.x, self.y, self.rect, self.box = x, y, QRectF(x, y, WIDTH, height), (x, y, x + WIDTH, y + height)

    def _middle(self, *, output: bool) -> Spot:
        return port_places(1, self.rect.height(), output=output, down=self._outline.down)[0].toTuple()  # type: ignore[return-value]


@lru_cache(maxsize=1024)
def _ports(inputs: tuple[str, ...], outputs: tuple[str, ...], down: bool) -> tuple[float, Mapping[str, Spot], Mapping[str, Spot]]:
    """The height of a card with these ports, and where they lie on it; shared by all nodes that have the same."""
    height = float(node_height(max(len(inputs), len(outputs), 1), down=down))
    entries, exits = (
        {name: place.toTuple() for name, place in zip(names, port_places(len(names), height, output=output, down=down), strict=True)}
        for names, output in ((inputs, False), (outputs, True))
    )
    return height, entries, exits  # type: ignore[return-value]
