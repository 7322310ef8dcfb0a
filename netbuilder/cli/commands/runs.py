"""`netbuilder runs [DIR]`: what has been trained."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli.command import Answer, command, table
from netbuilder.core.errors import FileError


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", nargs="?", help="where the runs are; by default yours")


@command("runs", "List runs, newest first.", _arguments)
def run(arguments: Namespace) -> Answer:
    """The summary of each run."""
    from netbuilder.app.run_store import RunStore

    if arguments.folder and not Path(arguments.folder).is_dir():
        raise FileError(f"There is no folder “{arguments.folder}”.", place=arguments.folder)
    found = [each.summary for each in RunStore(arguments.folder).list() if each.readable]
    rows = [("run", "status", "epochs", "best", "accuracy", "loss")]
    for each in found:
        accuracy, loss = each["best_validation_accuracy"], each["validation_loss"]
        rows.append(
            (
                each["run"],
                each["status"],
                str(each["epochs_done"]),
                str(each["best_epoch"] or "–"),
                "–" if accuracy is None else f"{accuracy:.2%}",
                "–" if loss is None else f"{loss:.4f}",
            )
        )
    return Answer({"runs": found}, table(rows, frozenset({2, 3, 4, 5})) if found else "No runs yet.")
