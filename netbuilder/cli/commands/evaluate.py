"""`netbuilder evaluate RUN`: a run's network on data it has not learned from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
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
    from netbuilder.train.heads import heads

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
    own = [{"name": end.name, **asdict(each)} for end, each in zip(heads(chosen.project.graph), metrics.outputs, strict=False)]
    lines = "".join(f"\n  {each['name']}: loss {each['loss']:.4f}{_share(each['accuracy'])}" for each in own)
    return Answer(
        {**values, "outputs": own},
        f"{arguments.split} part, {metrics.count:,} samples: loss {metrics.loss:.4f}{_share(metrics.accuracy)}{lines}",
    )


def _share(accuracy: float | None) -> str:
    return "" if accuracy is None else f", accuracy {accuracy:.2%}"


def epoch(text: str) -> str | int:
    """`best`, `last`, a checkpoint's name, or an epoch's number."""
    return int(text) if text.isdigit() else text
