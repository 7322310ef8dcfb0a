"""Which layers a part of the inspector is about; a part made for some layers is used again for others of their kind."""

from __future__ import annotations


class Subject:
    """`ids` are the nodes; whoever shows them asks anew each time."""

    def __init__(self, *ids: str) -> None:
        self.ids = tuple(sorted(ids))

    @property
    def id(self) -> str:
        """The node, where it is a single one."""
        return self.ids[0]
