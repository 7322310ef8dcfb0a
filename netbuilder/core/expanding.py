"""The edit that puts the layers of a block in the place of one use of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from math import floor

from msgspec.structs import replace

from netbuilder.core.block_definitions import find_block
from netbuilder.core.blocks import BLOCK, set_block
from netbuilder.core.clipboard import merge_blocks
from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.expressions import ExpressionError, rewrite
from netbuilder.core.graph import MOST_NODES, Block, Graph, Node, Port, Value, fresh_id
from netbuilder.core.layout import FLOW, NODE, PITCH, arrange, turn
from netbuilder.core.names import LONGEST

_Wires = dict[Port, Port]
Place = tuple[float, float]


def expand(id_: str) -> Edit:
    """Replace one use of a block by its layers, every repeat after the other; the definition stays.

    Layers are named after the use (`block_conv`, `block_0_conv`) and keep their ids where these are free; parameters are
    filled in, wires are joined.
    """

    def edit(graph: Graph) -> Graph:
        use = graph.nodes.get(id_)
        if use is None:
            raise GraphError("This layer is no longer in the network.", place=id_)
        if use.layer != BLOCK:
            raise GraphError(f"“{use.name}” is a layer, not a block.", place=id_, remedy="Choose a block.")
        block = find_block(graph, use.block)
        _check_use(graph, use, block)
        blocks, called = merge_blocks(graph.blocks, block.graph.blocks)
        return _Expansion(graph, use, block, called).run().evolve(blocks=blocks)

    return edit


class _Expansion:
    """One expansion in the making."""

    def __init__(self, graph: Graph, use: Node, block: Block, called: Mapping[str, str]) -> None:
        self.graph, self.use, self.called = graph, use, called
        self.inner = block.graph if block.graph.direction == graph.direction else turn(graph.direction)(block.graph)
        self.along = 0 if graph.direction == "right" else 1
        self.values: dict[str, Value] = {**{p.name: p.default for p in block.parameters}, **use.settings}
        self.inputs = [node for node in self.inner.nodes.values() if node.layer == "input"]
        self.outputs = [node for node in self.inner.nodes.values() if node.layer == "output"]
        self.core = _in_one_row(self.inner, {key for key, node in self.inner.nodes.items() if node.layer not in ("input", "output")})
        self.nodes = {key: node for key, node in graph.nodes.items() if key != use.id}
        self.names = {node.name for node in self.nodes.values()}
        self.corner, self.size = _box(self.core)
        self.step = self.size[self.along] + FLOW[graph.direction]

    def run(self) -> Graph:
        """The graph with the copies in place and everything behind them moved out of the way."""
        use, graph = self.use, self.graph
        links = {t: s for t, s in graph.links.items() if use.id not in (t.node, s.node)}
        feeds = {node.name: graph.links.get(Port(use.id, node.name)) for node in self.inputs}
        self._make_room()
        added, given = self._copy(0, feeds)
        links |= added
        for number in range(1, use.repeat):
            feeds = {node.name: source for node, source in zip(self.inputs, given.values(), strict=True)}
            added, given = self._copy(number, feeds)
            links |= added
        for target, source in graph.links.items():
            if source.node == use.id and (before := given.get(source.name)) is not None:
                links[target] = before
        self._keep_ahead(links)
        self._uncover()
        return graph.evolve(nodes=self.nodes, links=links)

    def _copy(self, number: int, feeds: Mapping[str, Port | None]) -> tuple[_Wires, dict[str, Port | None]]:
        """Add one repeat; returns its wires and what each output of the block gives."""
        new: dict[str, str] = {}
        for key, node in self.core.items():
            new[key] = id_ = key if key not in (*self.graph.nodes, *self.nodes) else fresh_id(self.nodes)
            self.nodes[id_] = self._placed(node, id_, number)
        names = {node.id: node.name for node in self.inputs}

        def outside(source: Port) -> Port | None:
            return feeds[names[source.node]] if source.node in names else Port(new[source.node], source.name)

        wires = {Port(new[t.node], t.name): outside(s) for t, s in self.inner.links.items() if t.node in new}
        ends = {node.name: self.inner.links.get(Port(node.id, "in")) for node in self.outputs}
        given = {name: outside(source) if source is not None else None for name, source in ends.items()}
        return {target: source for target, source in wires.items() if source is not None}, given

    def _placed(self, node: Node, id_: str, number: int) -> Node:
        use = self.use
        prefix = use.name if use.repeat == 1 else f"{use.name}_{number}"
        try:
            settings = rewrite(node.settings, self.values)
        except ExpressionError as error:
            raise GraphError(f"“{node.name}” inside the block: {error.message}", place=use.id, remedy=error.remedy) from None
        x, y = (use.position[axis] + node.position[axis] - self.corner[axis] for axis in (0, 1))
        place = (x, y + number * self.step) if self.along else (x + number * self.step, y)
        block = self.called.get(node.block, node.block)
        return replace(node, id=id_, name=self._free(f"{prefix}_{node.name}"), settings=settings, position=place, block=block)

    def _free(self, wanted: str) -> str:
        wanted = wanted[: LONGEST - 6]
        name, number = wanted, 1
        while name in self.names:
            number += 1
            name = f"{wanted}_{number}"
        self.names.add(name)
        return name

    def _make_room(self) -> None:
        """Move what follows in the flow further along, and rows beyond further away where they would be covered."""
        at, along, across = self.use.position, self.along, 1 - self.along
        extra = self.use.repeat * self.step - FLOW[self.graph.direction]
        start, end = at[across] - NODE[across], at[across] + self.size[across] + NODE[across]
        beyond = {key: node.position for key, node in self.nodes.items() if node.position[across] > at[across] + NODE[across] / 2}
        near = at[along] - NODE[along], at[along] + extra + NODE[along]
        covered = any(near[0] < place[along] < near[1] and place[across] < end for place in beyond.values())
        for key, node in self.nodes.items():
            place = list(node.position)
            place[across] += self.size[across] if covered and key in beyond else 0.0
            place[along] += extra if place[along] > at[along] and start < place[across] < end else 0.0
            if tuple(place) != node.position:
                self.nodes[key] = replace(node, position=(place[0], place[1]))

    def _keep_ahead(self, links: _Wires) -> None:
        """Move on what would no longer lie ahead of all that feeds it, as it did."""
        along, before = self.along, self.graph.nodes
        flow = FLOW[self.graph.direction]
        feeds: dict[str, list[tuple[str, float]]] = {}
        for target, source in links.items():
            if target.node in before:
                first, last = before.get(source.node, self.use).position[along], before[target.node].position[along]
                if first < last:
                    feeds.setdefault(target.node, []).append((source.node, min(flow, last - first)))
        for id_ in self.graph.evolve(nodes=self.nodes, links=links).order:
            node = self.nodes[id_]
            least = max((self.nodes[source].position[along] + step for source, step in feeds.get(id_, ())), default=node.position[along])
            if least > node.position[along]:
                x, y = node.position
                self.nodes[id_] = replace(node, position=(x, least) if along else (least, y))

    def _uncover(self) -> None:
        """Move rows that stand where layers have come to further away, until none is covered."""
        across, before = 1 - self.along, self.graph.nodes
        still = {key for key, node in self.nodes.items() if key in before and node.position == before[key].position}
        come = _Taken(node.position for key, node in self.nodes.items() if key not in still)
        while covered := [place for key in still if come.meets(place := self.nodes[key].position)]:
            first = min(place[across] for place in covered)
            for key in still:
                node = self.nodes[key]
                if node.position[across] >= first:
                    x, y = node.position
                    self.nodes[key] = replace(node, position=(x, y + PITCH[1]) if across else (x + PITCH[0], y))


class _Taken:
    """Where layers stand, found quickly."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._cells: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
        for place in places:
            self._cells[self._cell(place)].append(place)

    def meets(self, place: Place) -> bool:
        """Whether a layer there would touch one of them."""
        column, row = self._cell(place)
        near = [each for x in (-1, 0, 1) for y in (-1, 0, 1) for each in self._cells.get((column + x, row + y), ())]
        return any(abs(place[0] - x) < NODE[0] and abs(place[1] - y) < NODE[1] for x, y in near)

    def _cell(self, place: Place) -> tuple[int, int]:
        return floor(place[0] / NODE[0]), floor(place[1] / NODE[1])


