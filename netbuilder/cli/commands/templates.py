"""`netbuilder templates`: the gallery, or the options of one template."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from netbuilder.cli.command import Answer, command, table

if TYPE_CHECKING:
    from netbuilder.core.graph import Value
    from netbuilder.templates import Option


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", nargs="?", help="tell what may be chosen for this one")


@command("templates", "List the networks to start from.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Name, title, options and summary of each, or the options of one with what may be chosen."""
    from netbuilder.templates import templates
    from netbuilder.templates.declare import find

    found = templates() if arguments.template is None else [find(arguments.template)]
    values = [{"name": t.name, "title": t.title, "summary": t.summary, "options": t.options} for t in found]
    text = table([(t.name, t.title, t.summary) for t in found])
    if arguments.template is not None:
        choices = {name: _choice(option) for name, option in found[0].choices.items()}
        values[0]["choices"] = choices
        text += "\n\n" + table(
            [(f"{name}={_written(option.default)}", choices[name], option.tip) for name, option in found[0].choices.items()]
        )
    return Answer({"templates": values}, text)


def _choice(option: Option) -> str:
    """What may be chosen, in words."""
    return ", ".join(map(_written, option.choices)) or f"{option.least} to {option.most:,}"


def _written(value: Value) -> str:
    """As `--option` reads it: true and false are small."""
    return str(value).lower()
