"""`netbuilder evaluate RUN`: a run's network on data it has not learned from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.cli.series import together


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="the folder of a run, or of folds or an ensemble")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="test")
    parser.add_argument("--epoch", default="best", metavar="NAME", help="best, last or a number of a kept epoch")
    parser.add_argument("--device", default="auto", metavar="NAME")


@command("evaluate", "Measure loss and accuracy of a run on its test part.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Loss and accuracy, and on how many samples."""
    from netbuilder.app.models import score
    from netbuilder.app.series import Series, is_series

    if is_series(Path(arguments.run)):
        return Answer(*together(Series(Path(arguments.run)), arguments.split, epoch(arguments.epoch)))
    chosen = sources.run(arguments.run)
    metrics = score(chosen, arguments.split, epoch(arguments.epoch), arguments.device)
    values = {
        "run": str(chosen.folder),
        "split": arguments.split,
        "checkpoint": chosen.checkpoint(epoch(arguments.epoch)).name,
        "loss": metrics.loss,
        "accuracy": metrics.accuracy,
        "samples": metrics.count,
    }
    share = f", accuracy {metrics.accuracy:.2%}" if metrics.accuracy is not None else ""
    return Answer(values, f"{arguments.split} part, {metrics.count:,} samples: loss {metrics.loss:.4f}{share}")


def epoch(text: str) -> str | int:
    """`best`, `last`, a checkpoint's name, or an epoch's number."""
    return int(text) if text.isdigit() else text
