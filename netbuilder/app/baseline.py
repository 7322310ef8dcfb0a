"""A baseline as a run: recorded beside the networks, without weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from netbuilder.app.record import Recorder
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.app.training import Training
from netbuilder.core.document import Project
from netbuilder.core.graph import Graph, Value

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.events import Event

KEY = "baseline"
MOST_AT_ONCE = 1024


class Order(Struct, frozen=True):
    """Which baseline, with its settings as in `netbuilder.train.baselines`."""

    settings: Mapping[str, Value] = field(default_factory=lambda: {"name": "nearest-neighbours"})


def begin(order: Order, project: Project, dataset: Dataset, store: RunStore, folder: Path | None = None) -> Training:
    """A run of this baseline on the project's data; raises `RecipeError`, `TrainingError` and `FileError`."""
    from netbuilder.train.baselines import BASELINES, BaselineEngine, check

    chosen = BASELINES.read(dict(order.settings))
    check(dataset)
    size = project.training.get("batch_size", 64)
    batch = min(max(int(size), 64), MOST_AT_ONCE) if isinstance(size, int) else MOST_AT_ONCE
    title = chosen.about.title
    own = Project(name=f"{title} · {dataset.name}", graph=Graph(), training={}, data=project.data)
    run = store.new(own, {KEY: chosen.settings(), "data": dict(project.data)}, folder=folder)
    try:
        return Training(own, BaselineEngine(chosen, dataset, batch), Recorder(run.metrics), run.folder)
    except BaseException:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise


def train_baseline(
    order: Order,
    project: Project,
    *,
    out: str | Path | None = None,
    on_event: Callable[[Event], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Run:
    """Learn and judge, recording and telling events; returns the run."""
    from netbuilder.app.scripting import follow
    from netbuilder.data.load import load

    training = begin(order, project, load(project.data), RunStore(), Path(out) if out is not None else None)
    return follow(training, on_event, stop)


def is_baseline(about: Mapping[str, Any]) -> bool:
    """Whether a run's description is that of a baseline."""
    return KEY in about.get("configuration", {})
