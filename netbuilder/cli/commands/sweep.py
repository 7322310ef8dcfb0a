"""`netbuilder sweep FILE --data D`: one network in several sizes, and which of them under- or overfit."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command, table
from netbuilder.cli.commands.train import Progress, interruptible, settings
from netbuilder.core import format

if TYPE_CHECKING:
    from netbuilder.app.series import Figure
    from netbuilder.app.sweep_results import Findings
    from netbuilder.net.capacity import Change

_LEVELS = {"width": "1/4,1/2,1,2,4", "depth": "1,2,3,4"}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a project file or a template")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--width", metavar="LAYERS", help="widen these layers, parted by commas; by default all that are hidden")
    what.add_argument("--depth", metavar="LAYERS", help="copy this block, or these layers that follow each other; 0 copies leave them out")
    what.add_argument("--setting", metavar="LAYER.NAME", help="vary a whole number of a layer, or a parameter of a block")
    what.add_argument("--option", metavar="NAME", help="vary an option of the template FILE")
    parser.add_argument(
        "--levels", metavar="N,N,…", help="factors of the width, numbers of copies, or values; fractions may be written 1/4"
    )
    parser.add_argument("--epochs", type=int, default=5, metavar="N", help="of each training; by default 5")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="train every size so many times; shows the variance")
    parser.add_argument("--data", metavar="D", help="a source, a folder or an .npz file; by default what the project says")
    sources.add_arrays(parser)
    parser.add_argument("--limit", type=int, metavar="N", help="use at most N training samples")
    parser.add_argument("--out", metavar="DIR", help="folder of the series; by default a new one among your runs")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another setting, such as learning_rate=0.01")


@command("sweep", "Train a network in several sizes: error against parameters, and where it under- and overfits.", _arguments)
def run(arguments: Namespace) -> Answer:
    """A row for every size, and a sentence. Fails when it was interrupted."""
    from netbuilder.app import scripting
    from netbuilder.app.sweep import Sweep
    from netbuilder.app.sweep_results import findings

    sweep = Sweep(_change(arguments), arguments.epochs, arguments.seeds)
    with interruptible() as interrupted:
        done = scripting.train_series(
            sources.project(arguments.file),
            sweep,
            sources.data(arguments.data, arguments),
            out=arguments.out,
            limit=arguments.limit,
            on_event=Progress(),
            stop=interrupted.is_set,
            **settings(arguments.set),
        )
    found = findings(done)
    text = f"{_table(found)}\n\n{found.sentence}\nSeries: {done.folder}"
    return Answer(_values(found, str(done.folder)), text, "Interrupted. What was trained is kept." if interrupted.is_set() else "")


def _change(arguments: Namespace) -> Change:
    """What is varied, in the words of the command line; raises `NetbuilderError`."""
    from netbuilder.net.capacity import Change, read_levels

    what = next((name for name in ("depth", "setting", "option") if getattr(arguments, name)), "width")
    levels = read_levels(arguments.levels or _LEVELS.get(what, ""))
    if what in ("width", "depth"):
        names = tuple(filter(None, (getattr(arguments, what) or "").split(",")))
        return Change("width" if what == "width" else "depth", levels, names)
    if what == "option":
        return Change("option", levels, (), arguments.option, arguments.file)
    layer, _, setting = arguments.setting.partition(".")
    return Change("setting", levels, (layer,), setting)


def _values(found: Findings, folder: str) -> dict[str, Any]:
    from msgspec.structs import asdict

    def plain(value: Figure | None) -> dict[str, Any] | None:
        return None if value is None else asdict(value)

    points = [
        {
            "level": point.level,
            "title": point.title,
            "parameters": point.parameters,
            "macs": point.macs,
            "note": point.note,
            "training": plain(point.training),
            "validation": plain(point.validation),
            "state": point.state,
            "runs": [str(each) for each in point.runs],
        }
        for point in found.points
    ]
    return {"series": folder, "kind": found.kind, "points": points, "best": found.best, "noise": found.noise, "message": found.sentence}


def _table(found: Findings) -> str:
    rows = [("size", "parameters", f"training {found.kind}", f"validation {found.kind}", "")]
    for number, point in enumerate(found.points):
        state = found.verdict(number)
        told = f"{state} ({point.note})".strip() if point.note else state
        rows.append((point.title, format.count(point.parameters), found.tell(point.training), found.tell(point.validation), told))
    return table(rows)
