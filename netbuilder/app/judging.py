"""What is wrong with a network once its data and its recipe are known: told beside the network's own problems, at the layer concerned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from netbuilder.core.errors import NetbuilderError
from netbuilder.net.results import Analysis, NodeAnalysis, Problem, Severity

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset


class Judge:
    """Remembers its last answer, so that asking again costs nothing."""

    def __init__(self) -> None:
        self._asked: tuple[object, ...] = ()
        self._answer: Analysis | None = None

    def __call__(self, analysis: Analysis, dataset: Dataset | None, training: Mapping[str, Any]) -> Analysis:
        """The analysis with what does not fit among its problems; the analysis itself without such, or without data."""
        asked = (analysis, dataset, training)
        if self._answer is None or any(now is not before for now, before in zip(asked, self._asked, strict=True)):
            self._asked, self._answer = asked, analysis if dataset is None else _judged(analysis, _found(analysis, dataset, training))
        return self._answer


def _judged(analysis: Analysis, found: tuple[Problem, ...]) -> Analysis:
    """An error that comes with data or recipe is told instead of the warnings of the same layer."""
    if not found:
        return analysis
    broken = {problem.node for problem in found if problem.severity is Severity.ERROR}
    concerned = {problem.node for problem in found} & analysis.answers.keys()

    def all_of(own: tuple[Problem, ...], others: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return (*others, *(each for each in own if each.severity is Severity.ERROR or each.node not in broken))

    def answer(id_: str) -> NodeAnalysis:
        own = analysis.answers[id_]
        return replace(own, problems=all_of(own.problems, tuple(each for each in found if each.node == id_)))

    answers = {**analysis.answers, **{id_: answer(id_) for id_ in concerned if id_ is not None}}
    return replace(analysis, answers=answers, problems=all_of(analysis.problems, found))


def _found(analysis: Analysis, dataset: Dataset, training: Mapping[str, Any]) -> tuple[Problem, ...]:
    from netbuilder.train.fitting import misfits
    from netbuilder.train.penalties import checked
    from netbuilder.train.recipe import Recipe

    try:
        recipe = Recipe.read(training)
        checked(analysis.graph)
    except NetbuilderError as error:
        node = error.place if error.place in analysis.graph.nodes else None
        return (Problem(Severity.ERROR, node, error.message, error.remedy or "", None if node else error.place),)
    return misfits(analysis, dataset, recipe.loss, recipe.sampling)
