"""What subcommands work on: a project file, a template's name, or a run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netbuilder.core.document import Project
from netbuilder.core.errors import FileError

if TYPE_CHECKING:
    from netbuilder.app.runs import Run


def project(text: str) -> Project:
    """The project in a file or in a run's folder, or of a template; raises `FileError`."""
    path = Path(text)
    if is_run(text):
        path = path / "document.netb"
    if path.exists():
        from netbuilder.core.files import load

        return load(path)
    from netbuilder.templates import templates

    for template in templates():
        if template.name == text:
            return template.project()
    remedy = "Give a project file (.netb), a run's folder or a template; `netbuilder templates` lists them."
    raise FileError(f"There is no file “{text}”.", place=text, remedy=remedy)


def add_arrays(parser: ArgumentParser) -> None:
    """The options that name arrays of an archive."""
    parser.add_argument("--inputs", metavar="A,B", help="names of the arrays of inputs in an .npz file, one for each Input layer")
    parser.add_argument("--targets", metavar="A,B", help="names of its arrays of targets; of several each is for the output of its name")


def data(text: str | None, arguments: Namespace) -> str | dict[str, Any] | None:
    """The data of this name with the arrays that were named; raises `FileError`."""
    given = {name: getattr(arguments, name) for name in ("inputs", "targets") if getattr(arguments, name)}
    if not given:
        return text
    if text is None:
        raise FileError("--inputs and --targets name arrays of an .npz file, but no file is given.", remedy="Give it with --data FILE.npz.")
    from netbuilder.data.load import settings_for

    settings: dict[str, Any] = settings_for(text)
    return {**settings, "source": {**settings["source"], **given}}


def run(text: str) -> Run:
    """The run in a folder, or among the user's runs by the name of its folder; raises `FileError`."""
    from netbuilder.app.run_store import RunStore
    from netbuilder.app.runs import Run

    path = Path(text)
    known = RunStore().folder / text
    return Run(known if not path.exists() and (known / "run.json").is_file() else path)


def is_run(text: str) -> bool:
    """Whether this names a run's folder."""
    return (Path(text) / "run.json").is_file()
