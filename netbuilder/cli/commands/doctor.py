"""`netbuilder doctor FILE|RUN`: what looks unwell, with its evidence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command

_SIGNS = {"good": "good    ", "warning": "warning ", "error": "error   "}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|RUN", help="a project file, a template or a run's folder")
    parser.add_argument("--checks", action="store_true", help="also overfit one batch and learn from shuffled labels")


@command("doctor", "Examine a network, its recipe, and a run's curves.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Fails when there is an error; warnings are only told."""
    from netbuilder.app.doctor import checks, examine, examine_run
    from netbuilder.train.speed.threads import prepare_threads

    prepare_threads()
    project = sources.project(arguments.source)
    findings = examine(project)
    if arguments.checks and not any(finding.level == "error" for finding in findings):
        findings += checks(project)
    if sources.is_run(arguments.source):
        findings += examine_run(sources.run(arguments.source))
    errors = [finding for finding in findings if finding.level == "error"]
    lines = [f"{_SIGNS[finding.level]}{finding.message} {finding.remedy}".rstrip() for finding in findings]
    failure = f"{errors[0].message} {errors[0].remedy}".rstrip() if errors else ""
    return Answer({"ok": not errors, "findings": [asdict(finding) for finding in findings]}, "\n".join(lines) or "Nothing found.", failure)
