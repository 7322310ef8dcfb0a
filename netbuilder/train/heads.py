"""The outputs of a network as training sees them: each may have a loss of its own, and a weight in the sum."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct

from netbuilder.core.graph import Graph, Node
from netbuilder.data.dataset import Dataset, Part
from netbuilder.layers.declare import LayerError
from netbuilder.layers.settings import resolve
from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.losses import LOSSES, Loss

Targeted = TypeVar("Targeted", Part, Dataset)


class Head(Struct, frozen=True):
    """One output: its task, its own loss or `None` for the recipe's, and how much it counts. `node` is its id.

    Where the data has several targets, it learns those called `targets`, or if that is empty those of its own `name`.
    """

    node: str | None = None
    task: str = "classes"
    loss: Loss | None = None
    weight: float = 1.0
    name: str = ""
    targets: str = ""

    def aimed(self, data: Targeted) -> Targeted:
        """The data with the targets of this output first; raises `TrainingError` when there are none."""
        wanted = self.targets or (self.name if data.names else "")
        if not wanted or wanted in data.names:
            return data.aimed(wanted) if wanted else data
        if not data.names:
            raise TrainingError(
                f"“{self.name}” asks for the targets “{wanted}”, but this data set has the same targets for every output.",
                place=self.node,
                remedy="Leave “targets” of the output empty, or name several arrays of targets in the Data tab.",
            )
        raise TrainingError(
            f"“{self.name}” finds no targets called “{wanted}” in this data set; there are {' and '.join(data.names)}.",
            place=self.node,
            remedy="Set “targets” of the output to one of them, or give it that name.",
        )


def heads(graph: Graph) -> tuple[Head, ...]:
    """All outputs in the order in which the network gives them; raises `TrainingError` for one that cannot be read."""
    found = tuple(head(node) for node in graph.nodes.values() if node.layer == "output")
    if found and not any(each.weight for each in found):
        raise TrainingError("Every output has the weight 0, so there is nothing to learn.", place=found[0].node, remedy="Raise one.")
    return found


def head(node: Node) -> Head:
    """One output; raises `TrainingError` with its id as the place."""
    try:
        layer = resolve(node)
        settings = layer.settings()
        own = LOSSES.read(settings["loss"]) if settings["loss"] else None
    except (LayerError, RecipeError) as error:
        raise TrainingError(f"“{node.name}”: {error.message}", place=node.id, remedy=error.remedy) from None
    return Head(node.id, settings["task"], own, settings["loss_weight"], node.name, settings["targets"])


def facing(graph: Graph, dataset: Dataset) -> Dataset:
    """The data with the targets of the first output first; raises `TrainingError` when there are none."""
    found = heads(graph)
    return found[0].aimed(dataset) if found else dataset
