"""`netbuilder bench`: images per second, beside a plain script."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.core.errors import NetbuilderError


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", default="lenet5", help="a project file or a template; by default lenet5")
    parser.add_argument("--batch-size", type=int, metavar="N")
    parser.add_argument("--device", default="auto", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=5.0, metavar="S", help="length of each measurement")
    parser.add_argument("--limit", type=int, metavar="N", help="use at most N training samples")


@command("bench", "Compare the training speed with that of a plain DataLoader script.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Both figures and their ratio, taken in turns in one process."""
    from msgspec.structs import replace

    from netbuilder.app import launch, scripting
    from netbuilder.app.benchmark import compare
    from netbuilder.data.load import load

    if not arguments.seconds > 0:
        raise NetbuilderError("--seconds must be more than 0.")
    project = sources.project(arguments.file)
    size = {} if arguments.batch_size is None else {"batch_size": arguments.batch_size}
    training = scripting.merge(project.training, {"device": arguments.device, **size})
    project = replace(project, training=training, data=scripting.data_settings(project, None, arguments.limit))
    launch.check(project.graph)
    figures = compare(project, load(project.data), seconds=arguments.seconds)
    values = {
        "engine_images_per_second": figures.engine,
        "script_images_per_second": figures.script,
        "ratio": figures.ratio,
        "device": figures.device,
        "batch_size": training.get("batch_size", 64),
        "notes": figures.notes,
    }
    speeds = f"engine {figures.engine:,.0f} images/s, plain script {figures.script:,.0f} images/s"
    return Answer(values, f"{speeds} on {figures.device}: {figures.ratio:.2f} times")
