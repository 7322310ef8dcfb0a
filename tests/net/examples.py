"""A small network around any declared layer, found by trying shapes until the analysis has nothing to complain about."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph, Port
from netbuilder.layers.declare import catalogue
from netbuilder.layers.settings import read
from netbuilder.net.analysis import analyze

SHAPES = [(16, 6, 6), (16, 8, 8, 8), (16, 12), (6, 6), (16,), (2,), (16, 1), (9, 676), (84,), (14, 14, 96)]
SPECIAL: dict[str, dict[str, Any]] = {"fold": {"output_size": 28}}
"""Settings where the defaults make no example."""


@cache
def around(name: str) -> Graph:
    """Inputs, the layer with its defaults, and an output for each of its results."""
    for shape, dtypes in product(SHAPES, ("float32", "int64", "mixed")):
        graph = _with(name, shape, dtypes)
        if not analyze(graph).errors:
            return graph
    raise AssertionError(f"no example of {name}")


def _with(name: str, shape: tuple[int, ...], dtypes: str) -> Graph:
    kind, settings = catalogue()[name], SPECIAL.get(name, {})
    ports = ("in1", "in2") if kind.about.variadic else kind.about.inputs
    b = Builder()
    feeds = []
    for number in range(len(ports)):
        dtype = ("int64" if number else "float32") if dtypes == "mixed" else dtypes
        feeds.append(b.add_settings("input", {"shape": shape, "dtype": dtype}, name=f"image{number}"))
    layer = b.add_settings(name, settings, name="layer") if not ports else ""
    if ports:
        layer = b.add_settings(name, settings, *feeds[:1], name="layer") if len(ports) == 1 else _wired(b, name, settings, feeds, ports)
    for number, port in enumerate(read(kind, settings).output_names()):
        b.add("output", Port(layer, port), name=f"result{number}", task="values")
    return b.graph()


def _wired(b: Builder, name: str, settings: dict[str, Any], feeds: list[str], ports: tuple[str, ...]) -> str:
    layer = b.add_settings(name, settings, name="layer")
    for feed, port in zip(feeds, ports, strict=True):
        b.wire(feed, layer, port)
    return layer


NAMES = [name for name, kind in catalogue().items() if kind.about.inputs and kind.about.outputs and name != "python"]
"""Python in a project is not run before somebody has allowed it; it has tests of its own."""
