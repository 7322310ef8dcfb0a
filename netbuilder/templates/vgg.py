"""VGG: only 3×3 convolutions, deeper and deeper. Configurations A to E of the paper."""

from __future__ import annotations

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import Template, image_options, recipe, register, stripes

FAMILY = "VGG"

_WIDTHS = (64, 128, 256, 512, 512)
_PAPER = "Simonyan & Zisserman: Very deep convolutional networks for large-scale image recognition, 2015"

Plan = tuple[tuple[int, ...], ...]
"""Kernel sizes of the convolutions in each of the five stages."""


def _declare(name: str, title: str, summary: str, plan: Plan, rank: int, *, normalised: bool = False) -> None:
    """Declare one configuration; `normalised` puts local response normalisation behind the first convolution."""

    def build(classes: int, image_size: int) -> Graph:
        layers: list[Item] = [("input", {"shape": (3, image_size, image_size)}, "input")]
        for stage, (width, kernels) in enumerate(zip(_WIDTHS, plan, strict=True), 1):
            layers += _stage(stage, width, kernels, normalised and stage == 1)
        layers += [("adaptiveavgpool2d", {"output_size": 7}, "avgpool"), ("flatten", {}, "flatten")]
        for number in (6, 7):
            layers += [("linear", {"out_features": 4096}, f"fc{number}"), ("relu", {}, f"relu{number}"), ("dropout", {}, f"drop{number}")]
        return chain([*layers, ("linear", {"out_features": classes}, "fc8"), ("output", {}, "output")])

    training = recipe(0.01, 74, batch=256, decay=5e-4)
    register(Template(name, title, summary, build, image_options(224, 32), training, stripes, _PAPER, rank))


def _stage(stage: int, width: int, kernels: tuple[int, ...], normalised: bool) -> list[Item]:
    """Convolutions of one size, then a pooling that halves the image."""
    layers: list[Item] = []
    for number, kernel in enumerate(kernels, 1):
        padding = {"padding": 1} if kernel == 3 else {}
        layers.append(("conv2d", {"out_channels": width, "kernel_size": kernel, **padding}, f"conv{stage}_{number}"))
        layers.append(("relu", {}, f"relu{stage}_{number}"))
        if normalised:
            layers.append(("localresponsenorm", {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2.0}, f"norm{stage}_{number}"))
    return [*layers, ("maxpool2d", {"kernel_size": 2}, f"pool{stage}")]


def _threes(*many: int) -> Plan:
    return tuple((3,) * number for number in many)


_declare(
    "vgg-a",
    "VGG-11",
    "Eight 3×3 convolutions and three dense layers (configuration A): 132,863,336 parameters, most of them in fc6.",
    _threes(1, 1, 2, 2, 2),
    60,
)
_declare(
    "vgg-a-lrn",
    "VGG-11 with normalisation",
    "Configuration A-LRN: local response normalisation behind conv1 costs memory and does not help; 132,863,336 parameters.",
    _threes(1, 1, 2, 2, 2),
    61,
    normalised=True,
)
_declare("vgg-b", "VGG-13", "Ten 3×3 convolutions (configuration B): 133,047,848 parameters.", _threes(2, 2, 2, 2, 2), 62)
_declare(
    "vgg-c",
    "VGG-16 with 1×1",
    "Configuration C: three more convolutions of 1×1, more curves but no wider view; 133,638,952 parameters.",
    ((3, 3), (3, 3), (3, 3, 1), (3, 3, 1), (3, 3, 1)),
    63,
)
_declare("vgg-d", "VGG-16", "Thirteen 3×3 convolutions (configuration D): 138,357,544 parameters.", _threes(2, 2, 3, 3, 3), 64)
_declare("vgg-e", "VGG-19", "Sixteen 3×3 convolutions (configuration E): 143,667,240 parameters.", _threes(2, 2, 4, 4, 4), 65)
