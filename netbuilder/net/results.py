"""What the analysis of a graph says: plain frozen answers for views, scripts and the compiler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from netbuilder.core.edits import Edit
from netbuilder.core.graph import Graph
from netbuilder.layers.declare import Layer, Shape, TensorSpec


class Severity(Enum):
    """An error keeps the network from running; a warning is legal but probably not meant."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Fix:
    """One way to mend a problem: a label for the button and the edit behind it."""

    label: str
    edit: Edit


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and how to mend it. `node` is an id or `None` for the whole network."""

    severity: Severity
    node: str | None
    message: str
    remedy: str = ""
    setting: str | None = None
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class ReceptiveField:
    """How much of the network's input one output element sees: size and step per spatial axis, in input elements.

    `everything` when it sees the whole input.
    """

    size: tuple[int, ...] = ()
    step: tuple[float, ...] = ()
    everything: bool = False


@dataclass(frozen=True)
class NodeAnalysis:
    """One node's answer. `outputs` is empty when its shape cannot be known; `layer` is `None` when unreadable.

    `memory` is the bytes of its outputs for one sample, `parameters` trainable numbers, `macs` for one sample.
    """

    id: str
    layer: Layer | None = None
    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()
    parameters: int = 0
    macs: int = 0
    memory: int = 0
    receptive_field: ReceptiveField = field(default_factory=ReceptiveField)
    problems: tuple[Problem, ...] = ()
    why_shape: Callable[[], str] | None = None
    why_parameters: Callable[[], str] | None = None

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        """Batch first, `None` = batch."""
        return tuple(spec.shape for spec in self.outputs)

    @property
    def explanation(self) -> str:
        """Why the output has this shape, the formula with its numbers; empty when unknown."""
        return self.why_shape() if self.why_shape else ""

    @property
    def parameter_explanation(self) -> str:
        """Why there are this many parameters: `(5·5·6 + 1)·16 = 2,416`; empty when there are none."""
        return self.why_parameters() if self.why_parameters else ""


@dataclass(frozen=True)
class Analysis:
    """Everything known about one snapshot. `memory` is activation bytes for one sample."""

    graph: Graph
    nodes: Mapping[str, NodeAnalysis]
    parameters: int
    macs: int
    memory: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the network from running."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
