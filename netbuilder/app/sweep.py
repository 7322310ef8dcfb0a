"""A complexity sweep: one network in several sizes, each trained alike, perhaps several times from different initial weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, field
from msgspec.structs import asdict, replace

from netbuilder.app.files import write_json
from netbuilder.app.series_plan import Members
from netbuilder.core import format
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.capacity import Change, Variant, variants

if TYPE_CHECKING:
    from netbuilder.app.training import Training
    from netbuilder.data.dataset import Dataset

MEASURED = "measured.json"
"""The file in a run's folder with the trained network's error on training samples."""
SAMPLES = 2000
"""How many training samples, evenly spread, are evaluated at the end; errors are then known to about one per cent."""
MOST = 500


class Sweep(Struct, frozen=True):
    """Which sizes, for how many epochs each, and from how many seeds; more than one seed shows the variance."""

    change: Change = field(default_factory=Change)
    epochs: int = 5
    seeds: int = 1

    @property
    def kind(self) -> str:
        """What distinguishes it from other series."""
        return "sweep"

    @property
    def member(self) -> str:
        """What one of the trainings is called."""
        return "network"

    def check(self) -> None:
        """Raise `NetbuilderError` for numbers that make no sense."""
        self.change.check()
        if not 1 <= self.epochs <= 100_000:
            raise NetbuilderError(f"A network cannot learn for {self.epochs} epochs.", place="epochs", remedy="Give 1 to 100,000.")
        if not 1 <= self.seeds <= 50:
            raise NetbuilderError(f"There cannot be {self.seeds} seeds.", place="seeds", remedy="Give 1 to 50.")
        if len(self.change.levels) * self.seeds > MOST:
            raise NetbuilderError("These are too many trainings.", place="seeds", remedy=f"Give at most {MOST} in all.")

    def members(self, project: Project) -> Members:
        """All sizes with the first seed, then all with the next. Raises `NetbuilderError` where a size is not possible."""
        from netbuilder.data.load import load

        found = variants(project.graph, self.change)
        dataset = load(project.data)
        if not len(dataset.validation):
            raise NetbuilderError(
                "Without a validation part nothing can be said about overfitting.", place="data", remedy="Set “validation” in the Data tab."
            )
        count = len(found) * self.seeds
        return Members(
            count,
            lambda number: self._project(project, found, number),
            lambda _own: dataset,
            lambda number: _note(found[(number - 1) % len(found)], number, count),
            {"name": f"{project.name} · sweep of {self.change.subject}", "points": [_about(variant) for variant in found]},
            lambda training: _measure(training, dataset),
        )

    def _project(self, project: Project, found: Sequence[Variant], number: int) -> Project:
        """One network with its seed, without early stopping, so that all train for equally long."""
        variant, seed = found[(number - 1) % len(found)], int(project.training.get("seed", 0)) + (number - 1) // len(found)
        training = {**project.training, "epochs": self.epochs, "seed": seed, "early_stopping": 0}
        named = f"{project.name} · {variant.title}" + (f" · seed {seed}" if self.seeds > 1 else "")
        return replace(project, name=named, graph=variant.graph, training=training)


def _note(variant: Variant, number: int, count: int) -> str:
    note = f" ({variant.note})" if variant.note else ""
    return f"This is network {number} of {count}: {variant.title}, {format.count(variant.parameters)} parameters{note}."


def _about(variant: Variant) -> dict[str, Any]:
    return {name: value for name, value in asdict(variant).items() if name != "graph"}


def _measure(training: Training, dataset: Dataset) -> None:
    """Note what the trained network makes of training samples now, without dropout, as the validation part is judged."""
    from netbuilder.data.load import select
    from netbuilder.train.evaluation.evaluate import evaluate
    from netbuilder.train.heads import heads
    from netbuilder.train.recipe import Recipe

    module = training.engine.module
    assert training.folder is not None
    count = len(dataset.train)
    part = select(dataset.train, np.unique(np.linspace(0, count - 1, min(SAMPLES, count)).astype(np.int64)))
    device = next(module.parameters()).device
    loss = Recipe.read(training.project.training).loss
    found = evaluate(module, part, dataset.normalisation, loss, device, heads=heads(training.project.graph))
    known = found.loss if np.isfinite(found.loss) else None
    counts = {"samples": found.count, "validation_samples": len(dataset.validation)}
    write_json(training.folder / MEASURED, {**counts, "train_loss": known, "train_accuracy": found.accuracy})
