"""Graphs from a few lines of Python: a chain of layers, or a builder for networks that branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port, Value
from netbuilder.core.layout import arrange
from netbuilder.core.names import check_name, legal_stem
from netbuilder.core.plain_values import freeze

Item = str | Sequence[Any]
"""A layer in a chain: its name, `(name, settings)`, or `(name, settings, node name)`."""


class Builder:
    """Builds a graph node by node, with ids `n1`, `n2`, … and names such as `conv2d_1`; `graph()` lays it out."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._links: dict[Port, Port] = {}
        self._blocks: dict[str, Block] = {}
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}

    def add(self, layer: str, *sources: str | Port, name: str = "", **settings: Value) -> str:
        """Add a layer fed by `sources` (ids, or ports where a layer has several outputs); returns its id.

        One source enters at `in`, several at `in1`, `in2`, …; use `wire` for other ports. Raises `GraphError`
        for an unknown source or a name that is taken.
        """
        return self.add_settings(layer, settings, *sources, name=name)

    def add_settings(self, layer: str, settings: Mapping[str, Value], *sources: str | Port, name: str = "") -> str:
        """Like `add`, with the settings as a mapping."""
        ports = ("in",) if len(sources) == 1 else tuple(f"in{number}" for number in range(1, len(sources) + 1))
        return self._place(Node("", layer, name, freeze(settings)), sources, ports)

    def define(self, block: Block) -> None:
        """Add a definition to this network, and first those it contains.

        Raises `GraphError` when another definition has its name.
        """
        for inner in block.graph.blocks.values():
            self.define(inner)
        if block.graph.blocks:
            block = replace(block, graph=block.graph.evolve(blocks={}))
        if self._blocks.setdefault(block.name, block) != block:
            raise GraphError(f"Another block is already called “{block.name}”.", remedy="Choose a different name.")

    def use(self, block: Block, *sources: str | Port, name: str = "", repeat: int = 1, **settings: Value) -> str:
        """Add a node that uses a block, fed by `sources` in the order of the block's inputs; returns its id.

        The block is defined on its first use. `settings` are values for its parameters; `repeat` copies follow each other.
        """
        self.define(block)
        ports = tuple(inner.name for inner in block.graph.nodes.values() if inner.layer == "input")
        if len(ports) != len(sources):
            raise GraphError(f"The block “{block.name}” takes {len(ports)} inputs, not {len(sources)}.")
        return self._place(Node("", BLOCK, name, freeze(settings), block=block.name, repeat=repeat), sources, ports)

    def block(self, name: str, *parameters: BlockParameter, wrap: int | None = None) -> Block:
        """What was built, as a block definition; its Input and Output layers become the ports."""
        return Block(name, self.graph(wrap), parameters)

    def _place(self, node: Node, sources: Sequence[str | Port], ports: Sequence[str]) -> str:
        """Give the node an id and a name and wire it."""
        id_, name = f"n{len(self._nodes) + 1}", node.name
        if name:
            check_name(name)
            if name in self._names:
                raise GraphError(f"Another layer is already called “{name}”.", remedy="Choose a different name.")
        name = name or self._free_name(node.block or node.layer)
        self._names.add(name)
        self._nodes[id_] = replace(node, id=id_, name=name)
        for source, port in zip(sources, ports, strict=True):
            self.wire(source, id_, port)
        return id_

    def wire(self, source: str | Port, target: str, port: str = "in") -> None:
        """Draw a wire to a named input of a layer that has already been added."""
        leaves = source if isinstance(source, Port) else Port(source, self._way_out(source))
        for id_ in (leaves.node, target):
            if id_ not in self._nodes:
                raise GraphError(f"There is no layer with the id “{id_}”.", remedy="Add it before drawing wires to it.")
        if int(leaves.node[1:]) >= int(target[1:]):
            raise GraphError("Wires lead from a layer that was added earlier to one that was added later.", place=target)
        self._links[Port(target, port)] = leaves

    def graph(self, wrap: int | None = None) -> Graph:
        """The finished graph, laid out; see `arrange` for `wrap`."""
        graph = Graph(dict(self._nodes), dict(self._links), dict(self._blocks))
        places = arrange(graph, wrap)
        return replace(graph, nodes={id_: replace(node, position=places[id_]) for id_, node in graph.nodes.items()})

    def _way_out(self, id_: str) -> str:
        """The name of a node's first output port."""
        node = self._nodes.get(id_)
        if node is None or node.layer != BLOCK:
            return "out"
        return next((inner.name for inner in self._blocks[node.block].graph.nodes.values() if inner.layer == "output"), "out")

    def _free_name(self, layer: str) -> str:
        stem = legal_stem(layer)
        while True:
            number = self._numbers[stem] = self._numbers.get(stem, 0) + 1
            if f"{stem}_{number}" not in self._names:
                return f"{stem}_{number}"


def chain(layers: Iterable[Item], wrap: int | None = None) -> Graph:
    """Layers one after another: `chain([("input", {"shape": (1, 28, 28)}), ("linear", {"out_features": 10}), "output"])`.

    Raises `GraphError` for an item that is not a layer.
    """
    builder = Builder()
    last: tuple[str, ...] = ()
    for number, item in enumerate(layers, 1):
        layer, settings, name = _item(item, number)
        last = (builder.add_settings(layer, settings, *last, name=name),)
    return builder.graph(wrap)


def _item(item: Item, number: int) -> tuple[str, Mapping[str, Value], str]:
    parts: tuple[Any, ...] = (item,) if isinstance(item, str) else tuple(item) if isinstance(item, list | tuple) else ()
    if 1 <= len(parts) <= 3:
        layer = parts[0]
        settings = parts[1] if len(parts) > 1 else {}
        name = parts[2] if len(parts) > 2 else ""
        if isinstance(layer, str) and layer and isinstance(settings, Mapping) and isinstance(name, str):
            return layer, settings, name
    raise GraphError(
        f"Item {number} of the chain is not a layer: {item!r}.",
        remedy='Write a layer\'s name, or the name and its settings: ("conv2d", {"out_channels": 8, "kernel_size": 3}).',
    )
