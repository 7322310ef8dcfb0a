"""What changed between two graphs, named by id, so that views touch only that."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.graph import Graph, Link


class Diff(Struct, frozen=True):
    """Ids that were added, removed or changed, and wires that were drawn or removed. `moved` nodes changed in position only.

    `turned` says that the drawing now flows in another direction.
    """

    before: Graph
    after: Graph
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    frames: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    turned: bool = False

    @property
    def structural(self) -> bool:
        """Whether shapes may have changed, as opposed to positions and frames only."""
        return bool(self.added or self.removed or self.changed or self.linked or self.unlinked or self.blocks)

    def __bool__(self) -> bool:
        return self.structural or bool(self.moved or self.frames or self.turned)


def diff(before: Graph, after: Graph) -> Diff:
    """Compare by identity first: edits share whatever they did not touch."""
    changed: set[str] = set()
    moved: set[str] = set()
    if before.nodes is not after.nodes:
        for id_, node in after.nodes.items():
            old = before.nodes.get(id_)
            if old is None or old is node or old == node:
                continue
            (moved if replace(old, position=node.position) == node else changed).add(id_)
    linked: tuple[Link, ...] = ()
    unlinked: tuple[Link, ...] = ()
    if before.links is not after.links:
        linked = tuple(Link(s, t) for t, s in after.links.items() if before.links.get(t) != s)
        unlinked = tuple(Link(s, t) for t, s in before.links.items() if after.links.get(t) != s)
    return Diff(
        before,
        after,
        added=frozenset(after.nodes.keys() - before.nodes.keys()),
        removed=frozenset(before.nodes.keys() - after.nodes.keys()),
        changed=frozenset(changed),
        moved=frozenset(moved),
        linked=linked,
        unlinked=unlinked,
        frames=_differing(before.frames, after.frames),
        blocks=_differing(before.blocks, after.blocks),
        turned=before.direction != after.direction,
    )


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[str]:
    if before is after:
        return frozenset()
    return frozenset(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
