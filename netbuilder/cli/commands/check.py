"""`netbuilder check FILE`: can it run?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.cli.commands.summary import line, problems


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file, a run's folder or a template")


@command("check", "Say whether the network can run, and what is wrong with it.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Fails when there are errors; warnings are only told."""
    from netbuilder.net.analysis import analyze

    analysis = analyze(sources.project(arguments.file).graph)
    found = problems(analysis)
    errors = [each for each in found if each["severity"] == "error"]
    lines = [line(each) for each in found]
    failure = ""
    if errors:
        noun = "error" if len(errors) == 1 else "errors"
        failure = f"The network has {len(errors)} {noun}; the first: {line(errors[0]).removeprefix('error: ')}"
    return Answer({"ok": not errors, "problems": found}, "\n".join(lines) or "No problems.", failure)
