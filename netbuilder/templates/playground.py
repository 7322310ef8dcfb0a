"""Networks for points in the plane, whose decision surface can be painted."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.declare import Option, recipe, template_of

FAMILY = "First networks"


def _pattern(points: str, **_options: Value) -> Mapping[str, Value]:
    return {"source": {"name": "points", "shape": points}}


@template_of(
    "playground-2d",
    "Playground",
    "Points in the plane, two classes, a few tanh neurons: trains in seconds, and shows what depth and width do.",
    options={
        "hidden_layers": Option(2, "How many hidden layers.", least=0, most=8),
        "width": Option(8, "Neurons in each hidden layer.", most=256),
        "activation": Option("tanh", "The curve after each hidden layer.", ("tanh", "sigmoid", "relu")),
        "points": Option("spiral", "How the two classes lie.", ("circle", "xor", "gaussian", "spiral", "moons")),
    },
    training=recipe(0.03, 100, batch=16, optimizer="adam"),
    data=_pattern,
    rank=50,
)
def playground_2d(hidden_layers: int, width: int, activation: str, points: str) -> Graph:  # noqa: ARG001
    """Two coordinates in, two classes out."""
    layers: list[Item] = [("input", {"shape": (2,)}, "input")]
    for number in range(1, hidden_layers + 1):
        layers += [("linear", {"out_features": width}, f"hidden{number}"), (activation, {}, f"{activation}{number}")]
    return chain([*layers, ("linear", {"out_features": 2}, "scores"), ("output", {}, "output")])
