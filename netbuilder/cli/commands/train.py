"""`netbuilder train FILE --data D --out DIR`, and `netbuilder train --resume RUN`."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from netbuilder.cli import sources
from netbuilder.cli.command import SILENCE, Answer, command, say
from netbuilder.cli.series import series_line
from netbuilder.core import format
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.errors import ToldElsewhereError
from netbuilder.train.events import EpochDone, Event, Finished, OutputDone, Started, StepsLogged, Warned

if TYPE_CHECKING:
    from netbuilder.app.runs import Run

_KEYS = (
    "run",
    "images_per_second",
    "epochs_done",
    "train_loss",
    "validation_loss",
    "validation_accuracy",
    "best_epoch",
    "status",
    "message",
    "seconds",
    "outputs",
)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", help="a project file or a template")
    parser.add_argument("--data", metavar="D", help="a source, a folder or an .npz file; by default what the project says")
    sources.add_arrays(parser)
    parser.add_argument("--limit", type=int, metavar="N", help="use at most N training samples")
    parser.add_argument("--out", metavar="DIR", help="folder of the run; by default a new one among your runs")
    parser.add_argument("--epochs", type=int, metavar="N")
    parser.add_argument("--batch-size", type=_batch_size, metavar="N", help="samples in one step, or all")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--device", metavar="NAME", help="auto, cpu, cuda, cuda:1, mps")
    parser.add_argument("--resume", metavar="RUN", help="continue this run in place")
    parser.add_argument("--weights", metavar="FROM", help="begin with the weights of a run, or of a file of weights, where they fit")
    parser.add_argument("--folds", metavar="N", help="cross-validate: N trainings, or “all” to leave one sample (or group) out at a time")
    parser.add_argument("--grouped", action="store_true", help="with --folds: keep all samples of a group in one fold")
    parser.add_argument("--ensemble", type=int, metavar="N", help="train N networks that differ in their seed")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another setting, such as learning_rate=0.01")


def _batch_size(text: str) -> int | str:
    if text == "all":
        return text
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is neither a whole number nor “all”") from None


@command("train", "Train a network; Ctrl-C ends it cleanly and keeps the last checkpoint.", _arguments)
def run(arguments: Namespace) -> Answer:
    """The run in figures. Fails when it was interrupted or diverged; its checkpoints stay.

    One of several processes answers for all; the others keep silent, but fail when it does.
    """
    from netbuilder.train.distributed import joined

    if arguments.folds is not None or arguments.ensemble is not None:
        return _series(arguments)
    with joined() as team:
        silent = team is not None and not team.first
        recipe = _recipe(arguments)
        with interruptible(silent) as interrupted:
            done = _work(arguments, recipe, Progress(), interrupted)
    answer = _answer(done, interrupted, silent)
    if silent and answer.failure:
        raise ToldElsewhereError(answer.failure)
    return SILENCE if silent else answer


def _series(arguments: Namespace) -> Answer:
    """All folds or members, one after another."""
    from netbuilder.app import scripting
    from netbuilder.app.series_plan import Plan

    if arguments.resume or not arguments.file or (arguments.folds is not None and arguments.ensemble is not None):
        raise NetbuilderError(
            "A series trains one FILE, either in folds or as an ensemble.", remedy="Leave out --resume and the other one."
        )
    if arguments.weights:
        raise NetbuilderError("Every training of a series begins with weights of its own.", remedy="Leave out --weights.")
    if arguments.folds is not None and arguments.folds != "all" and not arguments.folds.isdigit():
        raise NetbuilderError(f"“{arguments.folds}” is no number of folds.", place="folds", remedy="Give a number, or all.")
    folds = 0 if arguments.folds in (None, "all") else int(arguments.folds)
    plan = Plan("ensemble", arguments.ensemble) if arguments.ensemble is not None else Plan("folds", folds, grouped=arguments.grouped)
    if arguments.folds == "0":
        raise NetbuilderError("0 folds are none.", place="folds", remedy="Give at least 2, or all.")
    network, recipe = sources.project(arguments.file), _recipe(arguments)
    with interruptible() as interrupted:
        done = scripting.train_series(
            network,
            plan,
            sources.data(arguments.data, arguments),
            out=arguments.out,
            limit=arguments.limit,
            on_event=Progress(),
            stop=interrupted.is_set,
            **recipe,
        )
    return Answer(done.summary, series_line(done), "Interrupted. What was trained is kept." if interrupted.is_set() else "")


def _answer(done: Run, interrupted: threading.Event, silent: bool) -> Answer:
    """A silent process leaves it to the one that writes the weights to look for them."""
    summary = done.summary
    failure = ""
    if interrupted.is_set():
        failure = f"Interrupted. {_kept(done)}"
    elif summary["status"] == "diverged":
        failure = f"{summary['message']} {_left(done)}"
    elif not silent and not _has_weights(done):
        failure = "None of the weights could be written. Choose a folder with room for them, and train again."
    return Answer({key: summary[key] for key in _KEYS}, f"{summary['message']} Run: {done.folder}", failure)


def _work(arguments: Namespace, recipe: dict[str, Any], progress: Progress, interrupted: threading.Event) -> Run:
    from netbuilder.app import scripting

    if arguments.resume:
        if any((arguments.file, arguments.data, arguments.inputs, arguments.targets, arguments.out, arguments.limit, arguments.weights)):
            raise NetbuilderError(
                "--resume goes on with the run's own network and data.", remedy="Leave out FILE, --data, --limit, --out, --weights."
            )
        return scripting.resume(sources.run(arguments.resume), on_event=progress, stop=interrupted.is_set, **recipe)
    if not arguments.file:
        raise NetbuilderError("There is nothing to train.", remedy="Give a project file, or --resume RUN.")
    network = sources.project(arguments.file)
    return scripting.train(
        network,
        sources.data(arguments.data, arguments),
        out=arguments.out,
        limit=arguments.limit,
        on_event=progress,
        stop=interrupted.is_set,
        weights=arguments.weights,
        **recipe,
    )


def _kept(done: Run) -> str:
    """What an interrupted run is still good for."""
    if _has_weights(done):
        return f"The last checkpoint is kept. Continue with: netbuilder train --resume {done.folder}"
    return "Nothing was learned yet."


def _left(done: Run) -> str:
    """Where the weights of a run are that has diverged."""
    names = done.epochs()
    if "best" in names:
        return f"The best weights, of epoch {done.summary['best_epoch']}, are kept in {done.checkpoint('best')}."
    return f"The weights before that step are kept in {done.checkpoint('last')}." if names else "Nothing was learned yet."


def _has_weights(done: Run) -> bool:
    return any(done.checkpoints.glob("*/manifest.json"))


def _own(output: OutputDone) -> str:
    """One output of several."""
    parts = [f"{output.name}: train loss {output.train_loss:.4f}"]
    if output.validation_loss is not None:
        parts.append(f"validation loss {output.validation_loss:.4f}")
    if output.validation_accuracy is not None:
        parts.append(f"accuracy {output.validation_accuracy:.2%}")
    return "  ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _recipe(arguments: Namespace) -> dict[str, Any]:
    given = {name: getattr(arguments, name) for name in ("epochs", "batch_size", "seed", "device")}
    return {**{name: value for name, value in given.items() if value is not None}, **settings(arguments.set)}


def settings(texts: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` as settings; raises `NetbuilderError`."""
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise NetbuilderError(f"The setting “{text}” has no value.", remedy="Write it as NAME=VALUE.")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


