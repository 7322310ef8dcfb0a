"""`netbuilder landscape FILE|RUN -o CSV`: the loss around the weights of a network, and how it curves there."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from netbuilder.app.landscape import Kind
from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command, say
from netbuilder.cli.commands.evaluate import epoch
from netbuilder.core.atomic import write_atomically
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from netbuilder.app.landscape import Surveyor


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|RUN", help="a run's folder; of a project file or a template, fresh weights")
    parser.add_argument("-o", "--output", metavar="CSV", help="write the heights here")
    parser.add_argument("--epoch", default="best", metavar="NAME", help="best, last or a number of a kept epoch")
    parser.add_argument(
        "--directions", choices=get_args(Kind), default="filters", help="random (filter by filter), steepest, a line, or the path"
    )
    parser.add_argument("--axes", type=int, choices=(1, 2), default=2, help="along one direction or two; by default 2")
    parser.add_argument("--range", type=float, default=1.0, metavar="R", help="how far to each side; by default 1")
    parser.add_argument(
        "--places", type=int, default=25, metavar="N", help="along each direction, raised to a multiple of 8 and one; by default 25"
    )
    parser.add_argument("--samples", type=int, default=512, metavar="N", help="training samples of the mean; by default 512")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random directions")
    parser.add_argument("--curvature", action="store_true", help="also the eigenvalues of the Hessian")


@command("landscape", "Draw the loss around a network's weights, and measure its curvature.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Heights into a file, the rest as numbers and sentences."""
    from netbuilder.app.landscape import Spec, Surveyor
    from netbuilder.app.session import Session
    from netbuilder.core.document import Document
    from netbuilder.train.speed.threads import prepare_threads

    if not (2 <= arguments.places <= 1001 and arguments.samples >= 1):
        raise NetbuilderError("--places goes from 2 to 1001, and --samples from 1 on.")
    prepare_threads()
    session = Session(Document(sources.project(arguments.source)))
    surveyor = Surveyor(session)
    try:
        if sources.is_run(arguments.source):
            session.inspect(sources.run(arguments.source), epoch(arguments.epoch))
        surveyor.settle(arguments.samples)
        _await(surveyor)
        line = arguments.directions == "line"
        spec = Spec(arguments.directions, 1 if line else arguments.axes, arguments.range, arguments.places, arguments.seed)
        if arguments.output:
            surveyor.draw(spec)
            _await(surveyor)
        if arguments.curvature:
            surveyor.curve()
            _await(surveyor)
        return _told(surveyor, arguments.output)
    finally:
        surveyor.close()
        session.close()


def _await(surveyor: Surveyor) -> None:
    surveyor.join()
    if surveyor.error:
        raise NetbuilderError(surveyor.error)


def _told(surveyor: Surveyor, output: str | None) -> Answer:
    from netbuilder.train.landscape.meaning import meaning

    site = surveyor.site
    assert site is not None
    values: dict[str, Any] = {"weights": site.origin, "samples": site.ground.feeder.count, "loss": site.loss, "error": site.error}
    lines = [f"{site.origin}: loss {site.loss:.4g} on {site.ground.feeder.count:,} training samples."]
    if output and site.chart is not None:
        write_atomically(Path(output), site.chart.csv().encode())
        values |= {"file": output, "places": site.chart.total, "lowest": float(site.chart.losses.min())}
        say(f"Wrote {output}.")
    found = site.curvature
    if found is not None:
        values |= {"eigenvalues": found.largest, "smallest": found.smallest, "trace": found.trace, "condition": found.condition}
        values |= {"stable_below": found.limit, "gradient": found.slope, "shape": found.shape}
        lines += [f"λ: {', '.join(f'{value:.4g}' for value in found.largest)}; smallest {found.bottom:.4g}.", *meaning(found, site.recipe)]
    return Answer(values, "\n".join(lines))
