"""Networks that end in probabilities where their loss expects scores, or the other way round, and the edits that mend it."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.edits import Edit, compound, set_setting
from netbuilder.core.graph import Graph, Node, Port, Value
from netbuilder.core.rewiring import remove_and_heal
from netbuilder.net.repairs import exchange, insert_before
from netbuilder.net.results import Analysis, Fix, Problem, Severity
from netbuilder.train.losses import CrossEntropy, Loss, parts_of

_SOFTMAX = frozenset({"softmax", "softmax2d", "softmin"})
_SILENT = frozenset({"identity", "flatten", "reshape", "squeeze", "dropout"})
_LOGARITHM = "logsoftmax"


def unsuited(analysis: Analysis, end: Node, loss: Loss) -> list[Problem]:
    """The problem, if any, between the last layer before an output and the chosen loss of that output."""
    graph = analysis.graph
    last, parts = _last(graph, end), parts_of(loss)
    log = next((each for each in parts if isinstance(each, CrossEntropy) and each.takes == "log-probabilities"), None)
    if log is not None and last.layer != _LOGARITHM:
        return [_no_logarithm(end, last, log)]
    scores = next((each for each in parts if isinstance(each, CrossEntropy) and each.about.name != "hinge"), None)
    if scores is not None and log is None and last.layer in (*_SOFTMAX, "sigmoid"):
        return [_twice(end, last, scores, "softmax")]
    if last.layer in ("sigmoid", *_SOFTMAX) and any(each.about.name == "bce" for each in parts):
        return [_twice(end, last, next(each for each in parts if each.about.name == "bce"), "the sigmoid")]
    return []


def _last(graph: Graph, end: Node) -> Node:
    """The layer that gives the output its numbers, behind those that only pass them on."""
    at = end
    while len(feeds := tuple(graph.inputs_of.get(at.id, {}).values())) == 1:
        at = graph.nodes[feeds[0].node]
        if at.layer not in _SILENT:
            break
    return at


def _twice(end: Node, last: Node, loss: Loss, what: str) -> Problem:
    text = (
        f"“{last.name}” turns scores into probabilities, but {loss.named()} expects scores and applies {what} itself: "
        "it would act twice, the loss could not come near 0, and gradients shrink."
    )
    remedy, fixes = f"Remove “{last.name}”.", [Fix(f"Remove “{last.name}”", remove_and_heal([last.id]))]
    if isinstance(loss, CrossEntropy) and type(loss) is CrossEntropy and last.layer == "softmax":
        remedy = f"Remove “{last.name}”, or let it give logarithms and take the negative log-likelihood."
        fixes.append(Fix("Use LogSoftmax and negative log-likelihood", _with_logarithm(end, last, loss)))
    return Problem(Severity.ERROR, last.id, text, remedy, fixes=tuple(fixes))


def _no_logarithm(end: Node, last: Node, loss: CrossEntropy) -> Problem:
    text = f"The negative log-likelihood takes logarithms of probabilities, but the network ends in “{last.name}”."
    plain = Fix("Use cross-entropy", set_setting(end.id, "loss", _renamed(loss, "cross-entropy")))
    if last.layer == "softmax":
        return Problem(
            Severity.ERROR, end.id, text, "Use LogSoftmax.", fixes=(Fix("Use LogSoftmax", exchange(last.id, _LOGARITHM, last.settings)),)
        )
    insert = Fix("Insert LogSoftmax", insert_before(Port(end.id, "in"), _LOGARITHM))
    return Problem(Severity.ERROR, end.id, text, "Let it end in LogSoftmax, or use cross-entropy.", fixes=(insert, plain))


def _with_logarithm(end: Node, last: Node, loss: Loss) -> Edit:
    own = set_setting(end.id, "loss", _renamed(loss, "nll"))
    return compound(exchange(last.id, _LOGARITHM, last.settings), own)


def _renamed(loss: Loss, name: str) -> Value:
    """The same settings under another name, as far as they were changed."""
    usual = type(loss)().settings()
    changed: Mapping[str, Value] = {key: value for key, value in loss.settings().items() if value != usual[key]}
    return {**changed, "name": name} if changed else name
