"""The same network with more or fewer features: the width of every chosen hidden layer times a factor; outputs keep their size."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from math import floor, lcm

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK
from netbuilder.core.expressions import is_expression, names_in
from netbuilder.core.graph import Block, Graph, Node, Value
from netbuilder.layers.declare import find

FEATURES = frozenset({"out_channels", "out_features", "hidden_size", "embedding_dim", "embed_dim", "dim_feedforward"})
"""Settings that count feature maps, neurons or numbers for a token."""
_SHARES = frozenset({"groups", "num_groups", "num_heads", "nhead"})
"""Settings that must divide the features."""
_MOST_SHARES = 64

Blocks = Mapping[str, Block]


class Widening(Struct, frozen=True, dict=True):
    """Multiplies widths of `graph` by `factor` and rounds them to multiples of `multiple`, in its blocks, too.

    `names` chooses among its layers and blocks; empty means all that are hidden.
    """

    graph: Graph
    factor: float
    names: frozenset[str] = frozenset()
    multiple: int = 1

    @cached_property
    def wide(self) -> Graph:
        """The network of the new width."""
        return self._level(self.graph, self.graph.blocks, self._ending(), top=True)

    @cached_property
    def rounded(self) -> tuple[str, ...]:
        """Widths that had to be rounded: `conv1 1.5 → 2`."""
        before = [*_numbers(self.graph, self.graph.blocks)]
        after = dict(_numbers(self.wide, self.wide.blocks))
        exact = ((place, old * self.factor, after[place]) for place, old in before if after[place] != old)
        return tuple(f"{place[-2]} {value:g} → {new}" for place, value, new in exact if value != new)

    def _level(self, graph: Graph, visible: Blocks, ending: Mapping[str, frozenset[str]], *, top: bool = False) -> Graph:
        """One graph and the definitions in it."""
        ends = _ends(graph, visible)
        nodes = {
            id_: node if top and self.names and node.name not in self.names else self._node(node, visible, ending, id_ in ends)
            for id_, node in graph.nodes.items()
        }
        touched = None if not (top and self.names) else _reached(graph, self.names)
        blocks = {
            name: block
            if touched is not None and name not in touched
            else replace(block, graph=self._level(block.graph, {**visible, **block.graph.blocks}, ending))
            for name, block in graph.blocks.items()
        }
        return graph.evolve(nodes=nodes, blocks=blocks)

    def _node(self, node: Node, visible: Blocks, ending: Mapping[str, frozenset[str]], end: bool) -> Node:
        old = _widths(node, visible, ending.get(node.block, frozenset()) if end else frozenset(), end=end)
        new: dict[str, Value] = {name: self._scaled(value) for name, value in old.items()}
        groups = node.settings.get("groups")
        if type(groups) is int and groups > 1 and old.get("out_channels") == groups:
            new["groups"] = new["out_channels"]
        return replace(node, settings={**node.settings, **new}) if new else node

    def _scaled(self, value: int) -> int:
        return max(1, floor(value * self.factor / self.multiple + 0.5)) * self.multiple

    def _ending(self) -> Mapping[str, frozenset[str]]:
        """For each definition that makes an output of the network: the parameters that set its size."""
        found: dict[str, frozenset[str]] = {}

        def look(graph: Graph, visible: Blocks) -> frozenset[str]:
            names: set[str] = set()
            for id_ in _ends(graph, visible):
                node = graph.nodes[id_]
                inner = visible.get(node.block) if node.layer == BLOCK else None
                if inner is not None:
                    found[node.block] = look(inner.graph, {**visible, **inner.graph.blocks})
                kept = found.get(node.block, frozenset()) if inner is not None else FEATURES
                names |= {name for key in kept if is_expression(value := node.settings.get(key)) for name in names_in(value)}
            return frozenset(names)

        look(self.graph, self.graph.blocks)
        return found


def widenable(graph: Graph) -> tuple[str, ...]:
    """Names of the layers and blocks whose width can be changed without changing the size of the network's outputs."""
    ends = _ends(graph, graph.blocks)
    return tuple(n.name for n in graph.nodes.values() if n.id not in ends and _has_features(n, graph.blocks))


