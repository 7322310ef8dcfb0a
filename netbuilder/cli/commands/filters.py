"""`netbuilder filters RUN -o PNG`: the learned filters as one picture."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command, say
from netbuilder.cli.commands.evaluate import epoch
from netbuilder.core.errors import NetbuilderError


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run's folder")
    parser.add_argument("-o", "--output", metavar="PNG", required=True, help="the picture to write")
    parser.add_argument("--layer", metavar="NAME", help="a layer's name; by default the first one with filters")
    parser.add_argument("--epoch", default="best", metavar="NAME", help="best, last or a number of a kept epoch")
    parser.add_argument("--scale", choices=("own", "shared"), default="own", help="stretch each filter, or keep one range for all")
    parser.add_argument("--sort", choices=("norm",), help="strongest first")
    parser.add_argument("--columns", type=int, metavar="N")
    parser.add_argument("--most", type=int, metavar="N", help="show at most N")


@command("filters", "Draw the learned filters of a layer.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Says how many of how many are in the picture."""
    from netbuilder.probe.filters import filter_images, filters
    from netbuilder.probe.png import write_png
    from netbuilder.probe.wall import wall

    if (arguments.columns or 1) < 1 or (arguments.most or 1) < 1:
        raise NetbuilderError("--columns and --most must be at least 1.")
    if not arguments.output.lower().endswith(".png"):
        raise NetbuilderError(f"“{arguments.output}” does not end in .png, and filters are drawn as PNG.", remedy="Name the picture so.")
    chosen = sources.run(arguments.run)
    module = chosen.model(epoch(arguments.epoch))
    node = _layer(module, arguments.layer)
    images = filter_images(filters(module, node), arguments.scale, arguments.sort)
    made = wall(images, columns=arguments.columns, most=arguments.most)
    write_png(arguments.output, made.image)
    name = module.node_names[node]
    if made.shown < made.total:
        say(f"{made.caption} are in the picture.")
    values = {"file": arguments.output, "layer": name, "shown": made.shown, "total": made.total, "epoch": arguments.epoch}
    return Answer(values, f"Wrote {arguments.output}: {name}, {made.caption}.")


def _layer(module: Any, name: str | None) -> str:
    from netbuilder.probe.filters import has_filters

    drawable: dict[str, str] = {module.node_names[node]: node for node in module.node_names if has_filters(module, node)}
    if name is None and drawable:
        return next(iter(drawable.values()))
    if name not in drawable:
        message = f"The layer “{name}” has no filters." if name else "The network has no filters."
        raise NetbuilderError(message, remedy=f"Layers with filters: {', '.join(drawable) or 'none'}.")
    return drawable[name]
