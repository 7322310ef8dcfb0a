"""Several trainings of one project, one after another: the folds of a cross-validation or the members of an ensemble."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from msgspec import Meta, Struct, field, to_builtins
from msgspec.structs import asdict, replace

from netbuilder.app.files import slug, write_json
from netbuilder.app.run_store import RunStore
from netbuilder.app.series import FILE, is_series
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError, NetbuilderError

if TYPE_CHECKING:
    from netbuilder.app.training import Training
    from netbuilder.data.dataset import Dataset
    from netbuilder.data.folds import Fold
    from netbuilder.train.preview import Watch


class Members(Struct, frozen=True):
    """What is trained one after another, numbered from 1.

    `about` is what `series.json` says beside the plan; `after` is called with each training that has come to its end.
    """

    count: int
    project: Callable[[int], Project]
    data: Callable[[Project], Dataset]
    note: Callable[[int], str]
    about: Mapping[str, Any] = field(default_factory=dict)
    after: Callable[[Training], None] | None = None


class Several(Protocol):
    """A plan for several trainings; `member` is what one of them is called, also in the names of folders."""

    @property
    def kind(self) -> str: ...

    @property
    def member(self) -> str: ...

    def check(self) -> None:
        """Raise `NetbuilderError` for what makes no sense."""

    def members(self, project: Project) -> Members:
        """What is trained; loads the data, once for all of them."""


class Plan(Struct, frozen=True):
    """What is trained. `count` 0 of folds leaves one out at a time, a sample or a group."""

    kind: Literal["folds", "ensemble"] = "folds"
    count: Annotated[int, Meta(ge=0, le=10_000)] = 5
    stratified: bool = True
    grouped: bool = False

    @property
    def member(self) -> str:
        """What one of the trainings is called."""
        return "fold" if self.kind == "folds" else "member"

    def check(self, dataset: Dataset | None = None) -> None:
        """Raise `NetbuilderError` for a number that makes no sense, or not with this data."""
        if self.kind == "ensemble" and not 2 <= self.count <= 100:
            raise NetbuilderError(f"An ensemble cannot have {self.count} members.", place="ensemble", remedy="Give 2 to 100.")
        if self.count == 1 or self.count < 0:
            raise NetbuilderError(f"There cannot be {self.count} folds.", place="folds", remedy="Give at least 2, or leave one out.")
        if self.kind == "folds" and dataset is not None and (self.count or self.grouped):
            import numpy as np

            from netbuilder.data.folds import folds

            groups, held = dataset.train.groups, dataset.validation.groups
            if groups is not None and held is not None:
                groups = np.concatenate((groups, held))
            folds(np.zeros(len(dataset.train) + len(dataset.validation)), groups, _fold(self, 1))

    def members(self, project: Project) -> Members:
        """Other data for each fold, another seed for each member."""
        count, data_of = _parts(project, self)
        named = f"{project.name} · {self.member}"
        return Members(
            count,
            lambda number: replace(_member(project, self, number), name=f"{named} {number}"),
            data_of,
            lambda number: f"This is {self.member} {number} of {count}.",
        )


def trainings(
    project: Project, plan: Several, store: RunStore, *, folder: Path | None = None, watch: Watch | None = None
) -> Iterator[Training]:
    """The trainings one after another; each must be carried to its end before the next is requested."""
    from netbuilder.app import launch

    plan.check()
    launch.check(project.graph)
    members = plan.members(project)
    home = _begin(project, plan, store, members, folder)
    for number in range(1, members.count + 1):
        own = members.project(number)
        try:
            training = launch.begin(own, members.data(own), store, folder=home / f"{plan.member}-{number}", watch=watch)
        except BaseException:
            if number == 1:
                _forget(home)
            raise
        training.notes = (members.note(number),)
        yield training
        if members.after is not None:
            members.after(training)


def _parts(project: Project, plan: Plan) -> tuple[int, Callable[[Project], Dataset]]:
    """How many trainings there are, and the data of each; the source is read once."""
    from netbuilder.data.load import assemble, load, read_settings
    from netbuilder.data.sources.base import resolve

    if plan.kind == "ensemble":
        whole = load(project.data)
        return plan.count, lambda _own: whole
    wanted = read_settings(project.data)
    source = resolve(wanted.source)
    contents = source.read(lambda _done, _total: None)
    first = assemble(contents, replace(wanted, fold=_fold(plan, 1)))
    pool = len(first.train) + len(first.validation)
    groups = first.train.groups if plan.grouped else None
    count = plan.count or (pool if groups is None else len(set(groups.tolist())) + 1)
    return count, lambda own: assemble(contents, read_settings(own.data), licence=source.about.licence)


def _member(project: Project, plan: Plan, number: int) -> Project:
    """The project of one training: data of another fold, or another seed."""
    if plan.kind == "folds":
        return replace(project, data={**project.data, "fold": asdict(_fold(plan, number))})
    seed = int(project.training.get("seed", 0))
    return replace(project, training={**project.training, "seed": seed + number - 1})


def _fold(plan: Plan, number: int) -> Fold:
    from netbuilder.data.folds import Fold

    return Fold(number, plan.count, plan.stratified, plan.grouped)


def _begin(project: Project, plan: Several, store: RunStore, members: Members, folder: Path | None) -> Path:
    now = datetime.now(UTC)
    home = folder or store.folder / f"{now.astimezone():%Y-%m-%d-%H%M%S}-{slug(project.name)}-{plan.kind}-{secrets.token_hex(2)}"
    if is_series(home) or (home / "run.json").exists():
        raise FileError(f"“{home}” already holds runs.", place=str(home), remedy="Choose another folder.")
    about = {
        "format": 1,
        "name": f"{project.name} · {members.count} {plan.member}s",
        "project": project.name,
        "created": now.isoformat(timespec="seconds"),
        "plan": {"kind": plan.kind, **to_builtins(plan)},
        "count": members.count,
        **members.about,
    }
    try:
        write_json(home / FILE, about)
    except OSError as error:
        raise FileError(f"The folder “{home}” cannot be written: {error}.", place=str(home)) from error
    return home


def _forget(home: Path) -> None:
    """Remove a series of which nothing was trained; whatever else is in the folder stays."""
    (home / FILE).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        home.rmdir()