def _in_one_row(inner: Graph, ids: Set[str]) -> dict[str, Node]:
    """These layers of a block where they stand; or, where wires lead back to a next row, arranged anew so that all lead on."""
    nodes = {id_: node for id_, node in inner.nodes.items() if id_ in ids}
    along = 0 if inner.direction == "right" else 1
    links = {target: source for target, source in inner.links.items() if target.node in ids and source.node in ids}
    if all(nodes[source.node].position[along] < nodes[target.node].position[along] for target, source in links.items()):
        return nodes
    places = arrange(Graph(nodes, links, inner.blocks, direction=inner.direction), wrap=len(nodes))
    return {id_: replace(node, position=places[id_]) for id_, node in nodes.items()}


def _check_use(graph: Graph, use: Node, block: Block) -> None:
    set_block(block)(graph)
    if use.linked and use.repeat > 1:
        raise GraphError(
            f"The repeats of “{use.name}” share their weights, which separate layers cannot.",
            place=use.id,
            remedy="Let each repeat have its own weights first.",
        )
    ends = [sum(node.layer == layer for node in block.graph.nodes.values()) for layer in ("input", "output")]
    if use.repeat > 1 and ends[0] != ends[1]:
        raise GraphError(f"A block with {ends[0]} inputs and {ends[1]} outputs cannot be repeated.", place=use.id, remedy="Use it once.")
    if len(graph.nodes) + use.repeat * len(block.graph.nodes) > MOST_NODES:
        raise GraphError(f"A network can have at most {MOST_NODES:,} layers.", place=use.id, remedy="Leave this block as it is.")
    unknown = use.settings.keys() - {parameter.name for parameter in block.parameters}
    if unknown:
        raise GraphError(f"The block “{block.name}” has no parameter “{min(unknown)}”.", place=use.id, remedy="Remove that setting.")


def _box(nodes: Mapping[str, Node]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The upper left corner and the size of what the nodes' corners span."""
    if not nodes:
        return (0.0, 0.0), (0.0, 0.0)
    xs, ys = zip(*(node.position for node in nodes.values()), strict=True)
    return (min(xs), min(ys)), (max(xs) - min(xs), max(ys) - min(ys))
