"""`netbuilder picture FILE -o OUT`: the network as a picture that carries its project."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.core.document import Project
from netbuilder.core.embedded import SUFFIXES
from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.tones import PICTURE_TONES

_PATIENCE = 300  # seconds


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
    """Blocks as SVG are drawn here; what needs a painter is drawn by a process of its own."""
    path = Path(arguments.output)
    if path.suffix.lower() not in SUFFIXES:
        raise NetbuilderError(f"“{path.name}” is no picture that can be written.", place=str(path), remedy=f"Use {', '.join(SUFFIXES)}.")
    if not 0 < arguments.scale <= 16:
        raise NetbuilderError("--scale must be more than 0 and at most 16.")
    project = sources.project(arguments.source)
    if arguments.style == "lecture" and path.suffix.lower() == ".svg":
        _blocks(project, path, arguments)
    else:
        _painted(project, path, arguments)
    values = {"file": str(path), "style": arguments.style, "theme": arguments.theme, "project": not arguments.bare}
    return Answer(values, f"Wrote {path}: {project.name}{'' if arguments.bare else ', with the project in it'}.")


def _blocks(project: Project, path: Path, arguments: Namespace) -> None:
    from netbuilder.core.atomic import write_atomically
    from netbuilder.core.embedded import into_svg
    from netbuilder.core.files import dumps
    from netbuilder.exchange.lecture.drawing import draw

    text = draw(project.graph, project.name, tones=PICTURE_TONES[arguments.theme], transparent=arguments.transparent)
    write_atomically(path, (text if arguments.bare else into_svg(text, dumps(project))).encode())


def _painted(project: Project, path: Path, arguments: Namespace) -> None:
    from netbuilder.core.files import save

    with tempfile.TemporaryDirectory(prefix="netbuilder-picture-") as folder:
        source = Path(folder) / "project.netb"
        save(project, source)
        flags = [flag for flag, on in (("--transparent", arguments.transparent), ("--bare", arguments.bare)) if on]
        words = [str(source), str(path.absolute()), arguments.style, arguments.theme, str(arguments.scale), *flags]
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        line = [sys.executable, "-m", "netbuilder.ui.pictures", *words]
        done = subprocess.run(line, capture_output=True, text=True, timeout=_PATIENCE, check=False, env=environment)
    if done.returncode:
        raise NetbuilderError((done.stderr.strip().splitlines() or ["The picture could not be drawn."])[-1])
