"""Searching for layers by name, kind, setting, shape or problem, also inside blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import find as declared
from netbuilder.layers.declare import show
from netbuilder.net.results import Analysis, NodeAnalysis, Severity

_MOST = 5000
_SHAPE = re.compile(r"\[?\s*\d+(\s*[×x,]\s*\d+)*\s*[×x,]?\s*\]?")
_TROUBLE = {"problem": None, "problems": None, "error": Severity.ERROR, "errors": Severity.ERROR, "warning": Severity.WARNING}


class Spot(NamedTuple):
    """A layer: the block nodes to open, the outermost first, and its own id."""

    uses: tuple[str, ...]
    node: str


def find(graph: Graph, analysis: Analysis, text: str) -> tuple[Spot, ...]:
    """Layers that match, in the order in which data flows. An empty text matches none.

    `28×28`, `28x28` and `28,28` are parts of a shape, `[6,` is its beginning; `problem`, `error` and `warning` find layers that
    have one, as do words of its message.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return ()
    found = [spot for spot, node, answer in _all(graph, analysis) if _fits(node, answer, wanted)]
    return tuple(found)


def _all(graph: Graph, analysis: Analysis | None, uses: tuple[str, ...] = ()) -> Iterator[tuple[Spot, Node, NodeAnalysis | None]]:
    """Every layer, those of a block after its use; analysed only where it stands in the network itself."""
    waiting = [(graph, analysis, uses)]
    seen = 0
    while waiting:
        here, known, path = waiting.pop(0)
        order = dict.fromkeys((*here.order, *here.nodes))
        for id_ in order:
            seen += 1
            if seen > _MOST:
                return
            node = here.nodes[id_]
            yield Spot(path, id_), node, known.answers.get(id_) if known is not None else None
            block = here.blocks.get(node.block) or graph.blocks.get(node.block)
            if node.layer == "block" and block is not None and len(path) < 8:
                waiting.append((block.graph, None, (*path, id_)))


def _fits(node: Node, answer: NodeAnalysis | None, wanted: str) -> bool:
    if _SHAPE.fullmatch(wanted):
        return _shaped(answer, wanted) or wanted in node.name.casefold()
    if wanted in _TROUBLE:
        kind = _TROUBLE[wanted]
        return any(kind in (None, problem.severity) for problem in (answer.problems if answer is not None else ()))
    layer = declared(node.layer)
    told = [node.name, node.layer, node.block, layer.about.title if layer is not None else ""]
    if answer is not None:
        told += [problem.message for problem in answer.problems]
        told += [answer.layer.summary()] if answer.layer is not None else []
    return any(wanted in words.casefold() for words in told)


def _shaped(answer: NodeAnalysis | None, wanted: str) -> bool:
    """Whether an output's shape contains these sizes in a row; an opening bracket stands for its beginning, a closing one for its end."""
    pattern = "×".join(re.findall(r"\d+", wanted))
    start, end = ("^" if wanted.startswith("[") else r"(^|×)"), ("$" if wanted.endswith("]") else r"(×|$)")
    shapes = answer.output_shapes if answer is not None else ()
    return any(re.search(f"{start}{pattern}{end}", show(shape)) for shape in shapes)
