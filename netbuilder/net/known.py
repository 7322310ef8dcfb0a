"""Results with what the next analysis reuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netbuilder.layers.declare import Reach
from netbuilder.net.results import Analysis, NodeAnalysis, ReceptiveField


@dataclass(frozen=True)
class Known(NodeAnalysis):
    """A node's answer with what its followers need to know.

    `linear` names the linear layer of which this is still a linear map, `open` tells that a wire is missing or leads nowhere,
    `layers` counts what a block unfolds to.
    """

    linear: str = ""
    reach: Reach | None = None
    open: bool = False
    layers: int = 1

    def seeing(self, view: ReceptiveField) -> Known:
        """The same answer with another receptive field; quick, for it may have to be said of a thousand nodes."""
        copy = object.__new__(Known)
        copy.__dict__.update(self.__dict__)
        copy.__dict__["receptive_field"] = view
        return copy


@dataclass(frozen=True)
class Remembered(Analysis):
    """An analysis with the nodes that feed nobody, and whether there is an output."""

    nodes: Mapping[str, Known]
    leaves: frozenset[str] = field(default_factory=frozenset)
    ended: bool = False
