"""Training that begins with the weights of another run, as far as they fit the present network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.app.launch import begin, check
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.app.training import Origin, Training
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.net.model import Model

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.preview import Watch


def fine_tune(origin: Origin, project: Project, dataset: Dataset, store: RunStore, *, watch: Watch | None = None) -> Training:
    """A new run of this project that begins with the weights of another; a note says which layers have kept theirs."""
    check(project.graph)
    run = Run(origin.folder)
    weights, kept = fitted(known(run, project.graph, origin.epoch), project.graph)
    training = begin(project, dataset, store, watch=watch, weights=weights, continues=run.folder)
    training.notes = (f"Begins with the weights of “{run.about.get('name', run.folder.name)}”. {kept}",)
    return training


def known(source: Run | Model | str | Path, graph: Graph, epoch: str | int = "best") -> Model:
    """Weights with the network they belong to: of a run or its folder, or from a file by name into `graph`."""
    if isinstance(source, Model):
        return source
    if isinstance(source, Run) or (Path(source) / "run.json").is_file():
        run = source if isinstance(source, Run) else Run(source)
        return Model(run.project.graph, run.model(epoch).state_dict())
    from netbuilder.exchange.load_state import load_state

    return load_state(graph, source, strict=False)


def fitted(model: Model, graph: Graph) -> tuple[dict[str, Any], str]:
    """Those weights that fit the layers of `graph`, by their names there, and a sentence on which; raises when none do."""
    from netbuilder.net.weights import preview

    plan = preview(model.weights, graph, model.graph)
    if not plan.names:
        raise NetbuilderError(
            "None of these weights fit the network.", remedy="Open the network that they were trained with, or load others."
        )
    return renamed(model.weights, plan.names), str(plan)


def renamed(tensors: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """State-dict keys, perhaps behind `memory.`, with the layer's place renamed; those of layers that are gone are left out."""
    result: dict[str, Any] = {}
    for key, tensor in tensors.items():
        prefix, rest = ("memory.", key.removeprefix("memory.")) if key.startswith("memory.") else ("", key)
        words = rest.split(".")
        places = ((".".join(words[:number]), ".".join(words[number:])) for number in range(1, len(words) + 1))
        if key.startswith("random."):
            result[key] = tensor
        elif (found := next(((place, tail) for place, tail in places if place in names), None)) is not None:
            result[f"{prefix}{names[found[0]]}.{found[1]}"] = tensor
    return result
