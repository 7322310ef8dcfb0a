"""The layers of a network that have weights, including those inside blocks, and which of them an edit has only moved."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from netbuilder.core.blocks import BLOCK
from netbuilder.core.graph import Graph, Node


class Unit(Struct, frozen=True):
    """One layer with weights. `place` is its part of the state's keys (`stem.conv`), `ids` the way to it through blocks.

    `name` is that of its outermost block, or its own; `values` are its weights by their names in the layer.
    """

    place: str
    ids: tuple[str, ...]
    name: str
    kind: str
    values: Mapping[str, Any]

    @property
    def own_name(self) -> str:
        """Its name in the innermost graph."""
        return self.place.rpartition(".")[2]

    def fits(self, other: Unit) -> bool:
        """Whether both are of one kind and have weights of the same names and shapes."""
        return self.kind == other.kind and _shapes(self) == _shapes(other)


def units(graph: Graph, state: Mapping[str, Any]) -> list[Unit]:
    """The layers that a state's keys speak of, in their order; words that are no layer of the graph stand for themselves."""
    found: dict[str, tuple[tuple[str, ...], str, dict[str, Any]]] = {}
    for key, value in state.items():
        ids, kind, used = _way(graph, key.split("."))
        words = key.split(".")
        place, rest = ".".join(words[:used]), ".".join(words[used:])
        found.setdefault(place, (ids, kind, {}))[2][rest] = value
    return [Unit(place, ids, place.partition(".")[0], kind, values) for place, (ids, kind, values) in found.items()]


def counterparts(before: Sequence[Unit], after: Sequence[Unit], old: Graph, new: Graph) -> list[tuple[Unit, Unit]]:
    """Pairs of a layer and what it was before the edit, where their weights fit.

    Layers are recognised by the ids that lead to them; those that went into a new block, or came out of one that is gone, by the last
    of these ids and their name; those of an expanded block by the names that expanding gives.
    """
    pairs: list[tuple[Unit, Unit]] = []
    left = {unit.place: unit for unit in before}
    right = {unit.place: unit for unit in after}

    def take(old_key: Callable[[Unit], Hashable], new_key: Callable[[Unit], Hashable]) -> None:
        known: dict[Hashable, Unit] = {}
        for unit in left.values():
            if (key := old_key(unit)) is not None:
                known.setdefault(key, unit)
        for unit in tuple(right.values()):
            key = new_key(unit)
            earlier = known.pop(key, None) if key is not None else None
            if earlier is not None and earlier.fits(unit):
                pairs.append((unit, earlier))
                del left[earlier.place], right[unit.place]

    take(lambda unit: unit.ids, lambda unit: unit.ids)
    take(lambda unit: (unit.ids, unit.own_name), lambda unit: _without(unit, old))
    take(lambda unit: _without(unit, new), lambda unit: (unit.ids, unit.own_name))
    take(lambda unit: _joined(unit, new), lambda unit: _joined(unit, old))
    order = {unit.place: number for number, unit in enumerate(after)}
    return sorted(pairs, key=lambda pair: order[pair[0].place])


def _without(unit: Unit, other: Graph) -> Hashable:
    """The way to a layer without its outermost block, when the other network has no such block, and its name."""
    return (unit.ids[1:], unit.own_name) if len(unit.ids) > 1 and not _known(unit, other) else None


def _joined(unit: Unit, other: Graph) -> Hashable:
    """The name that a layer has, or gets when its block is expanded; nothing while the other network has that same node."""
    return None if _known(unit, other) else unit.place.replace(".", "_")


def _known(unit: Unit, other: Graph) -> bool:
    """Whether the other network has the node that a layer's way begins with: a block for those inside one, else a layer."""
    node = other.nodes.get(unit.ids[0])
    return node is not None and (node.layer == BLOCK) == (len(unit.ids) > 1)


def _way(graph: Graph, words: Sequence[str]) -> tuple[tuple[str, ...], str, int]:
    """The ids that lead to the layer a state's key speaks of, its kind, and how many words of the key name it."""
    ids: list[str] = []
    visible = graph.blocks
    at: Graph | None = graph
    used = 0
    while at is not None and used < len(words):
        node: Node | None = at.by_name.get(words[used])
        if node is None:
            break
        ids.append(node.id)
        used += 1
        block = visible.get(node.block)
        if block is None:
            return tuple(ids), node.layer, used
        if node.repeat > 1 and not node.linked and used < len(words):
            ids.append(words[used])
            used += 1
        at, visible = block.graph, {**visible, **block.graph.blocks}
    return (*ids, *words[used : used + 1]), "", min(used + 1, len(words))


def _shapes(unit: Unit) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in unit.values.items()}
