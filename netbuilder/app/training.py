"""The parts of a training as its runner sees them: engine, recorder, and who makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.document import Project
from netbuilder.train.events import Event, Finished, StepsLogged

if TYPE_CHECKING:
    from netbuilder.app.baseline import Order
    from netbuilder.app.series_plan import Several
    from netbuilder.train.preview import Watch


STATES = ("idle", "loading", "running", "pausing", "paused", "stopping", "finished", "failed")
"""What a runner can be at."""
ACTIVE = frozenset({"loading", "running", "pausing", "paused", "stopping"})
"""States in which a training is under way."""


class Origin(Struct, frozen=True):
    """Where a training takes its first weights from: a checkpoint of the run in `folder`."""

    folder: Path
    epoch: str | int = "best"


class Engine(Protocol):
    """What the runner needs of a training engine; `netbuilder.train.engine.Engine` is one."""

    single_step: bool
    module: Any

    def run(self) -> Iterator[Event]: ...

    def request_stop_after_epoch(self) -> None: ...


class Recorder(Protocol):
    """Where events are kept; `netbuilder.app.record.Recorder` is one. `record` may answer with a warning to pass on."""

    def record(self, event: Event) -> Event | None: ...

    def flush(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Training:
    """One engine at work on one snapshot, and the run it writes."""

    project: Project
    engine: Engine
    recorder: Recorder
    folder: Path | None = None
    notes: tuple[str, ...] = ()


class Workshop(Protocol):
    """Makes trainings; called in the training thread, so it may load data and compile."""

    def begin(self, project: Project, watch: Watch, resume: Path | Origin | None) -> Training: ...

    def rebuild(self, project: Project, watch: Watch, old: Training) -> Training: ...

    def planned(self, project: Project, watch: Watch, plan: Several | Order) -> Iterator[Training]: ...


def stopped(last: Event | None) -> Finished:
    """The end of a training that was told to stop, after its last event."""
    step, epoch = getattr(last, "step", None), getattr(last, "epoch", None)
    where = f" at step {step:,} in epoch {epoch}" if step is not None else ""
    done = max(0, (epoch or 1) - (1 if isinstance(last, StepsLogged) else 0))
    return Finished("stopped", f"Stopped{where}.", done, None, 0.0)


def handed_over(last: Event | None) -> Finished:
    """The end of a training whose network was edited: another run goes on from where it was."""
    return replace(stopped(last), reason="edited", message="The network was edited; the next run goes on from here.")


def close(events: Iterator[Event]) -> None:
    """Close a generator of events."""
    end = getattr(events, "close", None)
    if end is not None:
        end()


def answer(call: tuple[Callable[[Any], Any], Future[Any]], training: Training) -> None:
    """Carry out a request to the training thread, and pass on its result or its error."""
    work, future = call
    try:
        future.set_result(work(training))
    except BaseException as error:
        future.set_exception(error)
