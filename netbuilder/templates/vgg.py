"""VGG: only 3×3 convolutions, deeper and deeper."""

from __future__ import annotations

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import Option, recipe, stripes, template_of

_STAGES_A = ((64,), (128,), (256, 256), (512, 512), (512, 512))


@template_of(
    "vgg-a",
    "VGG-11",
    "Eight 3×3 convolutions and three dense layers (configuration A): 132,863,336 parameters, most of them in fc6.",
    options={
        "classes": Option(1000, "How many classes there are.", least=2),
        "image_size": Option(224, "Height and width of the images, in pixels.", least=32, most=1024),
    },
    training=recipe(0.01, 74, batch=256, decay=5e-4),
    data=stripes,
    paper="Simonyan & Zisserman: Very deep convolutional networks for large-scale image recognition, 2015",
    rank=60,
)
def vgg_a(classes: int, image_size: int) -> Graph:
    """Five stages, each ending in a pooling that halves the image; the dense layers always see 512×7×7."""
    layers: list[Item] = [("input", {"shape": (3, image_size, image_size)}, "input")]
    for stage, widths in enumerate(_STAGES_A, 1):
        for number, width in enumerate(widths, 1):
            layers.append(("conv2d", {"out_channels": width, "kernel_size": 3, "padding": 1}, f"conv{stage}_{number}"))
            layers.append(("relu", {}, f"relu{stage}_{number}"))
        layers.append(("maxpool2d", {"kernel_size": 2}, f"pool{stage}"))
    layers += [("adaptiveavgpool2d", {"output_size": 7}, "avgpool"), ("flatten", {}, "flatten")]
    for number in (6, 7):
        layers += [("linear", {"out_features": 4096}, f"fc{number}"), ("relu", {}, f"relu{number}"), ("dropout", {}, f"drop{number}")]
    return chain([*layers, ("linear", {"out_features": classes}, "fc8"), ("output", {}, "output")])
