"""Results with what the next analysis reuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netbuilder.net.results import Analysis, NodeAnalysis


@dataclass(frozen=True)
class Known(NodeAnalysis):
    """A node's answer with what its followers need to know.

    `linear` names the linear layer of which this is still a linear map, `open` tells that a wire is missing or leads nowhere,
    `layers` counts what a block unfolds to.
    """

    linear: str = ""
    open: bool = False
    layers: int = 1


@dataclass(frozen=True)
class Remembered(Analysis):
    """An analysis with the nodes that feed nobody, and whether there is an output."""

    answers: Mapping[str, Known]
    leaves: frozenset[str] = field(default_factory=frozenset)
    ended: bool = False
