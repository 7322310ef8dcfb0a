"""`netbuilder export FILE|RUN -o OUT`: take the network away."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.cli.commands.evaluate import epoch


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|RUN", help="a project file, a template or a run's folder")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the file to write")
    parser.add_argument("--format", metavar="NAME", help="python, state-dict, safetensors, pt2, onnx, svg, png or pdf; else by suffix")
    parser.add_argument("--epoch", default="best", metavar="NAME", help="best, last or a number of a kept epoch of a run")


@command("export", "Export code or weights, reloaded and compared before success is reported.", _arguments)
def run(arguments: Namespace) -> Answer:
    """What was written and how it was verified."""
    from netbuilder.exchange.export import export

    project = sources.project(arguments.source)
    if sources.is_run(arguments.source):
        from netbuilder.train.checkpointing.checkpoints import weights

        chosen = weights(sources.run(arguments.source).checkpoint(epoch(arguments.epoch)))
        report = export(
            project.graph, Path(arguments.output), arguments.format, weights=chosen, handover=sources.run(arguments.source).handover
        )
    else:
        report = export(project.graph, Path(arguments.output), arguments.format)
    details = {name: str(value) if isinstance(value, Path) else value for name, value in vars(report).items()}
    companions = [str(path) for path in report.companions]
    return Answer({"file": arguments.output, **details, "companions": companions}, report.message)
