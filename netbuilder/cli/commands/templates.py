"""`netbuilder templates`: the gallery."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from netbuilder.cli.command import Answer, command, table


def _arguments(parser: ArgumentParser) -> None:
    """None but the common ones."""


@command("templates", "List the networks to start from.", _arguments)
def run(_: Namespace) -> Answer:
    """Name, title, options and summary of each."""
    from netbuilder.templates import templates

    found = templates()
    values = [{"name": t.name, "title": t.title, "summary": t.summary, "options": t.options} for t in found]
    return Answer({"templates": values}, table([(t.name, t.title, t.summary) for t in found]))
