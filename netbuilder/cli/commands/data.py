"""`netbuilder data NAME`: load a data set and say what is in it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from netbuilder.cli import sources
from netbuilder.cli.command import Answer, command, say, table


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="a source, a folder or an .npz file; without it, sources are listed")
    sources.add_arrays(parser)


@command("data", "Load a data set and describe it; without a name, list the sources.", _arguments)
def run(arguments: Namespace) -> Answer:
    """Sizes of the parts, classes with their counts, statistics of the training part."""
    if arguments.name is None:
        return _sources()
    from netbuilder.data import preview
    from netbuilder.data.load import load, settings_for

    found = sources.data(arguments.name, arguments)
    dataset = load(settings_for(found) if isinstance(found, str) else found or {})
    counts = preview.class_counts(dataset, "train").tolist()
    values = {
        "name": dataset.name,
        "train": len(dataset.train),
        "validation": len(dataset.validation),
        "test": len(dataset.test),
        "input_shape": dataset.input_shape,
        "classes": dataset.classes,
        "class_counts": counts,
        "targets": dataset.names,
        "mean": dataset.normalisation.mean,
        "std": dataset.normalisation.std,
        "licence": dataset.licence,
        "notes": dataset.notes,
    }
    for note in dataset.notes:
        say(note)
    shape = " × ".join(str(size) for size in dataset.input_shape)
    parts = f"{len(dataset.train):,} training, {len(dataset.validation):,} validation, {len(dataset.test):,} test samples of {shape}"
    if dataset.names:
        parts += f"; targets {', '.join(dataset.names)}"
    rows = [(name, f"{count:,}") for name, count in zip(dataset.classes, counts, strict=False)]
    return Answer(values, f"{dataset.name}: {parts}\n{table(rows, frozenset({1}))}".rstrip())


def _sources() -> Answer:
    from netbuilder.data.sources.base import catalogue

    found = [kind.about for kind in catalogue().values()]
    return Answer({"sources": [asdict(about) for about in found]}, table([(about.name, about.title, about.tip) for about in found]))
