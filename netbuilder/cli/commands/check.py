"""`netbuilder check FILE`: can it run, and learn as its recipe says?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.cli.commands.summary import line, problems
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from netbuilder.core.document import Project


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file, a run's folder or a template")


@command("check", "Say whether the network can run, and what is wrong with it, its recipe and its data's settings.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Fails when there are errors; warnings are only told. No data is read."""
    from netbuilder.net.analysis import analyze

    project = sources.project(arguments.file)
    found = [*problems(analyze(project.graph)), *_settings(project)]
    errors = [each for each in found if each["severity"] == "error"]
    lines = [line(each) for each in found]
    failure = ""
    if errors:
        noun = "error" if len(errors) == 1 else "errors"
        failure = f"The project has {len(errors)} {noun}; the first: {line(errors[0]).removeprefix('error: ')}"
    return Answer({"ok": not errors, "problems": found}, "\n".join(lines) or "No problems.", failure)


def _settings(project: Project) -> Iterator[dict[str, Any]]:
    """What keeps recipe and data settings from being read, in the form of a network's problems."""
    from netbuilder.data.load import read_settings
    from netbuilder.data.sources.base import resolve
    from netbuilder.train.recipe import Recipe

    for name, read in (("recipe", lambda: Recipe.read(project.training)), ("data", lambda: resolve(read_settings(project.data).source))):
        try:
            read()
        except NetbuilderError as error:
            message = {"message": error.message, "remedy": error.remedy or "", "setting": error.place}
            yield {"severity": "error", "node": None, "name": name, **message}
