"""`netbuilder baseline NAME --data D`: what a network must beat."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from netbuilder.cli.command import Answer, command, table
from netbuilder.cli.commands.train import Progress, interruptible, settings
from netbuilder.core.document import Project


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="nearest-neighbours or logistic-regression; without it, they are listed")
    parser.add_argument("--data", metavar="D", default="mnist", help="a source, a folder or an .npz file; by default mnist")
    parser.add_argument("--limit", type=int, metavar="N", help="use at most N samples")
    parser.add_argument("--out", metavar="DIR", help="folder of the run; by default a new one among your runs")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, such as neighbours=5")


@command("baseline", "Train a classifier without a network, to compare with.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Accuracies and times; the run is kept beside those of networks."""
    from netbuilder.app.baseline import Order, train_baseline
    from netbuilder.app.scripting import data_settings
    from netbuilder.train.baselines import BASELINES

    if arguments.name is None:
        about = [kind.about for kind in BASELINES.all().values()]
        return Answer({"baselines": [each.name for each in about]}, table([(each.name, each.tip) for each in about]))
    project = Project(data=data_settings(Project(), arguments.data, arguments.limit))
    order = Order({"name": arguments.name, **settings(arguments.set)})
    with interruptible() as interrupted:
        done = train_baseline(order, project, out=arguments.out, on_event=Progress(), stop=interrupted.is_set)
    summary = done.summary
    keys = ("run", "validation_loss", "validation_accuracy", "status", "message", "seconds")
    values = {**{key: summary[key] for key in keys}, "baseline": arguments.name}
    return Answer(values, f"{summary['message']} Run: {done.folder}", "Interrupted." if interrupted.is_set() else "")
