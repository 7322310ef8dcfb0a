"""Training in a background thread: start, pause, step, resume, stop. The thread is never a daemon, and is joined on close."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from netbuilder.app.inbox import Inbox
from netbuilder.app.training import ACTIVE, Origin, Training, Workshop, answer, close, handed_over, stopped
from netbuilder.core.diff import diff
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.signals import Signal
from netbuilder.train.events import EpochDone, Event, StepsLogged, Warned
from netbuilder.train.failures import unexpected

if TYPE_CHECKING:
    from netbuilder.app.baseline import Order
    from netbuilder.app.series_plan import Several
    from netbuilder.train.preview import Watch

log = logging.getLogger(__name__)
T = TypeVar("T")


class Runner:
    """Runs one training at a time. All methods return at once and may be called from any thread, except `join`.

    `state_changed` is emitted in whichever thread changes the state; views poll `state` or pass it on to their own thread.
    """

    state_changed = Signal()

    def __init__(self, project: Callable[[], Project], workshop: Workshop) -> None:
        self._project = project
        self._workshop = workshop
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._state = "idle"
        self._paused = self._aborted = self._single = self._stop_after_epoch = False
        self._calls: deque[tuple[Callable[[Any], Any], Future[Any]]] = deque()
        self._watch: Watch | None = None
        self._seen: Project | None = None
        self._begun: Project | None = None
        self._plan: Several | Order | None = None
        self.inbox = Inbox()
        self.error, self.starts = "", 0
        self.training: Training | None = None

    @property
    def state(self) -> str:
        """One of `app.training.STATES`."""
        return self._state

    @property
    def active(self) -> bool:
        """Whether a training is loading, running or paused."""
        return self._state in ACTIVE

    @property
    def settings_changed(self) -> bool:
        """Whether recipe or data were changed since this training began; such changes count from the next start."""
        begun, now = self._begun, self._project()
        return self.active and begun is not None and (begun.training, begun.data) != (now.training, now.data)

    @property
    def watch(self) -> Watch:
        """What previews show; the same object for every training of this runner."""
        if self._watch is None:
            from netbuilder.train.preview import Watch

            self._watch = Watch()
        return self._watch

    @property
    def folder(self) -> Path | None:
        """Folder of the current or last run."""
        return self.training.folder if self.training else None

    def start(self, resume: Path | Origin | None = None, plan: Several | Order | None = None) -> None:
        """Train the document's present snapshot, once or by a plan; or continue what `resume` names: a run, or the weights of one."""
        with self._changed:
            if self.active:
                raise NetbuilderError("A training is already running.", remedy="Pause or stop it first.")
            self._paused = self._aborted = self._single = self._stop_after_epoch = False
            self.error = ""
            project, before = self._project(), self._thread
            self._seen = self._begun = project
            self._plan = plan
            self.starts += 1
            self._thread = threading.Thread(target=self._work, args=(project, resume, before), name="training", daemon=False)
            self._set("loading")
            self._thread.start()

    def pause(self) -> None:
        """Hold after the step in progress."""
        with self._changed:
            if self._state in ("loading", "running"):
                self._paused = True
                self._set("pausing" if self._state == "running" else "loading")
                self._changed.notify_all()

    def resume(self) -> None:
        """Go on. When the network was edited meanwhile, unchanged layers keep their weights."""
        with self._changed:
            if self._state in ("paused", "pausing"):
                self._paused = self._single = False
                self._set("running")
                self._changed.notify_all()

    def step(self) -> None:
        """One training step, then hold again."""
        with self._changed:
            if self._state in ("loading", "running", "pausing", "paused"):
                self._paused = self._single = True
                if self._state == "paused":
                    self._set("running")
                self._changed.notify_all()

    def stop_after_epoch(self) -> None:
        """Finish the epoch, keep everything, and end."""
        with self._changed:
            if self.active:
                self._stop_after_epoch = True
                self._paused = self._single = False
                self._changed.notify_all()

    def abort(self) -> None:
        """End after the step in progress; the last checkpoint stays."""
        with self._changed:
            if self.active:
                self._aborted = True
                self._set("stopping")
                self._changed.notify_all()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the thread has ended; false when it has not within `timeout` seconds."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
            return not thread.is_alive()
        return True

    def close(self) -> None:
        """Stop and wait; afterwards no thread is left."""
        self.abort()
        self.join()

    def wait_for(self, *states: str, timeout: float | None = None) -> bool:
        """Block until the state is one of these; false after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state in states, timeout)

    def call(self, work: Callable[[Training], T]) -> Future[T]:
        """Have the training thread do something between two steps, or while it is paused."""
        future: Future[T] = Future()
        with self._changed:
            if not self.active:
                raise NetbuilderError("No training is running.")
            self._calls.append((work, future))
            self._changed.notify_all()
        return future

    def _set(self, state: str) -> None:
        with self._changed:
            if state == self._state:
                return
            self._state = state
            self._changed.notify_all()
        self.state_changed.emit(state)

    def _work(self, project: Project, resume: Path | Origin | None, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            for number, training in enumerate(self._trainings(project, resume)):
                self.starts += number > 0
                self.training = training
                self._loop()
                if self._aborted or self._stop_after_epoch:
                    break
            self._set("finished")
        except NetbuilderError as error:
            log.info("training failed: %s", error)
            self._fail(str(error))
        except BaseException as error:
            log.exception("training failed")
            self._fail(unexpected(error))
        finally:
            self._refuse_calls()

    def _trainings(self, project: Project, resume: Path | Origin | None) -> Iterable[Training]:
        if self._plan is not None:
            return self._workshop.planned(project, self.watch, self._plan)
        return (self._workshop.begin(project, self.watch, resume),)

    def _fail(self, sentence: str) -> None:
        self.error = sentence
        self.inbox.put(Warned(sentence))
        self._set("failed")

    def _loop(self) -> None:
        """Follow one engine after another until one ends by itself or by order."""
        while (training := self.training) is not None:
            events = training.engine.run()
            try:
                again = self._follow(training, events)
            finally:
                close(events)
                training.recorder.close()
            if again is None:
                return
            self.training = again

    def _follow(self, training: Training, events: Iterator[Event]) -> Training | None:
        """Iterate until the end (`None`) or until an edited network takes over."""
        for note in training.notes:
            self._tell(training, Warned(note, news=True))
        last: Event | None = None
        while True:
            if self._hold(training, last):
                replacement = self._edited(training)
                if replacement is not None:
                    training.recorder.record(handed_over(last))
                    return replacement
            if self._aborted:
                self._tell(training, stopped(last))
                return None
            event = next(events, None)
            if event is None:
                return None
            last = event if isinstance(event, StepsLogged | EpochDone) else last
            self._tell(training, event)
            if isinstance(event, StepsLogged):
                self._single = False

    def _hold(self, training: Training, last: Event | None) -> bool:
        """Carry out what was requested between steps; while paused, wait here. Returns whether it waited."""
        waited = False
        while True:
            with self._changed:
                call = self._calls.popleft() if self._calls else None
                if call is None and (self._aborted or not self._paused or self._single):
                    break
            if call is not None:
                answer(call, training)
                continue
            if not waited:
                training.recorder.flush()
                waited = True
            with self._changed:
                if self._paused and not self._single and not self._aborted and not self._calls:
                    self._set("paused")
                    self._changed.wait()
        training.engine.single_step = self._single
        if self._stop_after_epoch:
            training.engine.request_stop_after_epoch()
        with self._changed:
            if not self._aborted:
                self._set("stopping" if self._stop_after_epoch else "pausing" if self._paused else "running")
        return waited

    def _edited(self, training: Training) -> Training | None:
        """After a pause: the training that takes over when the network was changed; when it cannot, stay paused and say why."""
        project, seen = self._project(), self._seen or training.project
        if self._aborted or project is seen:
            return None
        self._seen = project
        if not diff(seen.graph, project.graph).structural:
            return None
        if self._plan is not None:
            self._tell(training, Warned("This training goes on with the network as it was when it began."))
            return None
        try:
            replacement = self._workshop.rebuild(project, self.watch, training)
        except NetbuilderError as error:
            self.error = str(error)
            self._tell(training, Warned(f"Training goes on with the network as it was: {error}"))
            return None
        self._begun = project
        return replacement

    def _tell(self, training: Training, event: Event) -> None:
        warning = training.recorder.record(event)
        self.inbox.put(event)
        if warning is not None:
            self.inbox.put(warning)

    def _refuse_calls(self) -> None:
        with self._changed:
            calls, self._calls = list(self._calls), deque()
        for _, future in calls:
            future.set_exception(NetbuilderError("The training has ended."))
