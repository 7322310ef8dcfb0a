"""The graph is a value: frozen nodes, wires, blocks and notes. Every edit makes a new one."""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from netbuilder.core.names import LONGEST, legal_stem

MOST_NODES = 20_000
"""The most layers that a project may have, in all its blocks together."""
MOST_REPEATS = 10_000
"""How often a block may follow itself at most."""

Direction = Literal["right", "down"]
"""In which direction the drawing flows: from left to right, or from top to bottom."""

Value = Any
"""A setting: whatever JSON can express, with tuples for arrays; see `plain_values.freeze`."""

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_chance = random.SystemRandom()


class Port(NamedTuple):
    """One end of a wire: a node id and the name of one of its ports (`in`, `out`, `in2`, …)."""

    node: str
    name: str


class Link(NamedTuple):
    """A wire from an output port to an input port."""

    source: Port
    target: Port


class Node(Struct, frozen=True):
    """One use of a layer, or of a block when `layer` is `"block"`.

    `name` is unique in its graph and readable; modules, weights and generated source use it.
    `settings` holds only what differs from the layer's defaults, so a file says what its author said.
    `training` says how this layer learns where it differs from the recipe: rate, penalties, initial weights.
    `linked` lets all repeats of a block share one set of weights.
    `extra` holds fields of a newer version, written back unchanged.
    """

    id: str
    layer: str
    name: str
    settings: Mapping[str, Value] = field(default_factory=dict)
    position: tuple[float, float] = (0.0, 0.0)
    block: str = ""
    repeat: int = 1
    training: Mapping[str, Value] = field(default_factory=dict)
    linked: bool = False
    extra: Mapping[str, Value] = field(default_factory=dict)


class Frame(Struct, frozen=True):
    """A titled rectangle behind nodes, or a comment: a card with text. Purely for people."""

    id: str
    text: str
    position: tuple[float, float]
    size: tuple[float, float]
    colour: str = ""
    comment: bool = False
    extra: Mapping[str, Value] = field(default_factory=dict)


class BlockParameter(Struct, frozen=True):
    """A named setting of a block; nodes inside refer to it as `"$name"`."""

    name: str
    default: Value
    tip: str = ""
    extra: Mapping[str, Value] = field(default_factory=dict)


class Block(Struct, frozen=True):
    """A definition that nodes with `layer == "block"` use. Its graph has its own input and output nodes."""

    name: str
    graph: Graph
    parameters: tuple[BlockParameter, ...] = ()
    extra: Mapping[str, Value] = field(default_factory=dict)


class Graph(Struct, frozen=True, dict=True):
    """Nodes by id, wires by the input they feed, block definitions by name, frames by id.

    `links` maps each fed input port to the output port that feeds it, so an input can never have two wires.
    Mappings are treated as read-only by everybody; edits copy them. `direction` is that of the drawing.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: Mapping[Port, Port] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    frames: Mapping[str, Frame] = field(default_factory=dict)
    extra: Mapping[str, Value] = field(default_factory=dict)
    direction: Direction = "right"

    def wires(self) -> Iterator[Link]:
        """Every wire, in the order it was drawn."""
        return (Link(source, target) for target, source in self.links.items())

    @cached_property
    def inputs_of(self) -> Mapping[str, Mapping[str, Port]]:
        """For each node that is fed: input port name -> the output port that feeds it."""
        result: dict[str, dict[str, Port]] = {}
        for target, source in self.links.items():
            result.setdefault(target.node, {})[target.name] = source
        return result

    @cached_property
    def outputs_of(self) -> Mapping[str, tuple[Link, ...]]:
        """For each node that feeds others: its outgoing wires."""
        result: dict[str, list[Link]] = {}
        for target, source in self.links.items():
            result.setdefault(source.node, []).append(Link(source, target))
        return {node: tuple(links) for node, links in result.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Node ids in a stable order, each after all that feed it; nodes on a loop, and what they feed, are left out."""
        waiting = dict.fromkeys(self.nodes, 0)
        followers: dict[str, list[str]] = {id_: [] for id_ in self.nodes}
        for target, source in self.links.items():
            if target.node in waiting and source.node in waiting:
                waiting[target.node] += 1
                followers[source.node].append(target.node)
        ready = [id_ for id_, wires in waiting.items() if wires == 0]
        for id_ in ready:
            for follower in followers[id_]:
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    ready.append(follower)
        return tuple(ready)

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        """Nodes by their readable name."""
        return {node.name: node for node in self.nodes.values()}

    def evolve(self, **changes: Any) -> Graph:
        """A changed copy that keeps those cached properties which the change leaves valid."""
        result = replace(self, **changes)
        if "links" not in changes:
            kept = ["inputs_of", "outputs_of"]
            if "nodes" not in changes:
                kept += ["order", "by_name"]
            elif result.nodes.keys() == self.nodes.keys():
                kept.append("order")
            result.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})
        return result

    def downstream(self, ids: Iterable[str]) -> frozenset[str]:
        """The given nodes and everything fed by them."""
        seen = set(ids)
        queue = list(seen)
        while queue:
            for link in self.outputs_of.get(queue.pop(), ()):
                if link.target.node not in seen:
                    seen.add(link.target.node)
                    queue.append(link.target.node)
        return frozenset(seen)


def fresh_id(taken: Mapping[str, object], prefix: str = "n", letters: int = 4) -> str:
    """A short id that is not in `taken`, such as `n4k9t`."""
    while True:
        candidate = prefix + "".join(_chance.choices(_ID_LETTERS, k=letters))
        if candidate not in taken:
            return candidate


def fresh_name(graph: Graph, stem: str, taken: Container[str] = ()) -> str:
    """A node name that neither `graph` nor `taken` uses yet: `relu_1`, `relu_2`, …"""
    stem = legal_stem(stem)[: LONGEST - 6]
    number = 1
    while (name := f"{stem}_{number}") in graph.by_name or name in taken:
        number += 1
    return name
