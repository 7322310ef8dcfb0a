"""The results of an analysis: plain frozen values for views, scripts and the compiler."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.edits import Edit
from netbuilder.core.graph import Graph
from netbuilder.layers.declare import Layer, Reach, Shape, TensorSpec
from netbuilder.net.receptive_field import ReceptiveField, Views


class Severity(Enum):
    """An error keeps the network from running; a warning is legal but probably not meant."""

    ERROR = "error"
    WARNING = "warning"

    __hash__ = object.__hash__


class Fix(Struct, frozen=True):
    """One way to fix a problem: a label for the button and the edit behind it."""

    label: str
    edit: Edit


class Problem(Struct, frozen=True):
    """What is wrong, where, and how to fix it. `node` is an id, or `None` for the whole network.

    `inside` leads on into a block that this node uses: the ids of the block nodes to open there, then that of the faulty node.
    """

    severity: Severity
    node: str | None
    message: str
    remedy: str = ""
    setting: str | None = None
    fixes: tuple[Fix, ...] = ()
    inside: tuple[str, ...] = ()


class NodeAnalysis(Struct, frozen=True):
    """One node's answer. `outputs` is empty when its shape cannot be known; `layer` is `None` when unreadable.

    `memory` is the bytes of its outputs for one sample, `parameters` trainable numbers, `macs` for one sample,
    `feeders` the nodes that its inputs come from.
    """

    id: str
    layer: Layer | None = None
    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()
    parameters: int = 0
    macs: int = 0
    memory: int = 0
    problems: tuple[Problem, ...] = ()
    why_shape: Callable[[], str] | None = None
    why_parameters: Callable[[], str] | None = None
    feeders: tuple[str, ...] = ()
    reach: Reach | None = None
    views: Views | None = None

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        """The shape of each output, the batch axis first and given as `None`."""
        return tuple(spec.shape for spec in self.outputs)

    @property
    def receptive_field(self) -> ReceptiveField:
        """How much of the network's input one output element sees; worked out on first use."""
        return self.views(self.id) if self.views else ReceptiveField()

    @property
    def explanation(self) -> str:
        """Why the output has this shape: the formula with its numbers; empty when unknown."""
        return self.why_shape() if self.why_shape else ""

    @property
    def parameter_explanation(self) -> str:
        """Why there are this many parameters: `(5·5·6 + 1)·16 = 2,416`; empty when there are none."""
        return self.why_parameters() if self.why_parameters else ""


class _Nodes(Mapping[str, NodeAnalysis]):
    """The nodes' answers, each with access to its receptive field in this network."""

    def __init__(self, answers: Mapping[str, NodeAnalysis]) -> None:
        self._answers = answers
        self._views = Views(answers)
        self._whole: dict[str, NodeAnalysis] = {}

    def __getitem__(self, id_: str) -> NodeAnalysis:
        if id_ not in self._whole:
            self._whole[id_] = replace(self._answers[id_], views=self._views)
        return self._whole[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


class Analysis(Struct, frozen=True, dict=True):
    """Everything known about one snapshot. `memory` is activation bytes for one sample.

    `answers` are the nodes' answers by id; an answer that an edit did not affect is the same object as before.
    """

    graph: Graph
    answers: Mapping[str, NodeAnalysis]
    parameters: int
    macs: int
    memory: int
    problems: tuple[Problem, ...]

    @cached_property
    def nodes(self) -> Mapping[str, NodeAnalysis]:
        """The answers with their receptive fields, which depend on all that lies before a node."""
        return _Nodes(self.answers)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the network from running."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
