"""Matching the weights of a foreign state dict with ours, by names and shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

from msgspec import Struct

from netbuilder.core.graph import Graph

Shape = tuple[int, ...]

_WRAPPERS = ("module.", "_orig_mod.", "model.")
_COUNTER = "num_batches_tracked"
_LAST_NUMBER = re.compile(r"\d+$")


class Match(Struct, frozen=True):
    """`pairs` are our name -> theirs of what can be taken over; the rest says why it cannot.

    `missing` are our names that nothing fits, `unexpected` their names that nothing needs, `mismatched` ours of another
    shape: our name, our shape, theirs. `by_order` tells that only kinds and shapes in their order agree, no names.
    """

    pairs: Mapping[str, str]
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    mismatched: tuple[tuple[str, Shape, Shape], ...] = ()
    by_order: bool = False

    @property
    def complete(self) -> bool:
        """Whether all of ours have a value."""
        return not self.missing and not self.mismatched

    def __str__(self) -> str:
        how = " by their order" if self.by_order else ""
        parts = [f"{len(self.pairs)} of {len(self.pairs) + len(self.missing) + len(self.mismatched)} weights fit{how}"]
        if self.missing:
            parts.append(f"missing: {_listed(self.missing)}")
        if self.mismatched:
            shapes = [f"“{name}” is {_show(theirs)} instead of {_show(ours)}" for name, ours, theirs in self.mismatched]
            parts.append(f"another shape: {_first(shapes)}")
        if self.unexpected:
            parts.append(f"not used: {_listed(self.unexpected)}")
        return "; ".join(parts) + "."


def match(graph: Graph, ours: Mapping[str, Shape], theirs: Mapping[str, Shape]) -> Match:
    """Compare the state of `graph` with a foreign one, both as name -> shape in their own order.

    Equal names come first, then those that differ only in `.` and `_`, then those that agree without either. A block
    whose name ends in a number counts on from it: the repeats of `layer3_1` are `layer3.1`, `layer3.2`, … Where no name
    agrees at all, as between `conv1_1.weight` and `features.0.weight`, equal kinds and shapes in equal order do.
    """
    bare = _unwrapped(theirs)
    pairs: dict[str, str] = {}
    counted = {name: _counted_on(graph, name) for name in ours}
    plain = {name: name for name in ours}
    for simplify, own in product((_as_it_is, _joined, _squashed), (plain, counted)):
        taken = set(pairs.values())
        known = _unique({name: simplify(bare[name]) for name in theirs if name not in taken})
        wanted = _unique({name: simplify(own[name]) for name in ours if name not in pairs})
        pairs |= {name: known[key] for key, name in wanted.items() if key in known}
    by_order = not pairs and _same_kinds(ours, theirs)
    if by_order:
        pairs = dict(zip(_valued(ours), _valued(theirs), strict=True))
    mismatched = tuple((name, ours[name], theirs[other]) for name, other in pairs.items() if ours[name] != theirs[other])
    used = set(pairs.values())
    return Match(
        {name: other for name, other in pairs.items() if ours[name] == theirs[other]},
        tuple(name for name in ours if name not in pairs and not name.endswith(_COUNTER)),
        tuple(name for name in theirs if name not in used and not name.endswith(_COUNTER)),
        mismatched,
        by_order,
    )


def _unwrapped(names: Mapping[str, Shape]) -> dict[str, str]:
    """Name -> the same without what wrappers such as `DataParallel` put before all of them."""
    short = {name: name for name in names}
    for wrapper in _WRAPPERS:
        if short and all(name.startswith(wrapper) for name in short.values()):
            short = {name: bare.removeprefix(wrapper) for name, bare in short.items()}
    return short


def _unique(keys: Mapping[str, str]) -> dict[str, str]:
    """Key -> name, for keys that stand for one name only."""
    often = Counter(keys.values())
    return {key: name for name, key in keys.items() if often[key] == 1}


def _as_it_is(name: str) -> str:
    return name


def _joined(name: str) -> str:
    return name.replace(".", "_")


def _squashed(name: str) -> str:
    return re.sub(r"[._]", "", name).lower()


def _counted_on(graph: Graph, name: str) -> str:
    """Our name, with repeats of a numbered block added to its number: `layer3_1.4.conv1.weight` -> `layer3_5.conv1.weight`."""
    words: Sequence[str] = name.split(".")
    said: list[str] = []
    at: Graph | None = graph
    visible = graph.blocks
    while words:
        word, words = words[0], words[1:]
        node = at.by_name.get(word) if at is not None else None
        if node is not None and node.repeat > 1 and not node.linked and words:
            number = _LAST_NUMBER.search(word)
            word = f"{word[: number.start()]}{int(number[0]) + int(words[0])}" if number else f"{word}.{words[0]}"
            words = words[1:]
        said.append(word)
        block = visible.get(node.block) if node is not None else None
        at = block.graph if block is not None else None
        visible = {**visible, **at.blocks} if at is not None else visible
    return ".".join(said)


def _valued(names: Mapping[str, Shape]) -> list[str]:
    return [name for name in names if not name.endswith(_COUNTER)]


def _same_kinds(ours: Mapping[str, Shape], theirs: Mapping[str, Shape]) -> bool:
    """Whether both hold the same kinds of weights, with as many axes, in the same order, and nearly all of equal shape."""
    equal = sum(ours[a] == theirs[b] for a, b in zip(_valued(ours), _valued(theirs), strict=False))
    return _kinds(ours) == _kinds(theirs) and equal + 2 >= len(_valued(ours)) > 2


def _kinds(names: Mapping[str, Shape]) -> list[tuple[str, int]]:
    """What each weight is called in its layer, and how many axes it has."""
    return [(name.rpartition(".")[2], len(names[name])) for name in _valued(names)]


def _listed(names: Sequence[str]) -> str:
    return _first([f"“{name}”" for name in names])


def _first(said: Sequence[str]) -> str:
    return ", ".join(said) if len(said) <= 3 else f"{', '.join(said[:2])} and {len(said) - 2:,} more"


def _show(shape: Shape) -> str:
    return "×".join(map(str, shape)) or "a number"
