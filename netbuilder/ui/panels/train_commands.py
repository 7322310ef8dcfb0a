"""The commands of the Train menu."""

from __future__ import annotations

from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.commands import Command
from netbuilder.ui.context import UiContext

ACTIVE = frozenset({"loading", "running", "pausing", "paused", "stopping"})


def add_train_commands(context: UiContext) -> None:
    """Register start, pause, step and stop, unless the window already has them."""
    runner = context.session.runner

    def ready() -> bool:
        return not context.session.analysis.errors and bool(context.session.document.graph.nodes)

    def main() -> None:
        if runner.state == "paused":
            runner.resume()
        elif runner.state in ("running", "pausing"):
            runner.pause()
        elif runner.state not in ACTIVE:
            _start(context)

    def title() -> str:
        return {"running": "Pause", "pausing": "Pause", "paused": "Resume"}.get(runner.state, "Start")

    def step() -> None:
        if runner.state not in ACTIVE:
            _start(context)
            runner.pause()
        else:
            runner.step()

    commands = (
        Command(
            "train.start",
            title,
            main,
            "Train",
            "F5",
            lambda: runner.state in ("running", "pausing", "paused") or (runner.state not in ACTIVE and ready()),
            "play",
            tip="Train the network on the canvas, or hold the training in progress",
        ),
        Command(
            "train.step",
            "Step",
            step,
            "Train",
            "F10",
            lambda: runner.state in ("running", "paused") or (runner.state not in ACTIVE and ready()),
            "step-forward",
            tip="One training step, then hold again",
        ),
        Command(
            "train.stop_after_epoch",
            "Stop after epoch",
            runner.stop_after_epoch,
            "Train",
            "Shift+F5",
            lambda: runner.state in ACTIVE and runner.state != "stopping",
            "skip-forward",
            group="stop",
            tip="Finish this epoch, keep everything, and end",
        ),
        Command(
            "train.stop",
            "Stop now",
            runner.abort,
            "Train",
            "Ctrl+Shift+F5",
            lambda: runner.state in ACTIVE and runner.state != "stopping",
            "square",
            group="stop",
            tip="End after the step in progress; the last checkpoint stays",
        ),
    )
    for command in commands:
        if command.id not in context.commands:
            context.commands.add(command)


def _start(context: UiContext) -> None:
    try:
        context.session.runner.start()
    except NetbuilderError as error:
        context.notify(str(error), kind="error", place=error.place)
