"""Dense networks of the first lectures: a linear classifier and two small perceptrons."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.declare import Option, Template, recipe, register, stripes, template_of

FAMILY = "First networks"

_FOUR = Option(4, "Neurons in each hidden layer.", most=256)
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
        "width": _FOUR,
    },
    training=recipe(0.1, 50, batch=32),
    data=_clouds,
    rank=30,
)
def mlp_3_4_2(activation: str, inputs: int, classes: int, width: int) -> Graph:
    """One hidden layer: (3 + 1)·4 + (4 + 1)·2 = 26."""
    return _perceptron((inputs,), (width,), classes, activation, "classes")


@template_of(
    "mlp-3-4-4-1",
    "Perceptron 3–4–4–1",
    "Two hidden layers of four neurons and one yes-or-no answer: 41 parameters.",
    options={"activation": _CURVE, "inputs": Option(3, "Numbers in a sample.", least=2, most=64), "width": _FOUR},
    training=recipe(0.1, 50, batch=32),
    data=_clouds,
    rank=31,
)
def mlp_3_4_4_1(activation: str, inputs: int, width: int) -> Graph:
    """Two hidden layers: 16 + 20 + 5 = 41."""
    return _perceptron((inputs,), (width, width), 1, activation, "labels")


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


def _pixels(layers: int, count: str, rank: int) -> None:
    """Declare a perceptron that reads images: `layers` layers with weights."""

    def build(width: int, activation: str, classes: int, channels: int, image_size: int) -> Graph:
        hidden = (width,) * (layers - 1)
        return _perceptron((channels, image_size, image_size), hidden, classes, activation, "classes")

    options = {
        "width": Option(100, "Neurons in each hidden layer.", most=16_384),
        "activation": Option("relu", "The curve after each hidden layer.", ("relu", "sigmoid", "tanh")),
        "classes": Option(10, "How many classes there are.", least=2),
        "channels": Option(1, "1 for grey images, 3 for colour.", most=64),
        "image_size": Option(28, "Height and width of the images, in pixels.", most=1024, least=4),
    }
    hidden = "One hidden layer" if layers == 2 else "Two hidden layers"
    summary = f"{hidden} of 100 neurons between the pixels and the scores: {count} parameters, and no idea of neighbourhood."
    title = f"{layers}-layer perceptron"
    register(Template(f"mlp-{layers}-layers", title, summary, build, options, recipe(0.05, 20, decay=1e-4), stripes, "", rank))


_pixels(2, "79,510", 21)
_pixels(3, "89,610", 22)


def _perceptron(shape: tuple[int, ...], hidden: tuple[int, ...], outputs: int, activation: str, task: str) -> Graph:
    layers: list[Item] = [("input", {"shape": shape}, "input"), *([("flatten", {}, "flatten")] if len(shape) > 1 else [])]
    for number, width in enumerate(hidden, 1):
        layers += [("linear", {"out_features": width}, f"hidden{number}"), (activation, {}, f"{activation}{number}")]
    layers.append(("linear", {"out_features": outputs}, "scores"))
    layers.append(("output", {} if task == "classes" else {"task": task}, "output"))
    return chain(layers)
