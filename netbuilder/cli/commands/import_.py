"""`netbuilder import SOURCE -o OUT`: layers written in Python as a project, or weights of others, by name, as a run of a network."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command
from netbuilder.core.errors import FileError, NetbuilderError


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="Python with an nn.Sequential(...), or weights: .safetensors, .pt, .pth, .bin")
    parser.add_argument("--network", metavar="FILE", help="of weights: the project file or template that they belong to")
    parser.add_argument("-o", "--output", metavar="OUT", help="the project file; or the run's folder, by default among your runs")
    parser.add_argument("--partly", action="store_true", help="layers without fitting weights keep those they are born with")
    parser.add_argument("--shape", metavar="3x32x32", help="of Python: the shape of a sample; Input and Output are added")


@command("import", "Read layers from Python (without running it) into a project, or load weights by name into a network.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Says what fits and where the project or the run is."""
    return _weights(arguments) if arguments.network else _layers(arguments)


def _weights(arguments: Namespace) -> Answer:
    from netbuilder.app.load_weights import load_weights
    from netbuilder.app.run_store import RunStore

    project = sources.project(arguments.network)
    folder = Path(arguments.output) if arguments.output else None
    made, note = load_weights(project, Path(arguments.source), RunStore(), folder=folder, strict=not arguments.partly)
    return Answer({"run": str(made.folder), "network": project.name, "note": note}, f"{note}\nThe run is {made.folder}")


def _layers(arguments: Namespace) -> Answer:
    from netbuilder.core.build import Item, chain
    from netbuilder.core.document import Project
    from netbuilder.core.files import save
    from netbuilder.net.pasted_source import read_snippet

    path, target = Path(arguments.source), arguments.output
    if path.suffix not in (".py", ".txt"):
        raise NetbuilderError(f"“{path.name}” holds no Python.", place=str(path), remedy="To load weights, say --network FILE for which.")
    if not target:
        raise NetbuilderError("It is not said where the project is to be written.", place="output", remedy="Add -o FILE.")
    try:
        snippet = read_snippet(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise FileError(f"“{path}” could not be read: {reason}.", place=str(path)) from error
    layers: list[Item] = [layer if layer[2] else layer[:2] for layer in snippet.layers]
    if arguments.shape:
        layers = [("input", {"shape": _shape(arguments.shape)}), *layers, "output"]
    project = Project(Path(target).stem, chain(layers))
    save(project, target)
    notes = " ".join(snippet.notes)
    values = {"file": str(target), "layers": len(project.graph.nodes), "note": notes}
    return Answer(values, "\n".join(filter(None, (notes, f"Wrote {target}: {len(project.graph.nodes)} layers."))))


def _shape(text: str) -> tuple[int, ...]:
    """`3x32x32` as numbers."""
    if not re.fullmatch(r"\d+([x×,]\d+)*", text):
        raise NetbuilderError(f"“{text}” is no shape.", place="shape", remedy="Write it as 3x32x32, without the batch.")
    return tuple(map(int, re.findall(r"\d+", text)))
