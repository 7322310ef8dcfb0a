"""A session that trains nothing: real document and analysis, a runner that only remembers what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtCore import Signal as QtSignal

from netbuilder.app.level import Level
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.core.signals import Signal
from netbuilder.data.dataset import Dataset, Normalisation, Part
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Analysis
from netbuilder.train.events import EpochDone, Event, Preview, Started, StepsLogged
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.theme import Themes


class FakeInbox:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def drain(self) -> list[Event]:
        events, self.events = self.events, []
        return events


class FakeRunner:
    def __init__(self) -> None:
        self.state = "idle"
        self.error = ""
        self.folder = None
        self.settings_changed = False
        self.calls: list[str] = []
        self.inbox = FakeInbox()
        self.watch = SimpleNamespace(sample=0, nodes=frozenset(), filters=frozenset(), rate=4.0)

    @property
    def active(self) -> bool:
        return self.state in {"loading", "running", "pausing", "paused", "stopping"}

    def __getattr__(self, name: str):
        if name in ("start", "pause", "resume", "step", "stop_after_epoch", "abort"):
            return lambda *_args: self.calls.append(name)
        raise AttributeError(name)


class FakeRuns:
    def __init__(self, folder=None) -> None:
        self.folder = folder
        self.runs: list = []

    def list(self) -> tuple:
        return tuple(self.runs)


class FakeSession:
    analysed = Signal()
    data_changed = Signal()
    inspected_changed = Signal()
    hindrance = Session.hindrance

    def __init__(self, document: Document) -> None:
        self.document = document
        self.analysis = analyze(document.graph)
        self.runner = FakeRunner()
        self.runs = FakeRuns()
        self.data: Dataset | None = None
        self.data_state = "none"
        self.data_error = ""
        self.data_progress = (0, 0)
        self.loads = 0
        self.inspected = None
        self.probes: list[tuple[object, frozenset[str], Future]] = []
        self.passings: list[object] = []
        document.changed.connect(self._again)
        self.level = Level(self)

    @property
    def state(self) -> str:
        return str(self.runner.state)

    def _again(self, changes: object) -> None:
        self.analysis = analyze(self.document.graph, self.analysis)
        self.analysed.emit(self.analysis)

    @property
    def judged(self) -> Analysis:
        return self.analysis

    def problems(self) -> tuple:
        return self.analysis.problems

    def dataset(self) -> Dataset | None:
        return self.data

    def load_data(self) -> None:
        self.loads += 1
        self.data_state = "loading"
        self.data_changed.emit()

    def finish_loading(self, data: Dataset) -> None:
        self.data, self.data_state = data, "ready"
        self.data_changed.emit()

    def inspect(self, run: object, epoch: str | int = "best") -> None:
        self.inspected = None if run is None else (run, epoch)
        self.inspected_changed.emit()

    def probe(self, sample: object, nodes: object, passing: object = None) -> Future:
        future: Future[Mapping[str, NDArray[np.float32]]] = Future()
        self.passings.append(passing)
        self.probes.append((sample, frozenset(nodes), future))
        return future


class FakeBridge(QObject):
    events = QtSignal(list)
    state_changed = QtSignal(str)

    def __init__(self, session: FakeSession) -> None:
        super().__init__()
        self._session = session

    def enter(self, state: str) -> None:
        self._session.runner.state = state
        self.state_changed.emit(state)


class FakeSelection(QObject):
    changed = QtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.ids: frozenset[str] = frozenset()

    def set(self, ids: object) -> None:
        self.ids = frozenset(ids)
        self.changed.emit()


def make_context(document: Document, theme: str = "dark") -> SimpleNamespace:
    session = FakeSession(document)
    said: list[tuple[str, str]] = []
    return SimpleNamespace(
        session=session,
        selection=FakeSelection(),
        themes=Themes(theme),
        commands=CommandRegistry(),
        bridge=FakeBridge(session),
        notify=lambda text, kind="info", **_more: said.append((kind, text)),
        said=said,
    )


def gabors(count: int, size: int, channels: int, seed: int = 0, noise: float = 0.05) -> NDArray[np.float32]:
    """Weights that look like learned first-layer filters."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    result = np.empty((count, channels, size, size), np.float32)
    for n in range(count):
        angle, wave, phase = rng.uniform(0, np.pi), rng.uniform(3, 7), rng.uniform(0, np.pi)
        along = x * np.cos(angle) + y * np.sin(angle)
        carrier = np.cos(wave * along + phase) * np.exp(-(x**2 + y**2) * 1.8)
        tint = rng.normal(size=channels) if n % 4 == 3 else np.ones(channels)
        result[n] = carrier * tint[:, None, None] + noise * rng.normal(size=(channels, size, size))
    return result


def digits(count: int = 400, seed: int = 0) -> Dataset:
    """Pictures 28×28 with a bright stroke whose slope is the class."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count)
    y, x = np.mgrid[-1:1:28j, -1:1:28j]
    angle = labels[:, None, None] * np.pi / 10
    distance = np.abs(x * np.cos(angle) + y * np.sin(angle) + rng.normal(0, 0.08, (count, 1, 1)))
    images = (255 * np.clip(1.3 - distance * 7, 0, 1) * (np.hypot(x, y) < 0.75)).astype(np.uint8)[:, None]

    def part(low: int, high: int) -> Part:
        return Part(images[low:high], labels[low:high].astype(np.int64), np.arange(low, high))

    names = tuple(str(n) for n in range(10))
    return Dataset("MNIST", part(0, 300), part(300, 350), part(350, count), names, Normalisation(1 / 255, (0.1307,), (0.3081,)))


def story(epochs: int = 10, steps: int = 60, planned: int = 20, filters: Mapping[str, NDArray[np.float32]] | None = None) -> list[Event]:
    """A plausible training, as events."""
    rng = np.random.default_rng(1)
    events: list[Event] = [Started("cpu", steps, planned, notes=("2 threads",))]
    for epoch in range(1, epochs + 1):
        for step in range((epoch - 1) * steps + 1, epoch * steps + 1):
            t = step / steps
            loss = 2.25 * np.exp(-t / 1.3) * (1 + 0.09 * rng.normal()) + 0.05 + 0.01 * abs(rng.normal())
            accuracy = float(np.clip(1 - 0.88 * np.exp(-t / 0.9) - 0.012 * abs(rng.normal()), 0, 1))
            events.append(StepsLogged(step, epoch, float(loss), accuracy, 0.05, 13_240 + 200 * rng.normal(), 412 * 1024**2))
        if filters:
            settled = 1 - np.exp(-epoch / 2)
            events.append(
                Preview(
                    epoch * steps,
                    epoch,
                    {k: (v * settled + (1 - settled) * rng.normal(size=v.shape) * 0.3).astype(np.float32) for k, v in filters.items()},
                )
            )
        loss, accuracy = 1.9 * np.exp(-epoch / 1.2) + 0.06, 0.9889 - 0.5 * np.exp(-epoch / 0.8)
        events.append(EpochDone(epoch, epoch * steps, 0.1, 0.97, float(loss), float(accuracy), 0.05, 4.2, 13_240.0, epoch <= epochs - 1))
    return events
