"""Setting the parameters of a block that is placed behind a layer to the number of channels that arrives, where it needs that to work."""

from __future__ import annotations

from collections.abc import Iterator

from netbuilder.core.blocks import BLOCK
from netbuilder.core.edits import compound, set_settings
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Block
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis
from netbuilder.ui.canvas.intents import Placed


def fitted(placed: Placed, analysis: Analysis) -> Placed:
    """The same edit, with parameters of a placed block set so that it takes what arrives, when that is enough to make it work."""
    try:
        graph = placed.edit(analysis.graph)
    except NetbuilderError:
        return placed
    node = graph.nodes[placed.node_id]
    if node.layer != BLOCK or node.block not in graph.blocks:
        return placed
    answer = analyze(graph, analysis).answers[node.id]
    if answer.outputs or not answer.inputs or len(answer.inputs[0].shape) < 2:
        return placed
    for values in _guesses(graph.blocks[node.block], answer.inputs[0].shape[1] or 1):
        change = set_settings(node.id, values)
        if analyze(change(graph), analysis).answers[node.id].outputs:
            return Placed(compound(placed.edit, change), node.id)
    return placed


def _guesses(block: Block, channels: int) -> Iterator[dict[str, int]]:
    """Each parameter that is a whole number set to the channels that arrive, then each two of them."""
    names = [each.name for each in block.parameters if type(each.default) is int]
    yield from ({name: channels} for name in names)
    yield from ({one: channels, two: channels} for number, one in enumerate(names) for two in names[number + 1 :])
