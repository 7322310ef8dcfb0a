"""`netbuilder new TEMPLATE -o FILE`: a project from the gallery."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from netbuilder.cli.command import Answer, command
from netbuilder.core.errors import NetbuilderError


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", help="a name that `netbuilder templates` lists")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the project file to write")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the template, as `netbuilder templates TEMPLATE` lists them; may be repeated",
    )
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


@command("new", "Write a template as a project file.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Refuses to replace a file unless told to."""
    from netbuilder.core.files import save
    from netbuilder.net.analysis import analyze
    from netbuilder.templates import project

    path = Path(arguments.output)
    if path.exists() and not arguments.force:
        raise NetbuilderError(f"“{path}” exists already.", place=str(path), remedy="Choose another name, or add --force.")
    made = project(arguments.template, **dict(_option(text) for text in arguments.option))
    save(made, path)
    analysis = analyze(made.graph)
    values = {"file": str(path), "template": arguments.template, "parameters": analysis.parameters, "layers": len(made.graph.nodes)}
    return Answer(values, f"Wrote {path}: {made.name}, {analysis.parameters:,} parameters.")


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise NetbuilderError(f"The option “{text}” has no value.", remedy="Write it as NAME=VALUE.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
