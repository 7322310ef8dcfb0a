"""Training from a script, in the calling thread: `nb.train(graph, data="mnist", epochs=1)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from netbuilder.app import launch
from netbuilder.app.run_store import RunStore
from netbuilder.app.runs import Run
from netbuilder.app.series import Series
from netbuilder.app.series_plan import Several, trainings
from netbuilder.app.teamwork import assistant, begun, ended
from netbuilder.app.training import Training, stopped
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.train.distributed import joined
from netbuilder.train.events import EpochDone, Event, Finished, StepsLogged, Warned
from netbuilder.train.speed.threads import prepare_threads

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.net.model import Model
    from netbuilder.train.distributed import Team

Listener = Callable[[Event], None]


def train(
    network: Graph | Project | Document | str | Path,
    data: str | Mapping[str, Any] | Dataset | None = None,
    *,
    out: str | Path | None = None,
    limit: int | None = None,
    on_event: Listener | None = None,
    stop: Callable[[], bool] | None = None,
    weights: Run | Model | str | Path | None = None,
    **recipe: Any,
) -> Run:
    """Train and return the finished run.

    `data` is the name of a source, a folder, an .npz file, a project's `data` mapping or a loaded `Dataset`;
    by default what the project says. `out` is the run's folder, by default a new one among the user's runs.
    Recipe settings are given flat (`optimizer="adam", learning_rate=1e-3, epochs=5`) or as a project writes them.
    `limit` uses at most so many samples. `on_event` hears every event; training ends early once `stop()` is true.
    `weights` of a run, a model or a file of weights are what layers of the same shape begin with.
    """
    prepare_threads()
    project = as_project(network)
    settings = data_settings(project, data, limit)
    project = replace(project, training=merge(project.training, recipe), data=settings)
    folder = Path(out) if out is not None else None
    with joined() as team:
        launch.check(project.graph)
        _checked(project.training)
        dataset = _dataset(data, settings)
        training = begun(
            team,
            lambda: launch.begin(project, dataset, RunStore(), folder=folder, weights=_first(weights, project.graph), team=team),
            lambda: assistant(project, dataset, team),
        )
        return follow(training, on_event, stop, team)


def _first(weights: Run | Model | str | Path | None, graph: Graph) -> Mapping[str, Any] | None:
    """The weights that the layers of `graph` begin with; `None` when none are given."""
    if weights is None:
        return None
    from netbuilder.app.fine_tuning import fitted, known

    return fitted(known(weights, graph), graph)[0]


def train_series(
    network: Graph | Project | Document | str | Path,
    plan: Several,
    data: str | Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    limit: int | None = None,
    on_event: Listener | None = None,
    stop: Callable[[], bool] | None = None,
    **recipe: Any,
) -> Series:
    """Train everything in a plan (`app.series_plan.Plan`, `app.sweep.Sweep`) and return the series; arguments as in `train`."""
    prepare_threads()
    project = as_project(network)
    project = replace(project, training=merge(project.training, recipe), data=data_settings(project, data, limit))
    _checked(project.training)
    folder: Path | None = None
    for training in trainings(project, plan, RunStore(), folder=Path(out) if out is not None else None):
        if on_event is not None:
            on_event(Warned(" ".join(training.notes), news=True))
        folder = follow(training, on_event, stop).folder.parent
        if stop is not None and stop():
            break
    assert folder is not None
    return Series(folder)


def resume(run: Run | str | Path, *, on_event: Listener | None = None, stop: Callable[[], bool] | None = None, **recipe: Any) -> Run:
    """Continue a run in place from its newest checkpoint; `epochs` may be raised."""
    from netbuilder.data.load import load

    prepare_threads()
    chosen = run if isinstance(run, Run) else Run(run)
    changes = merge(chosen.project.training, recipe) if recipe else {}
    with joined() as team:
        _checked(changes)
        dataset = load(chosen.project.data)
        project = replace(chosen.project, training={**chosen.project.training, **changes})
        training = begun(
            team,
            lambda: launch.go_on(chosen, dataset, training=changes, team=team),
            lambda: assistant(project, dataset, team, resume=chosen.folder),
        )
        return follow(training, on_event, stop, team)


def follow(training: Training, on_event: Listener | None = None, stop: Callable[[], bool] | None = None, team: Team | None = None) -> Run:
    """Carry a training to its end, recording and telling its events. Ended early, its checkpoints stay.

    In a `team`, only the first process reports; all return when the run is complete.
    """
    assert training.folder is not None
    events = training.engine.run()
    last: Event | None = None
    try:
        for event in events:
            warning = training.recorder.record(event)
            if on_event is not None and (team is None or team.first):
                on_event(event)
                if warning is not None:
                    on_event(warning)
            last = event if isinstance(event, StepsLogged | EpochDone | Finished) else last
            if ended(team, stop):
                break
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()
        if not isinstance(last, Finished):
            training.recorder.record(stopped(last))
        training.recorder.close()
    if team is not None:
        team.announced(None)
    return Run(training.folder)


def as_project(network: Graph | Project | Document | str | Path) -> Project:
    """A project from whatever holds one; a name or path is a file."""
    if isinstance(network, Project):
        return network
    if isinstance(network, Document):
        return network.project
    if isinstance(network, Graph):
        return Project(graph=network)
    from netbuilder.core.files import load

    return load(network)


def data_settings(project: Project, data: object, limit: int | None = None) -> dict[str, Any]:
    """The project's `data` mapping with what was given in its place."""
    from netbuilder.data.load import settings_for

    if isinstance(data, Mapping):
        settings = dict(data)
    elif isinstance(data, str | Path):
        settings = settings_for(str(data))
        if settings["source"] == dict(project.data.get("source", {})):
            settings = dict(project.data)
    elif data is None:
        settings = dict(project.data)
    else:
        settings = {}
    return settings if limit is None else {**settings, "limit": limit}


def merge(training: Mapping[str, Any], recipe: Mapping[str, Any]) -> dict[str, Any]:
    """A project's `training` mapping with flat settings put where they belong.

    What is neither a setting of its own nor of the schedule goes to the optimizer, whose reader knows the names.
    """
    from netbuilder.train.optimizers import OPTIMIZERS
    from netbuilder.train.recipe import Recipe
    from netbuilder.train.schedules import SCHEDULES

    result = dict(training)
    direct = {name: value for name, value in recipe.items() if name in Recipe.__struct_fields__}
    result.update(direct)
    for family, name, default in ((OPTIMIZERS, "optimizer", "sgd"), (SCHEDULES, "schedule", "cosine")):
        present = result.get(name, default)
        settings = dict(present) if isinstance(present, Mapping) else {"name": present}
        kind = family.all().get(str(settings.get("name", default)))
        known = set(getattr(kind, "__struct_fields__", ()))
        extra = {key: value for key, value in recipe.items() if key in known and key not in direct}
        if extra:
            result[name] = {**settings, **extra}
            recipe = {key: value for key, value in recipe.items() if key not in extra}
    unknown = recipe.keys() - direct.keys()
    if unknown:
        name = min(unknown)
        raise NetbuilderError(f"There is no training setting “{name}”.", place=name, remedy="Its name may be misspelt.")
    return result


def _checked(training: Mapping[str, Any]) -> None:
    """Refuse a bad recipe before any data is loaded."""
    from netbuilder.train.recipe import Recipe

    Recipe.read(training)


def _dataset(data: object, settings: Mapping[str, Any]) -> Dataset:
    from netbuilder.data.dataset import Dataset
    from netbuilder.data.load import load

    return data if isinstance(data, Dataset) else load(settings)
