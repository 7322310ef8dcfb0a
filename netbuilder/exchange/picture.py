"""A network as a picture that carries its project: blocks as SVG are drawn here, what needs a painter by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from netbuilder.core.atomic import write_atomically
from netbuilder.core.document import Project
from netbuilder.core.embedded import SUFFIXES, into_svg
from netbuilder.core.files import dumps, save
from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError
from netbuilder.exchange.lecture.drawing import draw
from netbuilder.layers.tones import PICTURE_TONES

STYLES = ("lecture", "canvas")
"""Blocks as in papers, or layers as on the canvas."""

_PATIENCE = 300  # seconds


def is_picture(path: Path) -> bool:
    """Whether the suffix means a picture."""
    return path.suffix.lower() in SUFFIXES


def write_picture(
    project: Project,
    path: Path,
    *,
    style: str = STYLES[0],
    theme: str = "light",
    scale: float = 1.0,
    transparent: bool = False,
    bare: bool = False,
) -> None:
    """Write an SVG, PNG or PDF by the suffix; `bare` leaves the project out. Raises `ExportError` or `FileError`."""
    if not is_picture(path):
        raise ExportError(f"“{path.name}” is no picture that can be written.", place=str(path), remedy=f"Use {', '.join(SUFFIXES)}.")
    if not 0 < scale <= 16:
        raise ExportError("The scale of a picture must be more than 0 and at most 16.", place=str(path))
    if style == "lecture" and path.suffix.lower() == ".svg":
        text = draw(project.graph, project.name, tones=PICTURE_TONES[theme], transparent=transparent)
        write_atomically(path, (text if bare else into_svg(text, dumps(project))).encode())
        return
    flags = [flag for flag, on in (("--transparent", transparent), ("--bare", bare)) if on]
    with tempfile.TemporaryDirectory(prefix="netbuilder-picture-") as folder:
        source = Path(folder) / "project.netb"
        save(project, source)
        line = [sys.executable, "-m", "netbuilder.ui.pictures", str(source), str(path.absolute()), style, theme, str(scale), *flags]
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        done = subprocess.run(line, capture_output=True, text=True, timeout=_PATIENCE, check=False, env=environment)
    if done.returncode:
        raise ExportError((done.stderr.strip().splitlines() or ["The picture could not be drawn."])[-1])


def project_of(what: Any, name: str) -> Project:
    """The project that a graph, document, compiled network or run stands for; one without a name gets this one."""
    project = what if isinstance(what, Project) else getattr(what, "project", None)
    if isinstance(project, Project):
        return project
    graph = what if isinstance(what, Graph) else getattr(what, "graph", None)
    if isinstance(graph, Graph):
        return Project(name, graph)
    from netbuilder.net.compiled import CompiledModule, graph_of

    if isinstance(what, CompiledModule):
        return Project(name, graph_of(what))
    raise ExportError(f"A {type(what).__name__} cannot be drawn.", remedy="Give a graph, a document, a compiled network or a run.")
