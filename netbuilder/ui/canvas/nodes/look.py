"""What a node shows: decided from its layer and its analysis, as a plain value."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple, Protocol

from msgspec import Struct

from netbuilder.core.blocks import BLOCK
from netbuilder.core.format import count
from netbuilder.core.graph import Graph, Node
from netbuilder.core.names import automatic, legal_stem
from netbuilder.layers.declare import Category, Layer, LayerError, find, say, show
from netbuilder.layers.kinship import category_of
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.layers.settings import resolve
from netbuilder.net.results import NodeAnalysis, Severity

_GRAVEST = tuple(Severity)
shown = lru_cache(maxsize=4096)(show)
"""`show`, remembered."""


class Outline(NamedTuple):
    """What can be told of a node without its analysis: names of its ports in order, its family, and whether data flows down through it."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    category: Category | None
    down: bool = False


class Glimpse(NamedTuple):
    """What of a node can be told from afar: its title, how often it is repeated, how many cards lie behind it, and how bad it is."""

    title: str
    repeat: int = 1
    stack: int = 0
    severity: Severity | None = None


class NodeLook(Struct, frozen=True):
    """Everything a node item paints. Two equal looks are the same picture.

    `name` is empty while the node carries its automatic name; `category` is `None` for an unknown layer.
    `repeat` is how often a block follows itself, `stack` how many cards lie behind that of a block.
    `heat` is how far up the scale of a heat map it lies, and `parameters` then its value.
    `learning` is the glyph of a layer that learns in its own way: a lock when it is frozen.
    """

    title: str
    name: str = ""
    settings: str = ""
    shape: str = ""
    parameters: str = ""
    category: Category | None = None
    glyph: str = "identity"
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    severity: Severity | None = None
    messages: tuple[str, ...] = ()
    down: bool = False
    repeat: int = 1
    stack: int = 0
    learning: str = ""
    heat: int | None = None


class Looks(Protocol):
    """Tells what nodes show, to those who look."""

    def look(self, node_id: str) -> NodeLook:
        """Everything."""
        ...

    def glimpse(self, node_id: str) -> Glimpse:
        """What counts from afar."""
        ...


def look(node: Node, graph: Graph, answer: NodeAnalysis | None, known: Outline | None = None, *, inside: bool = False) -> NodeLook:
    """The picture of `node`, whose outline may be known, `inside` a block or not; without an answer its shape and count stay empty."""
    kind = find(node.layer)
    block = node.layer == BLOCK
    title, repeat, stack, severity = glimpse(node, answer)
    specs = answer.outputs if answer else ()
    inputs, outputs, category, down = known or outline(node, graph)
    return NodeLook(
        title=title,
        name="" if automatic(node.name, legal_stem(node.block) if block else node.layer) else node.name,
        settings=settings_line(node, answer, inside=inside),
        shape=shown(specs[0].shape) if specs else "",
        parameters=count(answer.parameters) if answer and answer.parameters else "",
        category=category,
        glyph=kind.about.glyph if kind else ("block" if block else "identity"),
        inputs=inputs,
        outputs=outputs,
        severity=severity,
        messages=tuple([f"{p.message} {p.remedy}".strip() for p in answer.problems]) if answer else (),
        down=down,
        repeat=repeat,
        stack=stack,
        learning=("lock" if node.training.get("frozen") else "sliders-horizontal") if node.training else "",
    )


def glimpse(node: Node, answer: NodeAnalysis | None) -> Glimpse:
    """What of `node` can be told from afar."""
    kind = find(node.layer)
    severity = min((p.severity for p in answer.problems), key=_GRAVEST.index) if answer and answer.problems else None
    if kind is not None:
        return _titled(kind.about.title, severity)
    if node.layer != BLOCK:
        return _titled(node.layer, severity)
    return Glimpse(node.block or node.layer, node.repeat, 2 if node.repeat > 1 else 1, severity)


@lru_cache(maxsize=4096)
def _titled(title: str, severity: Severity | None) -> Glimpse:
    """The same for every layer of a kind."""
    return Glimpse(title, severity=severity)


def outline(node: Node, graph: Graph) -> Outline:
    """What is known of `node` before it is analysed."""
    down, kind = graph.direction == "down", find(node.layer)
    if kind is not None and not kind.about.variadic and kind.output_names is Layer.output_names:
        return _fixed(kind, down)
    return Outline(input_ports(node, graph), output_ports(node, graph), category_of(node, graph), down)


@cache
def _fixed(kind: type[Layer], down: bool) -> Outline:
    """The outline of every node of a layer whose ports are always the same."""
    return Outline(kind.about.inputs, kind.about.outputs, kind.about.category, down)


def settings_line(node: Node, answer: NodeAnalysis | None, *, inside: bool) -> str:
    """Its key settings in one line; an output inside a block has none, because task and loss are those of the network's own."""
    if inside and node.layer == "output":
        return ""
    if node.layer == BLOCK:
        words = [f"{name} {say(value)}" for name, value in node.settings.items()]
        return " · ".join(["shared weights", *words] if node.linked and node.repeat > 1 else words)
    if answer is not None and answer.layer is not None:
        return _summary(answer.layer)
    try:
        return resolve(node).summary()
    except LayerError:
        return ""


@lru_cache(maxsize=4096)
def _summary(layer: Layer) -> str:
    return layer.summary()
