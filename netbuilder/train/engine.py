"""The training loop as a generator of events: pause is not calling `next`, stop is closing it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.train import seeding
from netbuilder.train.checkpointing import checkpoints
from netbuilder.train.checkpointing.checkpoints import Checkpoint
from netbuilder.train.checkpointing.progress import Progress
from netbuilder.train.checkpointing.resume import Resumed, reopen, saved_execution
from netbuilder.train.checkpointing.snapshot import capture
from netbuilder.train.checkpointing.writer import Writer
from netbuilder.train.diagnosis import diagnose
from netbuilder.train.evaluation.evaluate import evaluation
from netbuilder.train.evaluation.metrics import Metrics
from netbuilder.train.events import EpochDone, Event, Finished, Started, Validating, Warned
from netbuilder.train.failures import explained
from netbuilder.train.preview import Previewer, Watch
from netbuilder.train.recipe import Recipe
from netbuilder.train.reports import epoch_done, steps_logged
from netbuilder.train.setup import Setup, prepare
from netbuilder.train.speed.allocator import give_back

if TYPE_CHECKING:
    import torch

    from netbuilder.train.distributed import Team

SLICE = 1 / 30
"""Seconds of work between two events; the loop waits for the device no more often than that."""


class Engine:
    """One run of one network on one data set.

    `run()` may be iterated in any one thread. Each `next` works for about 1/30 s, or one step when `single_step` is set.
    Closing the generator saves the present position as `last`, so that nothing is lost; so does diverging before anything was saved.
    `module` and `optimizer` exist from `Started` on; `weights` replace entries of the same name and shape before the first step.
    """

    def __init__(
        self,
        graph: Graph,
        dataset: Dataset,
        recipe: Recipe,
        folder: Path | None = None,
        *,
        watch: Watch | None = None,
        resume: Path | None = None,
        weights: Mapping[str, torch.Tensor] | None = None,
        module: torch.nn.Module | None = None,
        team: Team | None = None,
    ) -> None:
        self.graph = graph
        self.dataset = dataset
        self.recipe = recipe
        self.folder = folder
        self.watch = watch or Watch()
        self.single_step = False
        self.progress = Progress()
        self.module = module
        self.optimizer: torch.optim.Optimizer | None = None
        self._resume = resume
        self._weights = weights
        self._team = team
        self._stop = False
        self._recent: list[torch.Tensor] = []
        self._saved_step = 0
        self._writer = Writer(folder) if folder is not None else None
        self._previewer = Previewer(self.watch)
        self._setup: Setup

    def request_stop_after_epoch(self) -> None:
        """End after the current epoch, its validation and its checkpoint; may be called from any thread."""
        self._stop = True

    def run(self) -> Generator[Event, None, None]:
        """Train. Raises `TrainingError` (and the compiler's errors) in sentences; the last event is `Finished`."""
        import torch

        threads = torch.get_num_threads()
        try:
            yield from self._start()
            yield from self._epochs()
        except GeneratorExit:
            self._save_position()
            raise
        finally:
            if self._writer is not None:
                self._writer.close()
            self._recent.clear()
            if hasattr(self, "_setup"):
                self._setup.stepper.close()
            torch.set_num_threads(threads)

    def _start(self) -> Iterator[Event]:
        checkpoint = checkpoints.load(checkpoints.newest(self._resume)) if self._resume is not None else None
        execution = saved_execution(checkpoint)
        self._setup = setup = prepare(
            self.graph, self.dataset, self.recipe, module=self.module, weights=self._weights, execution=execution, team=self._team
        )
        self.module, self.optimizer = setup.module, setup.optimizer
        seeding.seed_all(self.recipe.seed)
        initial = setup.first_loss(self.progress.epoch) if checkpoint is None else None
        resumed = reopen(checkpoint, setup, self.recipe) if checkpoint is not None else Resumed(self.progress)
        self.progress = resumed.progress
        if self._team is not None:
            self._team.align(setup.module, self.recipe.seed, self.progress.step)
        self._saved_step = self.progress.step
        yield Started(
            str(setup.device), setup.feeder.steps, self.recipe.epochs, self.progress.epoch, initial, notes=(*setup.notes, *resumed.notes)
        )
        yield from (*setup.warnings, *resumed.warnings)

    def _epochs(self) -> Iterator[Event]:
        progress = self.progress
        while progress.epoch <= self.recipe.epochs:
            diverged = yield from self._train_epoch()
            if diverged is not None:
                self._save_position(first=True)
                yield from self._finish("diverged", diverged)
                return
            metrics = yield from self._validate()
            yield self._close_epoch(metrics)
            yield from self._written()
            patience = self.recipe.early_stopping
            if patience and progress.waited >= patience and progress.epoch < self.recipe.epochs:
                yield from self._finish(
                    "early stopping", f"No better epoch for {_epochs(patience)}; the best was epoch {progress.best_epoch}."
                )
                return
            if self._told_to_stop() and progress.epoch < self.recipe.epochs:
                yield from self._finish("stopped", f"Stopped after epoch {progress.epoch}, as asked.")
                return
            progress.next_epoch()
        progress.epoch, progress.epoch_done = progress.epoch - 1, True
        yield from self._finish("done", _all_done(self.recipe.epochs))

    def _told_to_stop(self) -> bool:
        return self._stop if self._team is None else self._team.any(self._stop)

    def _train_epoch(self) -> Generator[Event, None, str | None]:
        """The remaining steps of the current epoch; returns a sentence when training diverged."""
        setup, progress = self._setup, self.progress
        steps = setup.feeder.steps
        batches = setup.feeder.indices(progress.epoch)[progress.step_in_epoch :]
        setup.module.train()
        since = perf_counter()
        for position, index in enumerate(batches, start=1):
            finite = self._step(index, steps)
            stopping = self._team is not None and self._team.stopping
            if finite and position < len(batches) and not (self.single_step or stopping) and perf_counter() - since < SLICE:
                continue
            if not (finite and setup.stepper.finite()):
                yield from self._report(since)
                return (yield from self._diverged())
            yield from self._report(since)
            self._recent.clear()
            yield from self._written()
            if self._previewer.due():
                yield self._previewer.take(setup.module, setup.watched, progress.step, progress.epoch)
            since = perf_counter()
        return None

    def _step(self, index: torch.Tensor, steps: int) -> bool:
        """One step; returns whether its update was made, as far as is known without waiting for the device."""
        setup, progress, recipe = self._setup, self.progress, self.recipe
        setup.stepper.set_rate(self._rate(steps))
        self._recent.append(index)
        try:
            finite = setup.stepper.step(index)
        except (RuntimeError, ValueError, MemoryError) as error:
            failure = explained(error, recipe.batch_size)
            if failure is None:
                raise
        else:
            if finite:
                progress.step += 1
                progress.step_in_epoch += 1
            return finite
        setup.release()
        raise failure

    def _rate(self, steps: int) -> float:
        progress, recipe = self.progress, self.recipe
        at = (progress.epoch - 1) * steps + progress.step_in_epoch
        return recipe.rate(at, steps, progress.schedule)

    def _report(self, since: float) -> Iterator[Event]:
        """Bring the sums of the last steps to the host and tell their means."""
        setup, progress = self._setup, self.progress
        sums = setup.stepper.totals.take()
        seconds = perf_counter() - since
        progress.seconds += seconds
        progress.epoch_seconds += seconds
        progress.sums.add(sums)
        if setup.stepper.warning is not None:
            yield Warned(setup.stepper.warning)
            setup.stepper.warning = None
        if sums.count:
            yield steps_logged(setup, progress, sums, seconds)

    def _diverged(self) -> Generator[Event, None, str]:
        setup = self._setup
        order = [node for node in self.graph.order if node in self.graph.nodes] or list(dict(setup.module.named_children()))
        found = diagnose(setup.module, setup.objective, setup.feeder, self._recent, order)
        yield Warned(found.message, found.node)
        return f"Stopped before step {self.progress.step + 1} of epoch {self.progress.epoch}. {found.message}"

    def _validate(self) -> Generator[Event, None, Metrics | None]:
        setup = self._setup
        if setup.validation is None:
            return None
        start = perf_counter()
        slices = evaluation(setup.module, setup.objective, setup.validation, self._team)
        while True:
            try:
                done = next(slices)
            except StopIteration as finished:
                self.progress.seconds += perf_counter() - start
                metrics: Metrics = finished.value
                give_back()
                return metrics
            yield Validating(self.progress.epoch, done, setup.validation.count)

    def _close_epoch(self, validation: Metrics | None) -> EpochDone:
        setup, progress, recipe = self._setup, self.progress, self.recipe
        train = setup.objective.means(progress.sums)
        judged = validation or train
        by_accuracy = recipe.monitor != "loss" and judged.accuracy is not None
        best = progress.judge(judged.accuracy if by_accuracy and judged.accuracy is not None else -judged.loss)
        progress.schedule = recipe.schedule.after_epoch(progress.schedule, judged.loss)
        progress.epoch_done = True
        kept = (f"epoch-{progress.epoch:03d}",) if recipe.keep_every and progress.epoch % recipe.keep_every == 0 else ()
        self._save((*(("best",) if best else ()), *kept, "last"))
        return epoch_done(setup, progress, train, validation, best=best)

    def _save(self, names: tuple[str, ...]) -> None:
        if self._writer is not None:
            self._saved_step = self.progress.step
            self._writer.submit(names, self.checkpoint())

    def _save_position(self, *, first: bool = False) -> None:
        if self.progress.step != self._saved_step and not (first and self._saved_step):
            self.progress.sums.add(self._setup.stepper.totals.take())
            self._save(("last",))

    def checkpoint(self) -> Checkpoint:
        """A copy on the host of everything needed to go on from here."""
        setup, recipe = self._setup, self.recipe
        place = {"batch_size": recipe.batch_size, "seed": recipe.seed, "samples": setup.feeder.count}
        state = {**self.progress.state(), **place, "execution": list(setup.execution), "recipe": recipe.settings()}
        return capture(setup.module, setup.optimizer, setup.device, state)

    def _written(self) -> Iterator[Event]:
        yield from self._writer.collect() if self._writer is not None else ()

    def _finish(self, reason: str, message: str) -> Iterator[Event]:
        if self._writer is not None:
            self._writer.close()
        yield from self._written()
        progress = self.progress
        self._saved_step = progress.step
        done = progress.epoch if progress.epoch_done or reason == "done" else progress.epoch - 1
        yield Finished(reason, message, done, progress.best_epoch, progress.seconds)


def _all_done(epochs: int) -> str:
    return "The epoch is done." if epochs == 1 else f"All {epochs:,} epochs are done."


def _epochs(count: int) -> str:
    return f"{count} epoch" if count == 1 else f"{count} epochs"
