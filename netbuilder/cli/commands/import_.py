"""`netbuilder import WEIGHTS --network FILE -o DIR`: weights of others, by name, as a run of this network."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="WEIGHTS", help="a state dict: .safetensors, .pt, .pth or .bin")
    parser.add_argument("--network", metavar="FILE", required=True, help="the project file or template that they belong to")
    parser.add_argument("-o", "--output", metavar="DIR", help="the run's folder; by default among your runs")
    parser.add_argument("--partly", action="store_true", help="layers without fitting weights keep those they are born with")


@command("import", "Load weights by name into a network; the result is a run to evaluate, export or train further.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Says what fits and where the run is."""
    from netbuilder.app.load_weights import load_weights
    from netbuilder.app.run_store import RunStore

    project = sources.project(arguments.network)
    folder = Path(arguments.output) if arguments.output else None
    made, note = load_weights(project, Path(arguments.source), RunStore(), folder=folder, strict=not arguments.partly)
    return Answer({"run": str(made.folder), "network": project.name, "note": note}, f"{note}\nThe run is {made.folder}")
