"""Dense networks of the first lectures: a linear classifier and two small perceptrons."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.declare import Option, recipe, stripes, template_of

_CURVE = Option("sigmoid", "The curve after each hidden layer.", ("sigmoid", "tanh", "relu"))


def _clouds(inputs: int, **_options: Value) -> Mapping[str, Value]:
    return {"source": {"name": "points", "shape": "gaussian", "features": inputs}}


@template_of(
    "mlp-3-4-2",
    "Perceptron 3–4–2",
    "Three inputs, four hidden neurons, two classes: 26 parameters, few enough to follow each by hand.",
    options={
        "activation": _CURVE,
        "inputs": Option(3, "Numbers in a sample.", least=2, most=64),
        "classes": Option(2, "How many classes there are.", least=2),
    },
    training=recipe(0.1, 50, batch=32),
    data=_clouds,
    rank=30,
)
def mlp_3_4_2(activation: str, inputs: int, classes: int) -> Graph:
    """One hidden layer: (3 + 1)·4 + (4 + 1)·2 = 26."""
    return _perceptron(inputs, (4,), classes, activation, "classes")


@template_of(
    "mlp-3-4-4-1",
    "Perceptron 3–4–4–1",
    "Two hidden layers of four neurons and one yes-or-no answer: 41 parameters.",
    options={"activation": _CURVE, "inputs": Option(3, "Numbers in a sample.", least=2, most=64)},
    training=recipe(0.1, 50, batch=32),
    data=_clouds,
    rank=31,
)
def mlp_3_4_4_1(activation: str, inputs: int) -> Graph:
    """Two hidden layers: 16 + 20 + 5 = 41."""
    return _perceptron(inputs, (4, 4), 1, activation, "labels")


@template_of(
    "linear-classifier",
    "Linear classifier",
    "One weight for each pixel and class, so that every row of weights is a picture: 30,730 parameters for CIFAR-10.",
    options={
        "classes": Option(10, "How many classes there are.", least=2),
        "channels": Option(3, "1 for grey images, 3 for colour.", most=64),
        "image_size": Option(32, "Height and width of the images, in pixels.", most=1024),
    },
    training=recipe(0.01, 20, decay=1e-4),
    data=stripes,
    rank=20,
)
def linear_classifier(classes: int, channels: int, image_size: int) -> Graph:
    """Scores W·x + b straight from the pixels."""
    return chain(
        [
            ("input", {"shape": (channels, image_size, image_size)}, "input"),
            ("flatten", {}, "flatten"),
            ("linear", {"out_features": classes}, "scores"),
            ("output", {}, "output"),
        ]
    )


def _perceptron(inputs: int, hidden: tuple[int, ...], outputs: int, activation: str, task: str) -> Graph:
    layers: list[Item] = [("input", {"shape": (inputs,)}, "input")]
    for number, width in enumerate(hidden, 1):
        layers += [("linear", {"out_features": width}, f"hidden{number}"), (activation, {}, f"{activation}{number}")]
    layers.append(("linear", {"out_features": outputs}, "scores"))
    layers.append(("output", {} if task == "classes" else {"task": task}, "output"))
    return chain(layers)
