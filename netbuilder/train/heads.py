"""The ends of a network as training sees them: each may have a loss of its own, and a weight in the sum."""

from __future__ import annotations

from msgspec import Struct

from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import LayerError
from netbuilder.layers.settings import resolve
from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.losses import LOSSES, Loss


class Head(Struct, frozen=True):
    """One output: its task, its own loss or `None` for the recipe's, and how much it counts. `node` is its id."""

    node: str | None = None
    task: str = "classes"
    loss: Loss | None = None
    weight: float = 1.0


def heads(graph: Graph) -> tuple[Head, ...]:
    """All outputs in the order in which the network gives them; raises `TrainingError` for one that cannot be read."""
    found = tuple(head(node) for node in graph.nodes.values() if node.layer == "output")
    if found and not any(each.weight for each in found):
        raise TrainingError("Every output has the weight 0, so there is nothing to learn.", place=found[0].node, remedy="Raise one.")
    return found


def head(node: Node) -> Head:
    """One output; raises `TrainingError` in whose place stands its id."""
    try:
        layer = resolve(node)
        settings = layer.settings()
        own = LOSSES.read(settings["loss"]) if settings["loss"] else None
    except (LayerError, RecipeError) as error:
        raise TrainingError(f"‘{node.name}’: {error.message}", place=node.id, remedy=error.remedy) from None
    return Head(node.id, settings["task"], own, settings["loss_weight"])
