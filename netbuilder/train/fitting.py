"""Whether network, data and loss go together, checked before training: the same answer for window, script and terminal."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from netbuilder.core.edits import set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Node
from netbuilder.data import sampling
from netbuilder.data.dataset import Dataset
from netbuilder.data.sampling import Sampling
from netbuilder.layers.declare import TensorSpec
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis, Fix, Problem, Severity
from netbuilder.train.errors import TrainingError
from netbuilder.train.heads import head, heads
from netbuilder.train.losses import Auto, CrossEntropy, Loss, choose, ignored, parts_of
from netbuilder.train.losses.unlabelled import told
from netbuilder.train.probabilities import unsuited
from netbuilder.train.transfer import ending_in


def require(graph: Graph, dataset: Dataset, loss: Loss, way: Sampling = "shuffled") -> None:
    """Raise the first error that keeps this network from learning this data as a `TrainingError`."""
    for problem in misfits(analyze(graph), dataset, loss, way):
        if problem.severity is Severity.ERROR:
            raise TrainingError(problem.message, place=problem.node, remedy=problem.remedy or None)


def misfits(analysis: Analysis, dataset: Dataset, loss: Loss, way: Sampling = "shuffled") -> tuple[Problem, ...]:
    """What of a network, a loaded data set and a recipe does not fit, with edits that mend it; layers behind errors are left out."""
    if not len(dataset.train):
        remedy = "Choose another source or a smaller split."
        return (Problem(Severity.ERROR, None, f"“{dataset.name}” has no training samples.", remedy),)
    ends = [node for node in analysis.graph.nodes.values() if node.layer == "output"]
    found = _arriving(analysis, dataset)
    try:
        sampling.check(dataset.train, way)
        heads(analysis.graph)
    except NetbuilderError as error:
        node = error.place if error.place in analysis.graph.nodes else None
        return (*found, Problem(Severity.ERROR, node, error.message, error.remedy or "", "loss" if node else error.place))
    for end in ends:
        inputs = analysis.answers[end.id].inputs
        found += _leaving(analysis, end, inputs[0].shape[1:], dataset, loss) if inputs else []  # type: ignore[arg-type]
    return tuple(found)


def _arriving(analysis: Analysis, dataset: Dataset) -> list[Problem]:
    """Problems of the inputs."""
    inputs = [node for node in analysis.graph.nodes.values() if node.layer == "input"]
    shapes = dataset.input_shapes
    if len(inputs) > len(shapes) or (inputs and len(inputs) < len(shapes)):
        has = "one" if len(shapes) == 1 else str(len(shapes))
        text = f"The network has {_counted(len(inputs), 'input')}, but “{dataset.name}” has {has}."
        remedy = (
            "Keep a single Input layer." if len(shapes) == 1 else f"Let it have {len(shapes)} Input layers, in the order of the arrays."
        )
        return [Problem(Severity.ERROR, inputs[-1].id, text, remedy)]
    found: list[Problem] = []
    for entry, given, stored in zip(inputs, shapes, (dataset.train.inputs, *dataset.train.more), strict=False):
        if analysis.answers[entry.id].outputs:
            found += _entering(entry, analysis.answers[entry.id].outputs[0], given, stored, dataset.name)
    return found


def _entering(entry: Node, spec: TensorSpec, given: tuple[int, ...], stored: NDArray[np.generic], name: str) -> list[Problem]:
    """Problems of one input with what it is fed."""
    wanted = spec.shape[1:]
    if wanted != given:
        text = f"The Input layer expects samples of {_show(wanted)}, but those of “{name}” are {_show(given)}."
        fix = Fix(f"Set input shape to {_show(given)}", set_setting(entry.id, "shape", given))
        remedy = f"Set the Input layer's shape to {_show(given)}, or choose other data."
        return [Problem(Severity.ERROR, entry.id, text, remedy, "shape", (fix,))]
    if spec.dtype == "int64" and (stored.dtype.kind == "f" or stored.dtype.itemsize == 1):
        text = f"The Input layer takes whole numbers, but the samples of “{name}” are decimal ones."
        fix = Fix("Set input dtype to float32", set_setting(entry.id, "dtype", "float32"))
        return [Problem(Severity.ERROR, entry.id, text, "Set its dtype to float32, or choose other data.", "dtype", (fix,))]
    return []


def _leaving(analysis: Analysis, end: Node, shape: tuple[int, ...], dataset: Dataset, loss: Loss) -> list[Problem]:
    """Problems of one output, whose samples have this shape."""
    own = head(end)
    try:
        dataset = own.aimed(dataset)
    except TrainingError as error:
        return [Problem(Severity.ERROR, end.id, error.message, error.remedy or "", "targets", _aims(end, dataset.names))]
    targets = dataset.train.targets
    chosen = choose(own.loss or loss, shape, dataset.train, own.task)
    unfit = [*unsuited(analysis, end, chosen), *_nobody(end, dataset, chosen)]
    if targets.dtype.kind in "iu" and targets.shape[1:] == shape[1:]:
        unfit += _scores(analysis, end, shape[0], dataset, chosen)
    if any(problem.severity is Severity.ERROR for problem in unfit):
        return unfit
    try:
        for part in (dataset.train, dataset.validation, dataset.test):
            if len(part):
                chosen.check(shape, part)
    except TrainingError as error:
        wanted = prod(targets.shape[1:])
        wide = targets.dtype.kind == "f" and len(shape) == 1 and shape[0] != wanted
        fixes = _widths(analysis, end, wanted) if wide else _losses(end, shape, dataset, chosen, own.task)
        return [*unfit, Problem(Severity.ERROR, end.id, error.message, error.remedy or "", fixes=fixes)]
    return unfit


def _losses(end: Node, shape: tuple[int, ...], dataset: Dataset, wrong: Loss, task: str) -> tuple[Fix, ...]:
    """The edit that gives an output a loss of another kind, the one that suits its targets, if it does."""
    suited = choose(Auto(), shape, dataset.train, task)
    try:
        for part in (dataset.train, dataset.validation, dataset.test):
            if len(part):
                suited.check(shape, part)
    except TrainingError:
        return ()
    if type(suited) is type(wrong):
        return ()
    return (Fix(f"Let “{end.name}” learn by {suited.named()}", set_setting(end.id, "loss", suited.about.name)),)


def _nobody(end: Node, dataset: Dataset, loss: Loss) -> list[Problem]:
    """A warning when no sample has the class that the loss ignores."""
    silent, targets = ignored(loss), dataset.train.targets
    if silent is None or targets.dtype.kind not in "iu" or bool((targets == silent).any()):
        return []
    text = f"The loss passes over targets of the class {silent}, but “{dataset.name}” has none for training."
    return [Problem(Severity.WARNING, end.id, text, "Classes are numbered from 0, in the order of the Data tab.", "loss")]


def _scores(analysis: Analysis, end: Node, scores: int, dataset: Dataset, loss: Loss) -> list[Problem]:
    """Problems of one score for each class: too few are an error, more than there are classes a warning."""
    silent = ignored(loss)
    stored = (told(part.targets, silent) for part in (dataset.train, dataset.validation, dataset.test))
    parts = [targets for targets in stored if len(targets)]
    low = min((int(targets.min()) for targets in parts), default=0)
    if low < 0:
        text = f"“{dataset.name}” has the label {low}; classes are numbered from 0."
        return [Problem(Severity.ERROR, end.id, text, "Number the classes from 0.")]
    named = len(dataset.classes) - (silent == len(dataset.classes) - 1)
    classes = max([named, *(int(targets.max()) + 1 for targets in parts)])
    if scores == classes or (scores == 1 and classes <= 2 and not any(isinstance(each, CrossEntropy) for each in parts_of(loss))):
        return []
    text = f"The network ends in {_counted(scores, 'score')}, but “{dataset.name}” has {_counted(classes, 'class', 'classes')}"
    fixes = _widths(analysis, end, classes)
    if scores < classes:
        return [Problem(Severity.ERROR, end.id, f"{text}.", f"Give the last layer {classes:,} outputs, or choose other data.", fixes=fixes)]
    return [Problem(Severity.WARNING, end.id, f"{text}: the other {scores - classes:,} are never right.", fixes=fixes)]


def _aims(end: Node, names: tuple[str, ...]) -> tuple[Fix, ...]:
    """Edits that let an output learn targets that exist."""
    if not names:
        return (Fix(f"Let “{end.name}” learn the targets of all outputs", set_setting(end.id, "targets", "")),)
    return tuple(Fix(f"Let “{end.name}” learn “{name}”", set_setting(end.id, "targets", name)) for name in names)


def _widths(analysis: Analysis, end: Node, wanted: int) -> tuple[Fix, ...]:
    """The edit that makes the last layer with a width of its own end in so many numbers, if it does."""
    found = ending_in(analysis, end.id, wanted)
    return (Fix(f"Set {found[1]} of “{analysis.graph.nodes[found[0]].name}” to {wanted:,}", found[2]),) if found else ()


def _show(shape: tuple[int | None, ...]) -> str:
    return "×".join(map(str, shape)) or "1"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
