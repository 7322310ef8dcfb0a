"""`netbuilder picture FILE -o OUT`: the network as a picture that carries its project."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.layers.tones import PICTURE_TONES


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|RUN", help="a project file, a template or a run's folder")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the picture to write: .svg, .png or .pdf")
    parser.add_argument("--style", choices=("lecture", "canvas"), default="lecture", help="blocks as in papers, or layers as on the canvas")
    parser.add_argument("--theme", choices=tuple(PICTURE_TONES), default="light", help="the colours")
    parser.add_argument("--scale", type=float, default=1.0, metavar="N", help="magnify pixels and pages")
    parser.add_argument("--transparent", action="store_true", help="without a background")
    parser.add_argument("--bare", action="store_true", help="leave the project out of the picture")


@command("picture", "Draw the network as SVG, PNG or PDF; opening the picture opens the project.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Draw the project, and say what was written."""
    from netbuilder.exchange.picture import write_picture

    path, project = Path(arguments.output), sources.project(arguments.source)
    write_picture(
        project,
        path,
        style=arguments.style,
        theme=arguments.theme,
        scale=arguments.scale,
        transparent=arguments.transparent,
        bare=arguments.bare,
    )
    values = {"file": str(path), "style": arguments.style, "theme": arguments.theme, "project": not arguments.bare}
    return Answer(values, f"Wrote {path}: {project.name}{'' if arguments.bare else ', with the project in it'}.")
