"""One window's work: the document, its analysis, its data, its training and its runs. Imports neither torch nor Qt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from netbuilder.app.judging import Judge
from netbuilder.app.level import Level
from netbuilder.core.diff import Diff
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.signals import Signal
from netbuilder.net.analysis import analyze
from netbuilder.net.passing import PLAIN, Passing
from netbuilder.net.results import Analysis, Problem

if TYPE_CHECKING:
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from netbuilder.app.looking import Looking, Outcome, Window
    from netbuilder.app.opening import Feed, Listed, Shown
    from netbuilder.app.previews import Previews
    from netbuilder.app.run_store import RunStore
    from netbuilder.app.runner import Runner
    from netbuilder.app.runs import Run
    from netbuilder.data.dataset import Dataset
    from netbuilder.data.preview import PartName
    from netbuilder.probe.places import Place
    from netbuilder.probe.summary import Summary

log = logging.getLogger(__name__)


class Session:
    """Wires document, analysis, data, runner and runs together.

    `analysed` is emitted in the thread that edits. `data_changed` is emitted in the thread that loads;
    a view passes it on to its own thread and asks `dataset()`, `data_state` and `data_error` there.
    `level` is the graph on show.
    """

    analysed = Signal()
    data_changed = Signal()
    inspected_changed = Signal()
    previewed = Signal()

    def __init__(self, document: Document | None = None, *, runs: RunStore | None = None) -> None:
        self._runs = runs
        self._lock = threading.Condition()
        self._dataset: Dataset | None = None
        self._dataset_settings: Mapping[str, Any] | None = None
        self._loader: threading.Thread | None = None
        self._closing = False
        self._looking: Looking | None = None
        self.inspected: tuple[Run, str | int] | None = None
        self._judge = Judge()
        self.data_state = "none"
        self.data_error = ""
        self.data_progress = (0, 0)
        self.document = document or Document()
        self.analysis: Analysis = analyze(self.document.graph)
        self.document.changed.connect(self._on_changed)
        self.document.configured.connect(self._on_configured)
        self.level = Level(self)

    @cached_property
    def runs(self) -> RunStore:
        """Where trainings of this session are recorded."""
        from netbuilder.app.run_store import RunStore

        return self._runs or RunStore()

    @cached_property
    def previews(self) -> Previews:
        """What an edit would change, while somebody is thinking about it; `previewed` announces it."""
        from netbuilder.app.previews import Previews

        return Previews(self)

    @cached_property
    def runner(self) -> Runner:
        """What trains the document."""
        from netbuilder.app.runner import Runner
        from netbuilder.app.session_trainings import SessionWorkshop

        return Runner(lambda: self.document.project, SessionWorkshop(self))

    @property
    def state(self) -> str:
        """The runner's state; asking does not import what training needs."""
        return str(self.runner.state) if "runner" in vars(self) else "idle"

    def dataset(self) -> Dataset | None:
        """The loaded data, or nothing when it is not loaded or the settings have changed since."""
        with self._lock:
            return self._dataset if self._dataset_settings == self.document.project.data else None

    def problems(self) -> tuple[Problem, ...]:
        """The network's problems, and those between it, the loaded data and the recipe."""
        return self.judged.problems

    @property
    def judged(self) -> Analysis:
        """The analysis with the problems that come with the loaded data and the recipe. Meant for the thread that edits."""
        return self._judge(self.analysis, self.dataset(), self.document.project.training)

    @property
    def hindrance(self) -> str:
        """What is to be done before a training can start, as a sentence; empty when nothing is."""
        if not self.document.graph.nodes:
            return "The canvas is empty: draw a network first."
        errors = len(self.judged.errors)
        many = f"{errors} problems keep" if errors > 1 else "One problem keeps"
        return f"{many} this network from training; the Problems tab tells how to mend {'them' if errors > 1 else 'it'}." if errors else ""

    def load_data(self) -> None:
        """Load the document's data in a thread, once; `data_changed` tells when it is there or has failed."""
        with self._lock:
            if self.data_state == "loading" or self.dataset() is not None:
                return
            self.data_state, self.data_error, self.data_progress = "loading", "", (0, 0)
            self._loader = threading.Thread(target=self._load, args=(self.document.project.data,), name="data", daemon=False)
            self._loader.start()
        self.data_changed.emit()

    def require_data(self, settings: Mapping[str, Any]) -> Dataset:
        """The data for these settings, waiting for it or loading it here; raises `DataError`. Not for the window's thread."""
        from netbuilder.data.load import load

        with self._lock:
            self._lock.wait_for(lambda: self.data_state != "loading")
            if self._dataset is not None and self._dataset_settings == settings:
                return self._dataset
        dataset = load(settings, self._progress)
        if settings == self.document.project.data:
            self._keep(settings, dataset)
        return dataset

    def probe(
        self, sample: int | NDArray[np.generic], nodes: Collection[str], passing: Passing = PLAIN
    ) -> Future[Mapping[str, NDArray[np.float32]]]:
        """Outputs of these nodes for a test sample or an array, from the newest weights; computed outside the window's thread."""
        return self._look().maps(sample, nodes, passing)

    def filters(self, nodes: Collection[str]) -> Future[Mapping[str, NDArray[np.float32]]]:
        """Weights of these nodes as stored, from the newest weights."""
        return self._look().filters(nodes)

    def answers(self, part: PartName, seconds: float) -> Future[Outcome]:
        """What the newest weights answer to a part of the data; a training in progress gives no more than these seconds."""
        return self._look().answers(part, seconds)

    def surface(self, window: Window) -> Future[NDArray[np.float32]]:
        """Shares of the classes over a part of the plane, (rows, columns, classes), from the newest weights."""
        return self._look().surface(window)

    def parameters(self, nodes: Collection[str]) -> Future[Mapping[str, Mapping[str, NDArray[np.float32]]]]:
        """All parameters of these nodes, from the newest weights."""
        return self._look().parameters(nodes)

    def tensors(self) -> Future[Listed]:
        """Every tensor of the newest weights that can be opened."""
        return self._look().tensors()

    def tensor(self, place: Place, feed: Feed) -> Future[Shown]:
        """A copy of a tensor, for the samples or the random numbers of `feed`."""
        return self._look().tensor(place, feed)

    def figures(self, values: NDArray[np.generic], most: int | None = None) -> Future[Summary]:
        """The figures of a tensor, counted in a thread that ends with this session; of more than `most` numbers, of some."""
        return self._look().figures(values, most)

    def inspect(self, run: Run | None, epoch: str | int = "best") -> None:
        """Look into a recorded run instead of the current training; `None` returns to the latter."""
        self._look().inspect(run, epoch)
        self.inspected = None if run is None else (run, epoch)
        self.inspected_changed.emit()

    def close(self) -> None:
        """Stop training and loading and wait for both; afterwards no thread is left."""
        self._closing = True
        self.runner.close()
        if self._looking is not None:
            self._looking.close()
        if self._loader is not None:
            self._loader.join()

    def analyse_again(self) -> None:
        """Everything anew, after something other than the network has changed what its layers may do."""
        self.analysis = analyze(self.document.graph)
        self.analysed.emit(self.analysis)
        self.level.judge()

    def _on_changed(self, changes: Diff) -> None:
        if changes.structural:
            self.analysis = analyze(self.document.graph, self.analysis)
            self.analysed.emit(self.analysis)

    def _on_configured(self) -> None:
        with self._lock:
            if self._dataset_settings == self.document.project.data or self.data_state == "loading":
                return
            self._dataset, self._dataset_settings, self.data_state, self.data_error = None, None, "none", ""
        self.data_changed.emit()

    def _load(self, settings: Mapping[str, Any]) -> None:
        from netbuilder.data.load import load

        try:
            self._keep(settings, load(settings, self._progress))
            if self.dataset() is None:
                self.load_data()
        except Exception as error:
            known = isinstance(error, NetbuilderError)
            (log.info if known else log.exception)("data cannot be loaded: %s", error)
            sentence = str(error) if known else f"The data cannot be loaded ({type(error).__name__}: {error})."
            with self._lock:
                self.data_state, self.data_error = "failed", sentence
                self._lock.notify_all()
            self.data_changed.emit()

    def _progress(self, done: int, total: int) -> None:
        """Note how far a load is; it is given up here when the session closes."""
        if self._closing:
            from netbuilder.data.errors import DataError

            raise DataError("The data was not loaded to the end, because the window was closed.")
        self.data_progress = (done, total)

    def _keep(self, settings: Mapping[str, Any], dataset: Dataset) -> None:
        with self._lock:
            self._dataset, self._dataset_settings, self.data_state, self.data_error = dataset, settings, "ready", ""
            self._lock.notify_all()
        self.data_changed.emit()

    def _look(self) -> Looking:
        if self._looking is None:
            from netbuilder.app.looking import Looking

            self._looking = Looking(self)
            if self._closing:
                self._looking.close()
        return self._looking

    @property
    def project(self) -> Project:
        """The newest snapshot."""
        return self.document.project