@contextmanager
def interruptible(silent: bool = False) -> Iterator[threading.Event]:
    """Ctrl-C sets the event, so that work ends between two steps; a second Ctrl-C breaks off. `silent` keeps it from saying so."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def on_signal(_number: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        if not silent:
            say("Ending after this step; press Ctrl-C again to break off.")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Progress:
    """Tells of each epoch on stderr, and of the steps between where somebody watches a terminal."""

    def __init__(self) -> None:
        self._epochs = 0
        self._steps = 1
        self._seconds: list[float] = []
        self._live = sys.stderr.isatty()

    def __call__(self, event: Event) -> None:
        """Hear one event."""
        match event:
            case Started():
                self._epochs, self._steps = event.epochs, max(1, event.steps_per_epoch)
                loss = f", initial loss {event.initial_loss:.4f}" if event.initial_loss is not None else ""
                length = f"{_counted(event.epochs, 'epoch')} of {_counted(event.steps_per_epoch, 'step')}"
                self._line(f"Training on {event.device}: {length}{loss}")
                for note in event.notes:
                    self._line(f"  {note}")
            case StepsLogged() if self._live:
                speed = f"{event.images_per_second:,.0f} images/s"
                share = (event.step - 1) % self._steps / self._steps
                sys.stderr.write(f"\r\033[Kepoch {event.epoch}/{self._epochs} {share:4.0%}  loss {event.loss:.4f}  {speed}")
                sys.stderr.flush()
            case EpochDone():
                self._line(self._epoch(event))
            case Finished() if event.reason == "diverged":
                pass  # its reason has been told, and is what the command fails with
            case Warned() | Finished():
                self._line(event.message)

    def _epoch(self, event: EpochDone) -> str:
        self._seconds.append(event.seconds)
        left = sum(self._seconds) / len(self._seconds) * max(0, self._epochs - event.epoch)
        parts = [f"epoch {event.epoch}/{self._epochs}", f"train loss {event.train_loss:.4f}"]
        if event.validation_loss is not None:
            parts.append(f"validation loss {event.validation_loss:.4f}")
        if event.validation_accuracy is not None:
            parts.append(f"accuracy {event.validation_accuracy:.2%}")
        parts += [f"{event.seconds:.1f} s", f"{event.images_per_second:,.0f} images/s", f"left {format.duration(left)}"]
        return "  ".join(parts) + ("  best" if event.best else "") + "".join(f"\n  {_own(each)}" for each in event.outputs)

    def _line(self, text: str) -> None:
        say(f"\r\033[K{text}" if self._live else text)
