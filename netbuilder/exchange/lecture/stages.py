"""What a lecture drawing shows of a network: one stage for each tensor worth a block, and the operations that lead to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from netbuilder.core.graph import Graph, Node
from netbuilder.core.names import automatic
from netbuilder.layers.declare import Category, find, say
from netbuilder.layers.kinship import category_of
from netbuilder.net.results import Analysis, NodeAnalysis

_QUIET = (Category.ACTIVATION, Category.NORMALISATION, Category.REGULARISATION, Category.SHAPE)
_SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷"}


@dataclass
class Stage:
    """A tensor on its way. `shape` is without the batch, empty when it cannot be known.

    `operations` are the words beside the way to it, in order: what gives the stage before another shape, what makes this one, and
    what then happens to it in this shape.
    `window` is the size of the kernel on each spatial axis of what it is made from; `sign` stands for a merge that keeps the shape.
    """

    node: str
    shape: tuple[int | None, ...]
    category: Category | None
    name: str = ""
    sign: str = ""
    window: tuple[int, ...] = ()
    operations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lecture:
    """Stages by node id in an order in which data flows, and the wires between them, each once."""

    stages: dict[str, Stage]
    wires: tuple[tuple[str, str], ...]


def lecture(graph: Graph, analysis: Analysis, only: Collection[str] = ()) -> Lecture:
    """The stages of a network, or of some of its nodes."""
    chosen = set(only) or set(graph.nodes)
    order = [id_ for id_ in (*graph.order, *(id_ for id_ in graph.nodes if id_ not in set(graph.order))) if id_ in chosen]
    stages: dict[str, Stage] = {}
    home: dict[str, str] = {}
    on_the_way: dict[str, list[str]] = {}
    told: set[str] = set()
    wires: dict[tuple[str, str], None] = {}
    for id_ in order:
        node, answer = graph.nodes[id_], analysis.answers.get(id_)
        feeders = [port.node for port in graph.inputs_of.get(id_, {}).values() if port.node in home]
        sources = dict.fromkeys(home[feeder] for feeder in feeders)
        before = list(dict.fromkeys(word for feeder in feeders for word in on_the_way.get(feeder, ())))
        told.update(feeders)
        if len(sources) == 1 and _joins(node, answer):
            home[id_] = next(iter(sources))
            if before or _reshapes(answer):
                on_the_way[id_] = [*before, *_words(node, answer)]
            else:
                stages[home[id_]].operations += _words(node, answer)
            continue
        home[id_] = id_
        stages[id_] = stage = _stage(node, answer, bool(sources), category_of(node, graph))
        if stage.sign:
            told.difference_update(feeders)
        else:
            stage.operations[:0] = before
        wires.update(dict.fromkeys((source, id_) for source in sources))
    for id_ in on_the_way.keys() - told:
        stages[home[id_]].operations += on_the_way[id_]
    return Lecture(stages, tuple(wires))


def _joins(node: Node, answer: NodeAnalysis | None) -> bool:
    """Whether a layer is only a word beside the stage before it: it changes nothing that a block shows."""
    kind = find(node.layer)
    if kind is None or kind.about.category not in _QUIET or answer is None or not answer.outputs:
        return False
    return kind.about.category is Category.SHAPE or answer.outputs[0].shape == answer.inputs[0].shape


def _reshapes(answer: NodeAnalysis | None) -> bool:
    """Whether what comes out has another shape, so that its name belongs beside the way to the next stage."""
    return answer is not None and answer.outputs[0].shape != answer.inputs[0].shape


def _stage(node: Node, answer: NodeAnalysis | None, fed: bool, category: Category | None) -> Stage:
    shape = answer.outputs[0].shape[1:] if answer is not None and answer.outputs else ()
    kept = answer is not None and bool(answer.outputs) and all(spec.shape == answer.outputs[0].shape for spec in answer.inputs)
    sign = _SIGNS.get(node.layer, "") if kept else ""
    window = answer.reach.extent if answer is not None and answer.reach is not None else ()
    words = _words(node, answer) if fed and not sign else []
    return Stage(node.id, shape, category, "" if automatic(node.name, node.layer) else node.name, sign, window, words)


def _words(node: Node, answer: NodeAnalysis | None) -> list[str]:
    """An operation as the arrow tells it: its name, then what matters of its settings."""
    kind = find(node.layer)
    if node.layer in ("input", "output", "identity"):
        return []
    if kind is None:
        repeat = f" ×{node.repeat}" if node.repeat > 1 else ""
        return [f"{node.block or node.layer}{repeat}"]
    layer = answer.layer if answer is not None else None
    if layer is None:
        return [kind.about.title]
    settings = layer.settings()
    told = [layer.heading()]
    if "kernel_size" in settings:
        size = settings["kernel_size"]
        axes = len(answer.inputs[0].shape) - 2 if answer is not None else 2
        if axes == 1:
            told.append(f"kernel {say(size)}")
        else:
            told[0] = f"{say((size,) * axes if isinstance(size, int) else tuple(size))} {told[0]}"
        stride = settings.get("stride")
        if stride not in (None, 1) and stride != settings["kernel_size"]:
            told.append(f"stride {say(stride)}")
        if settings.get("padding") not in (None, 0):
            told.append(f"pad {say(settings['padding'])}")
    elif "p" in settings and kind.about.category is Category.REGULARISATION:
        told[0] = f"{told[0]} {say(settings['p'])}"
    return [", ".join(told[:1]), *([", ".join(told[1:])] if told[1:] else [])]