def shared(graph: Graph) -> int:
    """What every width should be a multiple of, so that groups and heads still divide it; 1 without any."""
    found = 1
    for node in _every_node(graph):
        sizes = [value for name in _SHARES & node.settings.keys() if type(value := node.settings[name]) is int and value > 0]
        for size in sizes:
            if node.settings.get("out_channels") != size:
                found = lcm(found, size)
    return min(found, _MOST_SHARES)


def _widths(node: Node, visible: Blocks, kept: frozenset[str], *, end: bool) -> dict[str, int]:
    """The widths written in a layer, or handed to a block; parameters in `kept` stay."""
    if node.layer == BLOCK:
        block = visible.get(node.block)
        names = _parameters(block, {**visible, **block.graph.blocks}) - kept if block else frozenset()
        values = {**{each.name: each.default for each in block.parameters}, **node.settings} if block else {}
    else:
        kind = find(node.layer)
        names = frozenset() if end or kind is None else FEATURES & set(kind.__struct_encode_fields__)
        values = {**(kind.defaults() if kind else {}), **node.settings}
    return {name: value for name in sorted(names) if type(value := values.get(name)) is int}


def _parameters(block: Block, visible: Blocks) -> frozenset[str]:
    """Parameters of a block that set the width of a layer inside."""
    found: set[str] = set()
    for node in block.graph.nodes.values():
        inner = visible.get(node.block) if node.layer == BLOCK else None
        counted = FEATURES if inner is None else _parameters(inner, {**visible, **inner.graph.blocks})
        found |= {name for key in counted if is_expression(value := node.settings.get(key)) for name in names_in(value)}
    return frozenset(found)


def _ends(graph: Graph, visible: Blocks) -> frozenset[str]:
    """The last layers with a width before each output: they decide its size."""
    found: set[str] = set()
    seen: set[str] = set()
    queue = [node.id for node in graph.nodes.values() if node.layer == "output"]
    while queue:
        id_ = queue.pop()
        if id_ in seen or id_ not in graph.nodes:
            continue
        seen.add(id_)
        if _has_features(graph.nodes[id_], visible):
            found.add(id_)
        else:
            queue += [source.node for source in graph.inputs_of.get(id_, {}).values()]
    return frozenset(found)


def _has_features(node: Node, visible: Blocks) -> bool:
    """Whether a layer, or one inside a block, has a width."""
    if node.layer != BLOCK:
        kind = find(node.layer)
        return kind is not None and bool(FEATURES & set(kind.__struct_encode_fields__))
    block = visible.get(node.block)
    return block is not None and any(_has_features(inner, {**visible, **block.graph.blocks}) for inner in block.graph.nodes.values())


def _reached(graph: Graph, names: Collection[str]) -> frozenset[str]:
    """Definitions that the chosen blocks use, directly or further in."""
    found: set[str] = set()
    queue = [node.block for node in graph.nodes.values() if node.layer == BLOCK and node.name in names]
    while queue:
        name = queue.pop()
        if name not in found and name in graph.blocks:
            found.add(name)
            queue += [node.block for node in graph.blocks[name].graph.nodes.values() if node.layer == BLOCK]
    return frozenset(found)


def _numbers(graph: Graph, visible: Blocks, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every plain width with its place: definitions, layer and setting."""
    for node in graph.nodes.values():
        for name, value in _widths(node, visible, frozenset(), end=False).items():
            yield (*place, node.name, name), value
    for name, block in graph.blocks.items():
        yield from _numbers(block.graph, {**visible, **block.graph.blocks}, (*place, name))


def _every_node(graph: Graph) -> Iterator[Node]:
    yield from graph.nodes.values()
    for block in graph.blocks.values():
        yield from _every_node(block.graph)
