"""Trained networks from recorded runs: loading them and evaluating them, alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netbuilder.core.errors import FileError

if TYPE_CHECKING:
    from netbuilder.app.runs import Run
    from netbuilder.app.series import Series
    from netbuilder.net.compiled import CompiledModule
    from netbuilder.train.evaluation.metrics import Metrics


def load_model(run: Run, epoch: str | int = "best") -> CompiledModule:
    """The network of a run with the weights of a checkpoint, in evaluation mode, on the CPU; raises `FileError`."""
    from netbuilder.net.compiler import compile_graph
    from netbuilder.train.checkpointing.checkpoints import weights

    folder = run.checkpoint(epoch)
    module = compile_graph(run.project.graph, seed=int(run.about.get("seed", 0) or 0))
    try:
        module.load_state_dict(weights(folder))
    except RuntimeError as error:
        detail = str(error).splitlines()[-1].strip()
        raise FileError(f"The checkpoint “{folder.name}” does not fit the run's network: {detail}", place=str(folder)) from error
    module.eval()
    return module


def checkpoint_epochs(run: Run) -> dict[int, str]:
    """Epoch -> name of the checkpoint that holds it; `best` and `last` stand for the epochs they were saved after."""
    summary = run.summary
    named = {"best": summary["best_epoch"], "last": summary["epochs_done"]}
    found: dict[int, str] = {}
    for name in run.epochs():
        epoch = named.get(name, int(name.rpartition("-")[2]) if name.startswith("epoch-") else None)
        if epoch is not None:
            found.setdefault(int(epoch), name)
    return found


def score_together(series: Series, part: str = "test", epoch: str | int = "best") -> tuple[Metrics, list[Metrics]]:
    """Metrics of all networks of a series together on a part of their data, and of each alone; raises `FileError`."""
    from netbuilder.data import preview
    from netbuilder.data.load import load
    from netbuilder.train.evaluation.ensembles import answers_of, together
    from netbuilder.train.heads import facing, heads
    from netbuilder.train.recipe import Recipe

    found, alone = [], []
    chosen = None
    for run in series.runs:
        dataset = facing(run.project.graph, load(run.project.data))
        chosen = preview.part(dataset, part)  # type: ignore[arg-type]
        if not len(chosen):
            raise FileError(f"The {part} part of {dataset.name} is empty.", place=part)
        first = heads(run.project.graph)[0]
        loss = first.loss or Recipe.read(run.project.training).loss
        found.append(answers_of(load_model(run, epoch), chosen, dataset.normalisation, loss, first.task))
        alone.append(together(found[-1:], chosen))
    if chosen is None:
        raise FileError(f"“{series.folder.name}” has no trained network yet.", place=str(series.folder))
    return together(found, chosen), alone


def score(run: Run, part: str = "test", epoch: str | int = "best", device: str = "cpu") -> Any:
    """Metrics of a checkpoint on a part of the run's data."""
    from netbuilder.data import preview
    from netbuilder.data.load import load
    from netbuilder.train.devices import pick
    from netbuilder.train.evaluation.evaluate import evaluate
    from netbuilder.train.heads import heads
    from netbuilder.train.recipe import Recipe

    dataset = load(run.project.data)
    chosen = preview.part(dataset, part)  # type: ignore[arg-type]
    if not len(chosen):
        raise FileError(f"The {part} part of {dataset.name} is empty.", place=part)
    name = pick(device).name
    recipe = Recipe.read(run.project.training)
    return evaluate(load_model(run, epoch).to(name), chosen, dataset.normalisation, recipe.loss, name, heads=heads(run.project.graph))
