"""The commands of the Train menu."""

from __future__ import annotations

from netbuilder.core.errors import NetbuilderError
from netbuilder.net.results import Severity
from netbuilder.ui.commands import Command
from netbuilder.ui.context import UiContext

ACTIVE = frozenset({"loading", "running", "pausing", "paused", "stopping"})


def add_train_commands(context: UiContext) -> None:
    """Register start, pause, step and stop, unless the window already has them."""
    session = context.session

    def state() -> str:
        return str(session.runner.state)

    def ready() -> bool:
        broken = any(problem.severity is Severity.ERROR for problem in session.problems())
        return not broken and bool(session.document.graph.nodes)

    def main() -> None:
        if state() == "paused":
            session.runner.resume()
        elif state() in ("running", "pausing"):
            session.runner.pause()
        elif state() not in ACTIVE:
            _start(context)

    def title() -> str:
        return {"running": "Pause", "pausing": "Pause", "paused": "Resume"}.get(state(), "Start")

    def step() -> None:
        if state() not in ACTIVE:
            _start(context)
            session.runner.pause()
        else:
            session.runner.step()

    commands = (
        Command(
            "train.start",
            title,
            main,
            "Train",
            "F5",
            lambda: state() in ("running", "pausing", "paused") or (state() not in ACTIVE and ready()),
            "play",
            tip="Train the network on the canvas, or hold the training in progress",
        ),
        Command(
            "train.step",
            "Step",
            step,
            "Train",
            "F10",
            lambda: state() in ("running", "paused") or (state() not in ACTIVE and ready()),
            "step-forward",
            tip="One training step, then hold again",
        ),
        Command(
            "train.stop_after_epoch",
            "Stop after epoch",
            lambda: session.runner.stop_after_epoch(),
            "Train",
            "Shift+F5",
            lambda: state() in ACTIVE and state() != "stopping",
            "skip-forward",
            group="stop",
            tip="Finish this epoch, keep everything, and end",
        ),
        Command(
            "train.stop",
            "Stop now",
            lambda: session.runner.abort(),
            "Train",
            "Ctrl+Shift+F5",
            lambda: state() in ACTIVE and state() != "stopping",
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
