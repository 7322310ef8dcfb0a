"""What an edit would change, found by trying it before anything is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.declare import show
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis, NodeAnalysis, Problem, Severity


class Change(NamedTuple):
    """The shape of a node's first output before and after, as people write it; empty where it is unknown."""

    before: str
    after: str


class Trial(Struct, frozen=True):
    """The analysis after an edit, compared with the one before.

    `reshaped` are nodes that exist before and after, with other shapes; `come` and `gone` are problems that appear and disappear.
    """

    before: Analysis
    after: Analysis
    reshaped: frozenset[str]
    come: tuple[Problem, ...]
    gone: tuple[Problem, ...]

    @property
    def parameters(self) -> int:
        """How many more parameters there would be."""
        return self.after.parameters - self.before.parameters

    @property
    def empty(self) -> bool:
        """Whether no visible difference would remain."""
        return not (self.reshaped or self.come or self.gone or self.parameters)

    def change(self, id_: str) -> Change:
        """What a node's shape would become."""
        return Change(_shape(self.before.answers[id_]), _shape(self.after.answers[id_]))


def attempt(edit: Edit, before: Analysis) -> Trial | None:
    """Try an edit on the graph that `before` is about; returns `None` when the edit would be refused."""
    try:
        graph = edit(before.graph)
    except NetbuilderError:
        return None
    after = analyze(graph, before)
    old, new = before.answers, after.answers
    reshaped = frozenset(
        id_ for id_, answer in new.items() if (was := old.get(id_)) is not None and was is not answer and was.outputs != answer.outputs
    )
    come, gone = _unlike(after.problems, before.problems), _unlike(before.problems, after.problems)
    return Trial(before, after, reshaped, come, gone)


def _shape(answer: NodeAnalysis) -> str:
    return show(answer.output_shapes[0]) if answer.outputs else ""


def _unlike(problems: Iterable[Problem], others: Iterable[Problem]) -> tuple[Problem, ...]:
    known = {_key(problem) for problem in others}
    return tuple(problem for problem in problems if _key(problem) not in known)


def _key(problem: Problem) -> tuple[Severity, str | None, str]:
    return problem.severity, problem.node, problem.message
