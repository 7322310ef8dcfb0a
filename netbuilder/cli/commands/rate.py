"""`netbuilder rate FILE --data D`: which learning rate to begin with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from msgspec.structs import replace

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.cli.commands.train import settings
from netbuilder.core.errors import NetbuilderError

LEAST = 20
"""Fewer rates make no curve."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file or a template")
    parser.add_argument("--data", metavar="D", help="a source, a folder or an .npz file; by default what the project says")
    sources.add_arrays(parser)
    parser.add_argument("--limit", type=int, metavar="N", help="use at most N training samples")
    parser.add_argument("--steps", type=int, default=100, metavar="N", help="how many rates to try; by default 100")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the training")


@command("rate", "Find a learning rate: raise it step by step and see how far the loss falls.", _arguments)
def run(arguments: Namespace) -> Answer:
    """The suggested rate, and the curve behind it. Fails when the loss falls at no rate."""
    from functools import partial

    from netbuilder.app.scripting import data_settings, merge
    from netbuilder.app.trials import begun, ended
    from netbuilder.data.load import load
    from netbuilder.train.speed.threads import prepare_threads
    from netbuilder.train.trials.range_test import range_test

    if arguments.steps < LEAST:
        raise NetbuilderError(f"--steps must be at least {LEAST}: a curve of fewer rates says nothing.")
    prepare_threads()
    project = sources.project(arguments.file)
    data = data_settings(project, sources.data(arguments.data, arguments), arguments.limit)
    project = replace(project, data=data, training=merge(project.training, settings(arguments.set)))
    outcome = ended(begun(partial(range_test, steps=arguments.steps), project, load(data)))
    values = {
        "suggestion": outcome.evidence.get("suggestion"),
        "curve": [list(point) for point in outcome.curve],
        "message": outcome.message,
    }
    return Answer(values, outcome.message, "" if outcome.good else f"{outcome.message} {outcome.remedy}")
