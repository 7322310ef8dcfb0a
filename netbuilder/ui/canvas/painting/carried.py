"""Many nodes held by the pointer: painted apart, so that moving them costs no more than painting them."""

from __future__ import annotations

from collections.abc import Mapping, Set

from PySide6.QtCore import QPointF

from netbuilder.core.graph import Link, Port

_STILL = QPointF()


class Carried:
    """`ids` are the nodes; `inner` the wires among them, which move along; `border` those that lead to others."""

    def __init__(self, ids: Set[str], touching: Mapping[Port, Link]) -> None:
        self.ids = frozenset(ids)
        self.inner = frozenset(target for target, link in touching.items() if link.source.node in ids and target.node in ids)
        self.border = frozenset(touching) - self.inner
        self.by = QPointF()

    def offset(self, node_id: str) -> QPointF:
        """How far this node is carried."""
        return self.by if node_id in self.ids else _STILL
