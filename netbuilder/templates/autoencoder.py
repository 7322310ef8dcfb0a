"""Networks that squeeze an image and draw it again."""

from __future__ import annotations

from netbuilder.core.build import chain
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import Option, recipe, template_of


@template_of(
    "autoencoder",
    "Autoencoder",
    "Squeezes a digit into a few numbers and draws it again from them.",
    options={"code": Option(32, "How many numbers stand for an image.", most=1024)},
    training=recipe(0.001, 20, batch=128, optimizer="adam"),
    data={"source": {"name": "mnist"}, "validation": 5000},
    rank=80,
)
def autoencoder(code: int) -> Graph:
    """Two convolutions with stride 2 in, two transposed convolutions out, and a narrow code between them."""
    return chain(
        [
            ("input", {"shape": (1, 28, 28)}, "input"),
            ("conv2d", {"out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1}, "encode1"),
            ("relu", {}, "relu1"),
            ("conv2d", {"out_channels": 32, "kernel_size": 3, "stride": 2, "padding": 1}, "encode2"),
            ("relu", {}, "relu2"),
            ("flatten", {}, "flatten"),
            ("linear", {"out_features": code}, "code"),
            ("linear", {"out_features": 32 * 7 * 7}, "expand"),
            ("relu", {}, "relu3"),
            ("unflatten", {"unflattened_size": (32, 7, 7)}, "unflatten"),
            ("convtranspose2d", {"out_channels": 16, "kernel_size": 2, "stride": 2}, "decode1"),
            ("relu", {}, "relu4"),
            ("convtranspose2d", {"out_channels": 1, "kernel_size": 2, "stride": 2}, "decode2"),
            ("output", {"task": "values"}, "output"),
        ]
    )
