"""The commands of the Train menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from netbuilder.app.training import Origin
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.commands import Changing, Command, needs
from netbuilder.ui.context import UiContext

ACTIVE = frozenset({"loading", "running", "pausing", "paused", "stopping"})


def add_train_commands(context: UiContext, parent: QWidget) -> None:
    """Register the Train menu, unless the window already has it; dialogs belong to `parent`."""
    training = _Training(context, parent)
    for command in (*_going(training), *_ending(training), *_before(training), *_several(training), *_sizes(training)):
        if command.id not in context.commands:
            context.commands.add(command)
    context.session.inspected_changed.connect(lambda: context.commands.refresh("train.fine_tune"))


class _Training:
    """What the commands do, and when they can."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        self._context = context
        self._parent = parent
        self._session = context.session

    @property
    def state(self) -> str:
        return self._session.state

    def title(self) -> str:
        return {"running": "Pause", "pausing": "Pause", "paused": "Resume"}.get(self.state, "Start")

    def can_start(self) -> bool:
        return self.state not in ACTIVE and not self._session.hindrance

    @needs("Needs a network without errors.")
    def can_start_or_hold(self) -> bool:
        return self.state in ("running", "pausing", "paused") or self.can_start()

    @needs("Needs a network without errors.")
    def can_step(self) -> bool:
        return self.state in ("running", "paused") or self.can_start()

    @needs("Nothing is being trained.")
    def can_end(self) -> bool:
        return self.state in ACTIVE and self.state != "stopping"

    def start_or_hold(self) -> None:
        if self.state == "paused":
            self._session.runner.resume()
        elif self.state in ("running", "pausing"):
            self._session.runner.pause()
        elif self.state not in ACTIVE:
            self._start()

    @needs("Show a run's weights first, with no training in progress.")
    def can_fine_tune(self) -> bool:
        return self._origin() is not None and self.can_start()

    def fine_tune(self) -> None:
        self._start(self._origin())

    def step(self) -> None:
        if self.state not in ACTIVE:
            self._start()
        self._session.runner.step()

    @needs("Needs a network without errors, and no training in progress.")
    def can_begin(self) -> bool:
        return self.state not in ACTIVE and self.can_start()

    def several(self, kind: str) -> None:
        from netbuilder.ui.dialogs.series import SeriesDialog

        SeriesDialog(self._context, kind, self._parent.window()).open()

    @needs("Not while a training is in progress.")
    def idle(self) -> bool:
        return self.state not in ACTIVE

    def find_rate(self) -> None:
        from netbuilder.ui.dialogs.rate_test import RateTestDialog

        RateTestDialog(self._context, self._parent.window()).open()

    def check(self) -> None:
        from netbuilder.ui.dialogs.sanity import SanityDialog

        SanityDialog(self._context, self._parent.window()).open()

    def baseline(self) -> None:
        from netbuilder.ui.dialogs.baseline import BaselineDialog

        BaselineDialog(self._context, self._parent.window()).open()

    def sweep(self) -> None:
        from netbuilder.ui.sweep_windows import show_sweep

        show_sweep(self._parent.window())  # type: ignore[arg-type]

    @needs("Select a run in the Runs tab.")
    @needs("Show a run first.")
    def can_open_network(self) -> bool:
        return self._session.inspected is not None or (self.state != "idle" and self._session.runner.folder is not None)

    def open_network(self) -> None:
        from netbuilder.ui.sweep_windows import open_network

        open_network(self._parent.window())  # type: ignore[arg-type]

    def stop_after_epoch(self) -> None:
        self._session.runner.stop_after_epoch()

    def stop(self) -> None:
        self._session.runner.abort()

    def _origin(self) -> Origin | None:
        """The weights on show: of the run that is looked into, or of the training that has ended."""
        if self._session.inspected is not None:
            run, epoch = self._session.inspected
            return Origin(run.folder, epoch)
        folder = self._session.runner.folder if self.state in ("finished", "failed") else None
        return Origin(folder, "last") if folder is not None else None

    def _start(self, resume: Origin | None = None) -> None:
        try:
            self._session.runner.start(resume)
        except NetbuilderError as error:
            self._context.notify(str(error), kind="error", place=error.place)


def _going(training: _Training) -> tuple[Command, ...]:
    return (
        Command(
            "train.start",
            Changing("Start or pause", training.title),
            training.start_or_hold,
            "Train",
            "F5",
            training.can_start_or_hold,
            "play",
            tip="Train the network on the canvas, or hold the training in progress",
        ),
        Command(
            "train.fine_tune",
            "Train from these weights",
            training.fine_tune,
            "Train",
            "Ctrl+F5",
            training.can_fine_tune,
            "play",
            tip="A new training that begins with the weights on show, where the network on the canvas can take them",
        ),
        Command(
            "train.step",
            "Step",
            training.step,
            "Train",
            "F10",
            training.can_step,
            "step-forward",
            tip="One training step, then hold again",
        ),
    )


def _ending(training: _Training) -> tuple[Command, ...]:
    return (
        Command(
            "train.stop_after_epoch",
            "Stop after epoch",
            training.stop_after_epoch,
            "Train",
            "Shift+F5",
            training.can_end,
            "skip-forward",
            group="stop",
            tip="Finish this epoch, keep everything, and end",
        ),
        Command(
            "train.stop",
            "Stop now",
            training.stop,
            "Train",
            "Ctrl+Shift+F5",
            training.can_end,
            "square",
            group="stop",
            tip="End after the step in progress; the last checkpoint stays",
        ),
    )


def _before(training: _Training) -> tuple[Command, ...]:
    return (
        Command(
            "train.rate",
            "Find a learning rate…",
            training.find_rate,
            "Train",
            enabled=training.can_begin,
            icon="search",
            group="before",
            tip="Raise the rate step by step and see how far the loss falls",
        ),
        Command(
            "train.checks",
            "Sanity checks…",
            training.check,
            "Train",
            enabled=training.can_begin,
            icon="circle-check",
            group="before",
            tip="Initial loss, one batch by heart, shuffled labels",
        ),
    )


def _several(training: _Training) -> tuple[Command, ...]:
    return (
        Command(
            "train.folds",
            "Cross-validate…",
            partial(training.several, "folds"),
            "Train",
            enabled=training.can_begin,
            icon="repeat",
            group="several",
            tip="Hold out every fold of the samples once; mean and standard deviation over the folds",
        ),
        Command(
            "train.ensemble",
            "Train an ensemble…",
            partial(training.several, "ensemble"),
            "Train",
            enabled=training.can_begin,
            icon="repeat",
            group="several",
            tip="Several networks from different initial weights, which answer together",
        ),
        Command(
            "train.baseline",
            "Train a baseline…",
            training.baseline,
            "Train",
            enabled=training.idle,
            icon="list",
            group="several",
            tip="Nearest neighbours or logistic regression, in the list of runs beside the networks",
        ),
    )


def _sizes(training: _Training) -> tuple[Command, ...]:
    return (
        Command(
            "train.sweep",
            "Complexity sweep…",
            training.sweep,
            "Train",
            icon="sliders-horizontal",
            group="several",
            tip="Several widths, depths or settings: error against parameters, and which sizes under- and overfit",
        ),
        Command(
            "train.open_network",
            "Open this run's network",
            training.open_network,
            "Train",
            enabled=training.can_open_network,
            icon="folder-open",
            group="run",
            tip="Network, recipe and data of the run on show, in a window of their own",
        ),
    )
