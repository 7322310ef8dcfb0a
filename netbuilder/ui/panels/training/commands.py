"""The commands of the Train menu, as the registry knows them; `actions` carries them out."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from netbuilder.ui.commands import Changing, Command
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.training.actions import TrainActions


def add_train_commands(context: UiContext, parent: QWidget) -> None:
    """Register the Train menu, unless the window already has it; dialogs belong to `parent`."""
    training = TrainActions(context, parent)
    for command in (*_going(training), *_ending(training), *_before(training), *_several(training), *_sizes(training)):
        if command.id not in context.commands:
            context.commands.add(command)
    context.session.inspected_changed.connect(lambda: context.commands.refresh("train.fine_tune"))


def _going(training: TrainActions) -> tuple[Command, ...]:
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


def _ending(training: TrainActions) -> tuple[Command, ...]:
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


def _before(training: TrainActions) -> tuple[Command, ...]:
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


def _several(training: TrainActions) -> tuple[Command, ...]:
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


def _sizes(training: TrainActions) -> tuple[Command, ...]:
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
