"""Looking into the newest weights for views: those of a training in progress, of one that has ended, or of a recorded run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from netbuilder.app.training import Training
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.passing import PLAIN, Passing

if TYPE_CHECKING:
    from netbuilder.app.opening import Feed, Listed, Shown
    from netbuilder.app.runs import Run
    from netbuilder.app.session import Session
    from netbuilder.data.dataset import Dataset, Part
    from netbuilder.data.preview import PartName
    from netbuilder.probe.places import Place
    from netbuilder.probe.summary import Summary
    from netbuilder.train.evaluation.answers import Answers

Arrays = Mapping[str, NDArray[np.float32]]
T = TypeVar("T")
Window = tuple[tuple[float, float], tuple[float, float]]
"""(low, high) along the first and along the second coordinate."""
Work = Callable[[Any, Project], T]
UNTRAINED, AT_REST = 2.0, 15.0
"""Seconds that answers to a part of the data may take while nothing is trained."""


@dataclass(frozen=True)
class Outcome:
    """A network's answers to a part of its data; `trained` says how far it had come, where that is known."""

    answers: Answers
    part: Part
    classes: tuple[str, ...]
    trained: str = ""


class Looking:
    """While a training is active its own thread looks, between two steps; otherwise a thread of ours."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(1, "looking")
        self._run: tuple[Run, str | int] | None = None
        self._cached: tuple[object, Any] | None = None
        self._questions = 0
        self._closed = False

    def maps(self, sample: int | NDArray[np.generic], nodes: Collection[str], passing: Passing = PLAIN) -> Future[Arrays]:
        """Outputs of nodes for a test sample or an array in stored form."""
        wanted = tuple(nodes)

        def work(module: Any, project: Project) -> Arrays:
            from netbuilder.probe.feature_maps import feature_maps

            return feature_maps(module, _batch(self._session.require_data(project.data), sample, passing.samples), wanted, passing)

        return self._submit(work, between=passing.training)

    def answers(self, name: PartName, budget: float) -> Future[Outcome]:
        """Answers to a part of the data that the network was trained on; of a training in progress, as many as fit into `budget` seconds.

        A newer question cuts an older one short.
        """
        runner = self._session.runner
        live = self._run is None
        seconds = budget if live and runner.active else UNTRAINED if live and runner.training is None else AT_REST
        self._questions += 1
        mine = self._questions

        def work(module: Any, project: Project) -> Outcome:
            from netbuilder.data.preview import part
            from netbuilder.train.evaluation.answers import answers
            from netbuilder.train.heads import facing, heads
            from netbuilder.train.recipe import Recipe

            dataset = facing(project.graph, self._session.require_data(project.data))
            chosen = part(dataset, name)
            if not len(chosen):
                raise NetbuilderError(f"The {name} part of {dataset.name} is empty.", remedy="Choose another part.")
            loss = Recipe.read(project.training).loss
            trained = _how_far(self._session.runner.training)
            found = answers(
                module,
                chosen,
                dataset.normalisation,
                loss,
                heads=heads(project.graph),
                seconds=seconds,
                stop=lambda: mine != self._questions,
            )
            return Outcome(found, chosen, dataset.classes, trained)

        return self._submit(work)

    def filters(self, nodes: Collection[str]) -> Future[Arrays]:
        """Weights of those nodes that have any."""
        wanted = tuple(nodes)

        def work(module: Any, _project: Project) -> Arrays:
            from netbuilder.probe.filters import filters, has_filters

            return {node: filters(module, node) for node in wanted if has_filters(module, node)}

        return self._submit(work)

    def surface(self, window: Window) -> Future[NDArray[np.float32]]:
        """What the network says over a part of the plane, for data with two coordinates."""

        def work(module: Any, project: Project) -> NDArray[np.float32]:
            from netbuilder.probe.decision import decision_surface

            return decision_surface(module, self._session.require_data(project.data).normalisation, window)

        return self._submit(work)

    def parameters(self, nodes: Collection[str]) -> Future[Mapping[str, Arrays]]:
        """Copies of all parameters of these nodes of the whole network, by their names in the node."""
        wanted = tuple(nodes)

        def work(module: Any, _project: Project) -> Mapping[str, Arrays]:
            layers = {id_: module.get_submodule(module.node_names[id_]) for id_ in wanted if id_ in module.node_names}
            return {
                id_: {name: value.detach().to("cpu", copy=True).numpy() for name, value in layer.named_parameters()}
                for id_, layer in layers.items()
            }

        return self._submit(work)

    def tensors(self) -> Future[Listed]:
        """Every tensor of the newest weights that can be opened."""

        def work(module: Any, _project: Project) -> Listed:
            from netbuilder.app.opening import listed

            return listed(module, self._present(), self._session.dataset())

        return self._submit(work)

    def tensor(self, place: Place, feed: Feed) -> Future[Shown]:
        """A copy of one of them."""

        def work(module: Any, project: Project) -> Shown:
            from netbuilder.app.opening import needs_data, shown

            data = self._session.require_data(project.data) if needs_data(place, feed) else None
            return shown(module, self._present(), place, feed, data)

        return self._submit(work)

    def figures(self, values: NDArray[np.generic], most: int | None) -> Future[Summary]:
        """Statistics of a tensor, computed in a thread."""
        from netbuilder.probe.summary import summarise

        return _never() if self._closed else self._pool.submit(summarise, values, most)

    def inspect(self, run: Run | None, epoch: str | int) -> None:
        """From now on look into this checkpoint, or with `None` into the current training."""
        self._run = None if run is None else (run, epoch)

    def close(self) -> None:
        """Cancel the look in progress and wait for it; afterwards no thread is left."""
        self._questions += 1
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Work[T], *, between: bool = False) -> Future[T]:
        """With `between`, a recorded run is also looked into between two steps of the training, because both share random numbers."""
        runner, project, chosen = self._session.runner, self._session.project, self._run
        if self._closed:
            return _never()
        if runner.active and (between or chosen is None):
            try:
                return runner.call(lambda training: work(*self._module(training, project, chosen)))
            except NetbuilderError:
                pass  # it ended in between: look at what it left
        training = runner.training
        return self._pool.submit(lambda: work(*self._module(training, project, chosen)))

    def _present(self) -> Training | None:
        """The training that is looked into; none for a recorded run."""
        return self._session.runner.training if self._run is None else None

    def _module(self, training: Training | None, project: Project, chosen: tuple[Run, str | int] | None) -> tuple[Any, Project]:
        if chosen is not None:
            run, epoch = chosen
            return self._made((str(run.folder), epoch), lambda: run.model(epoch)), run.project
        if training is not None:
            return _module_of(training), training.project
        return self._made(project.graph, lambda: _untrained(project)), project

    def _made(self, key: object, make: Callable[[], Any]) -> Any:
        if self._cached is None or not (self._cached[0] is key or self._cached[0] == key):
            self._cached = (key, make())
        return self._cached[1]


def _never() -> Future[Any]:
    """A future that fails: the session has been closed."""
    future: Future[Any] = Future()
    future.cancel()
    return future


def _how_far(training: Training | None) -> str:
    """`after epoch 3`, or `in epoch 4` from its first step on; nothing for what does not learn in epochs."""
    if training is None or training.engine.module is None:
        return "not trained yet"
    progress = getattr(training.engine, "progress", None)
    if progress is None:
        return ""
    if progress.epoch_done or not progress.step_in_epoch:
        done = progress.epoch if progress.epoch_done else progress.epoch - 1
        return f"after epoch {done}" if done else "not trained yet"
    return f"in epoch {progress.epoch}"


def _module_of(training: Training) -> Any:
    """The network as trained so far; before the first step, as training will begin with it."""
    return training.engine.module if training.engine.module is not None else _untrained(training.project)


def _untrained(project: Project) -> Any:
    from netbuilder.net.compiler import compile_graph

    return compile_graph(project.graph, seed=int(project.training.get("seed", 0)))


def _batch(dataset: Dataset, sample: int | NDArray[np.generic], count: int) -> NDArray[np.float32]:
    """The sample and the test samples that follow it, normalised; an array is followed by the first ones."""
    from netbuilder.data.preview import normalised

    if not isinstance(sample, int) and sample.shape != dataset.input_shape:
        raise NetbuilderError(f"This picture has the shape {sample.shape}, the data {dataset.input_shape}.")
    inputs = dataset.test.inputs
    if not len(inputs) and (isinstance(sample, int) or count > 1):
        raise NetbuilderError("There are no test samples to look at.")
    first = min(max(sample, 0), len(inputs) - 1) if isinstance(sample, int) else -1
    chosen = [np.asarray(inputs[(first + step) % len(inputs)]) for step in range(1, count)]
    chosen.insert(0, np.asarray(inputs[first] if isinstance(sample, int) else sample))
    return np.stack([normalised(dataset.normalisation, each) for each in chosen])
