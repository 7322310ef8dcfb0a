"""The convolutional network that the lectures compute by hand."""

from __future__ import annotations

from netbuilder.core.build import chain
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import ACTIVATION, WIDTH, Option, recipe, stripes, template_of

FAMILY = "First networks"


@template_of(
    "lecture-cnn",
    "Lecture CNN",
    "A 6×6 grey image through two small convolutions: 40 + 222 + 2,750 + 510 = 3,522 parameters, all checked by hand.",
    options={
        "image_size": Option(6, "Height and width of the images, in pixels.", least=3, most=224),
        "classes": Option(10, "How many classes there are.", least=2, most=1_000),
        "width": WIDTH,
        "activation": ACTIVATION,
    },
    training=recipe(0.05, 10, decay=5e-4),
    data=lambda image_size, classes, **_options: stripes(image_size, classes, channels=1),
    rank=40,
)
def lecture_cnn(image_size: int, classes: int) -> Graph:
    """3×3 ×4 with the same size, 3×3 ×6 with stride 2, 50 hidden neurons."""
    return chain(
        [
            ("input", {"shape": (1, image_size, image_size)}, "input"),
            ("conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1}, "conv1"),
            ("relu", {}, "relu1"),
            ("conv2d", {"out_channels": 6, "kernel_size": 3, "stride": 2, "padding": 1}, "conv2"),
            ("relu", {}, "relu2"),
            ("flatten", {}, "flatten"),
            ("linear", {"out_features": 50}, "dense"),
            ("relu", {}, "relu3"),
            ("linear", {"out_features": classes}, "scores"),
            ("output", {}, "output"),
        ]
    )
