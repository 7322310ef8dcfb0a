"""The training thread: a scripted engine for its states, the real one for edits. Waits on conditions, never on time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from netbuilder.app.inbox import MOST_STEPS, Inbox
from netbuilder.app.runner import Runner
from netbuilder.app.runs import Run
from netbuilder.app.session import Session
from netbuilder.app.training import Training
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import add_node, connect, disconnect, new_node, rename, set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Port
from netbuilder.train.events import EpochDone, Event, Finished, Preview, StepsLogged, Warned

WAIT = 30.0


class ScriptedEngine:
    """Steps for ever, or to a given end; `gate` holds it inside a step."""

    def __init__(self, steps: int = 10**9, error: Exception | None = None) -> None:
        self.single_step = False
        self.module = None
        self.steps = steps
        self.error = error
        self.stop = False
        self.closed = threading.Event()
        self.taken = 0

    def request_stop_after_epoch(self) -> None:
        self.stop = True

    def run(self) -> Iterator[Event]:
        try:
            while self.taken < self.steps:
                if self.stop:
                    yield Finished("stopped", "Stopped after epoch 1, as asked.", 1, 1, 0.0)
                    return
                self.taken += 1
                yield StepsLogged(self.taken, 1, 1.0, None, 0.1, 1.0)
            if self.error is not None:
                raise self.error
            yield Finished("done", "All done.", 1, 1, 0.0)
        finally:
            self.closed.set()


class Kept:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed = False

    def record(self, event: Event) -> None:
        self.events.append(event)

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True


class Workshop:
    def __init__(self, engine: ScriptedEngine) -> None:
        self.engine, self.kept = engine, Kept()

    def begin(self, project: Project, watch: object, resume: Path | None) -> Training:
        return Training(project, self.engine, self.kept)

    def rebuild(self, project: Project, watch: object, old: Training) -> Training:
        raise NetbuilderError("This network cannot run.")


def _runner(engine: ScriptedEngine) -> tuple[Runner, Workshop]:
    workshop = Workshop(engine)
    return Runner(Project, workshop), workshop


def test_to_the_end() -> None:
    runner, workshop = _runner(ScriptedEngine(3))
    runner.start()
    assert runner.join(WAIT)
    assert runner.state == "finished"
    assert [type(event) for event in runner.inbox.drain()] == [StepsLogged] * 3 + [Finished]
    assert workshop.kept.closed


def test_pause_step_and_resume() -> None:
    engine = ScriptedEngine()
    runner, _ = _runner(engine)
    runner.start()
    runner.pause()
    assert runner.wait_for("paused", timeout=WAIT)
    taken = engine.taken
    for more in (1, 2, 3):
        seen = threading.Event()
        runner.state_changed.connect(lambda state, seen=seen: seen.set() if state == "paused" else None)
        runner.step()
        assert seen.wait(WAIT)
        assert engine.taken == taken + more
    assert engine.single_step
    runner.resume()
    assert runner.wait_for("running", timeout=WAIT)
    runner.close()
    assert engine.closed.is_set()


def test_abort_closes_the_engine_and_says_so() -> None:
    engine = ScriptedEngine()
    runner, workshop = _runner(engine)
    runner.start()
    runner.wait_for("running", timeout=WAIT)
    runner.abort()
    assert runner.join(WAIT)
    assert engine.closed.is_set()
    assert isinstance(workshop.kept.events[-1], Finished)
    assert workshop.kept.events[-1].reason == "stopped"


@pytest.mark.parametrize("paused", [False, True])
def test_stop_after_epoch(paused: bool) -> None:
    runner, _ = _runner(ScriptedEngine())
    runner.start()
    if paused:
        runner.pause()
        assert runner.wait_for("paused", timeout=WAIT)
    runner.stop_after_epoch()
    assert runner.join(WAIT)
    assert runner.state == "finished"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NetbuilderError("The data is gone."), "The data is gone."),
        (ValueError("odd"), "unexpected error (ValueError: odd)"),
        (MemoryError(), "smaller batch size"),
    ],
)
def test_a_failing_engine_becomes_a_sentence(error: Exception, says: str) -> None:
    runner, _ = _runner(ScriptedEngine(2, error))
    runner.start()
    assert runner.join(WAIT)
    assert runner.state == "failed"
    assert says in runner.error
    runner.start()  # another one may begin
    assert runner.join(WAIT)


def test_only_one_at_a_time() -> None:
    runner, _ = _runner(ScriptedEngine())
    runner.start()
    with pytest.raises(NetbuilderError, match="already running"):
        runner.start()
    runner.close()
    with pytest.raises(NetbuilderError, match="No training"):
        runner.call(lambda _: None)


def test_calls_are_answered_in_the_training_thread() -> None:
    runner, _ = _runner(ScriptedEngine())
    runner.start()
    running: Future[str] = runner.call(lambda _: threading.current_thread().name)
    assert running.result(WAIT) == "training"
    runner.pause()
    assert runner.wait_for("paused", timeout=WAIT)
    assert runner.call(lambda _: threading.current_thread().name).result(WAIT) == "training"
    with pytest.raises(ZeroDivisionError):
        runner.call(lambda _: 1 / 0).result(WAIT)
    runner.close()


def test_the_inbox_keeps_one_preview_and_thins_steps() -> None:
    inbox = Inbox()
    count = 4 * MOST_STEPS
    epoch = EpochDone(1, 1, 0.0, None, None, None, 0.1, 1.0, 1.0, True)
    inbox.put(epoch)
    for number in range(count):
        inbox.put(StepsLogged(number, 1, 1.0, None, 0.1, 1.0))
        inbox.put(Preview(number, 1))
    events = inbox.drain()
    steps = [event.step for event in events if isinstance(event, StepsLogged)]
    assert epoch in events
    assert len(steps) <= MOST_STEPS
    assert steps == sorted(steps)
    assert steps[-1] == count - 1
    assert [event.step for event in events if isinstance(event, Preview)] == [count - 1]
    assert inbox.drain() == []


@pytest.fixture
def open_session(project: Project) -> Iterator[Callable[[int], Session]]:
    """Opens sessions that train for so many epochs, and closes them whatever happens."""
    opened: list[Session] = []

    def make(epochs: int) -> Session:
        opened.append(Session(Document(Project(project.name, project.graph, {**project.training, "epochs": epochs}, project.data))))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def test_an_edited_network_keeps_unchanged_weights(open_session: Callable[[int], Session]) -> None:
    session = open_session(10_000)
    graph = session.document.graph
    first, second = [node for node in graph.nodes.values() if node.layer == "linear"]
    session.runner.start()
    assert session.runner.wait_for("running", timeout=WAIT)
    session.runner.pause()
    assert session.runner.wait_for("paused", timeout=WAIT)
    old = session.runner.training
    assert old is not None
    weights = session.filters([first.id, second.id]).result(WAIT)
    dropout = new_node(graph, "dropout")
    tanh = graph.inputs_of[second.id]["in"]
    for edit in (
        rename(first.id, "renamed"),
        add_node(dropout),
        disconnect(Port(second.id, "in")),
        connect(tanh, Port(dropout.id, "in")),
        connect(Port(dropout.id, "out"), Port(second.id, "in")),
    ):
        session.document.apply(edit, "Edit")
    seen: list[np.ndarray] = []
    session.runner.step()
    assert session.runner.wait_for("paused", timeout=WAIT)
    new = session.runner.call(lambda training: training).result(WAIT)
    assert new is not old
    seen = [session.filters([node]).result(WAIT)[node] for node in (first.id, second.id)]
    assert all(np.allclose(before, after, atol=0.1) for before, after in zip(weights.values(), seen, strict=True))
    assert new.folder is not None
    assert Run(new.folder).summary["continues"] == str(old.folder)
    assert any("keep" in event.message for event in session.runner.inbox.drain() if isinstance(event, Warned))
    session.close()


def test_an_edit_that_cannot_run_leaves_the_old_network_training(open_session: Callable[[int], Session]) -> None:
    session = open_session(10_000)
    node = next(node for node in session.document.graph.nodes.values() if node.layer == "linear")
    session.runner.start()
    session.runner.pause()
    assert session.runner.wait_for("paused", timeout=WAIT)
    session.document.apply(set_setting(node.id, "out_features", 0), "Break")
    session.runner.step()
    assert session.runner.wait_for("paused", timeout=WAIT)
    warned = [event for event in session.runner.inbox.drain() if isinstance(event, Warned)]
    assert any("Training goes on with the network as it was" in event.message for event in warned)
    session.close()
    assert not session.runner.active


def test_a_network_with_errors_does_not_start_and_leaves_no_run(open_session: Callable[[int], Session], home: Path) -> None:
    session = open_session(1)
    node = next(node for node in session.document.graph.nodes.values() if node.layer == "linear")
    session.document.apply(set_setting(node.id, "out_features", 0), "Break")
    session.runner.start()
    assert session.runner.join(WAIT)
    assert session.runner.state == "failed"
    assert "cannot run yet" in session.runner.error
    assert not list(home.glob("runs/*"))
    session.close()


def test_closing_while_data_is_loading_and_training_joins(open_session: Callable[[int], Session]) -> None:
    session = open_session(10_000)
    session.load_data()
    session.runner.start()
    session.close()
    assert not session.runner.active
