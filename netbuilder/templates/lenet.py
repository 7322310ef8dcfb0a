"""LeNet-5, the network that read handwritten digits."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import chain
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.changes import reactivate
from netbuilder.templates.declare import WIDTH, Option, recipe, stripes, template_of

FAMILY = "LeNet"

_ACTIVATIONS = ("tanh", "sigmoid", "relu")
_POOLS = {"avg": "avgpool2d", "max": "maxpool2d"}
_CLASSES = Option(10, "How many classes there are.", least=2, most=1_000)


def _digits(classes: int, image_size: int = 28, **_options: Value) -> Mapping[str, Value]:
    """Handwritten digits where they fit."""
    return {"source": {"name": "mnist"}, "validation": 5000} if (classes, image_size) == (10, 28) else stripes(image_size, classes, 1)


@template_of(
    "lenet5",
    "LeNet-5",
    "Two convolutions and three dense layers read handwritten digits: 61,706 parameters, the classic first network.",
    options={
        "activation": Option("tanh", "The curve after each layer with weights.", _ACTIVATIONS),
        "pooling": Option("avg", "How S2 and S4 halve the feature maps.", tuple(_POOLS)),
        "classes": _CLASSES,
        "image_size": Option(28, "Height and width of the images, in pixels.", least=12, most=512),
        "width": WIDTH,
    },
    training=recipe(0.05, 20, decay=5e-4),
    data=_digits,
    paper="LeCun, Bottou, Bengio & Haffner: Gradient-based learning applied to document recognition, 1998",
    rank=10,
)
def lenet5(activation: str, pooling: str, classes: int, image_size: int) -> Graph:
    """C1 to F6 as in the paper, with every map of C3 connected to all of S2, and a softmax instead of the RBF output."""
    pool = (_POOLS[pooling], {"kernel_size": 2})
    return chain(
        [
            ("input", {"shape": (1, image_size, image_size)}, "input"),
            ("conv2d", {"out_channels": 6, "kernel_size": 5, "padding": 2}, "C1"),
            activation,
            (*pool, "S2"),
            ("conv2d", {"out_channels": 16, "kernel_size": 5}, "C3"),
            activation,
            (*pool, "S4"),
            ("flatten", {}, "flatten"),
            ("linear", {"out_features": 120}, "C5"),
            activation,
            ("linear", {"out_features": 84}, "F6"),
            activation,
            ("linear", {"out_features": classes}, "scores"),
            ("output", {}, "output"),
        ],
        wrap=4,
    )


@template_of(
    "lenet5-1998",
    "LeNet-5 of 1998",
    "As published: trained subsampling, a table of which maps C3 sees, codes instead of scores, its own tanh; 60,000 trainable numbers.",
    options={
        "classes": _CLASSES,
        "activation": Option("scaledtanh", "The curve after each layer with weights.", ("scaledtanh", *_ACTIVATIONS), change=reactivate),
    },
    training=recipe(0.002, 20, batch=32, decay=0.1, optimizer="adamw", loss={"name": "map", "distance": 10.0}),
    data=_digits,
    paper="LeCun, Bottou, Bengio & Haffner: Gradient-based learning applied to document recognition, 1998",
    rank=11,
)
def lenet5_1998(classes: int) -> Graph:
    """C1 156, S2 12, C3 1,516, S4 32, C5 48,120 and F6 10,164; the output compares F6 with drawings of the ten digits.

    Other numbers of classes have codes of ±1 without order.
    """
    codes = {} if classes == 10 else {"out_features": classes, "codes": "scattered"}
    return chain(
        [
            ("input", {"shape": (1, 28, 28)}, "input"),
            ("zeropad2d", {"padding": 2}, "border"),
            ("conv2d", {"out_channels": 6, "kernel_size": 5}, "C1"),
            ("scaledtanh", {}, "squash1"),
            ("subsampling2d", {}, "S2"),
            ("scaledtanh", {}, "squash2"),
            ("partialconv2d", {}, "C3"),
            ("scaledtanh", {}, "squash3"),
            ("subsampling2d", {}, "S4"),
            ("scaledtanh", {}, "squash4"),
            ("conv2d", {"out_channels": 120, "kernel_size": 5}, "C5"),
            ("scaledtanh", {}, "squash5"),
            ("flatten", {}, "flatten"),
            ("linear", {"out_features": 84}, "F6"),
            ("scaledtanh", {}, "squash6"),
            ("radialbasis", {**codes, "negate": True}, "distances"),
            ("output", {}, "output"),
        ],
        wrap=6,
    )
