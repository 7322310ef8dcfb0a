"""Results of an analysis together with what the next, incremental analysis needs to know."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import field

from netbuilder.core.graph import Node
from netbuilder.net.results import Analysis, NodeAnalysis


class Known(NodeAnalysis, frozen=True):
    """A node's answer, with what the nodes behind it and the next analysis need to know.

    `linear` names the linear layer of which this is still a linear map; `open` says that a wire is missing or leads nowhere;
    `layers` counts what a block unfolds to; `behind` are the ids of layers before it whose settings its fixes change.
    """

    linear: str = ""
    open: bool = False
    layers: int = 1
    behind: frozenset[str] = frozenset()


Run = list[tuple[Node, Known]]
"""Layers one after another, the last first, with their answers."""


class Remembered(Analysis, frozen=True):
    """An analysis with the nodes that feed nobody, whether there is an output, and whether it is that of the inside of a block."""

    answers: Mapping[str, Known]
    leaves: frozenset[str] = field(default_factory=frozenset)
    ended: bool = False
    inside: bool = False
