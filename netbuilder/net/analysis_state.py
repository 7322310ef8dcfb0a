"""Results with what the next analysis reuses."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import field

from netbuilder.core.graph import Node
from netbuilder.net.results import Analysis, NodeAnalysis


class Known(NodeAnalysis, frozen=True):
    """A node's answer with what its followers need to know.

    `linear` names the linear layer of which this is still a linear map, `open` tells that a wire is missing or leads nowhere,
    `layers` counts what a block unfolds to, `behind` are the layers whose settings its remedies change.
    """

    linear: str = ""
    open: bool = False
    layers: int = 1
    behind: frozenset[str] = frozenset()


Run = list[tuple[Node, Known]]
"""Layers in a row, the last first, with their answers."""


class Remembered(Analysis, frozen=True):
    """An analysis with the nodes that feed nobody, whether there is an output, and whether it is that of the inside of a block."""

    answers: Mapping[str, Known]
    leaves: frozenset[str] = field(default_factory=frozenset)
    ended: bool = False
    inside: bool = False
