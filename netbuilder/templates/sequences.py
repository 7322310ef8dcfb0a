"""Convolution along one axis and in three: time series and sound, stacks of slices."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.declare import ACTIVATION, Option, recipe, stripes, template_of

FAMILY = "Signals and volumes"


def _series(length: int, **_options: Value) -> Mapping[str, Value]:
    return {"source": {"name": "points", "shape": "xor", "features": length, "n": 2_000}}


@template_of(
    "cnn-1d",
    "1-D CNN",
    "A signal through convolutions along time: for sound, sensors and other series of numbers.",
    options={
        "length": Option(64, "Numbers in a series.", least=16),
        "classes": Option(2, "How many classes there are.", least=2),
        "width": Option(16, "Feature maps of the first convolution; each later one has twice as many.", least=1, most=256),
        "activation": ACTIVATION,
    },
    training=recipe(0.001, 30, optimizer="adam"),
    data=_series,
    rank=110,
)
def cnn_1d(length: int, classes: int, width: int) -> Graph:
    """A plain series as one channel, three convolutions that halve it, the mean over time, scores."""
    layers: list[Item] = [("input", {"shape": (length,)}, "input"), ("reshape", {"shape": (1, length)}, "channel")]
    for number in (1, 2, 3):
        channels = width * 2 ** (number - 1)
        layers += [
            ("conv1d", {"out_channels": channels, "kernel_size": 5, "padding": 2, "bias": False}, f"conv{number}"),
            ("batchnorm1d", {}, f"bn{number}"),
            ("relu", {}, f"relu{number}"),
            ("maxpool1d", {"kernel_size": 2}, f"pool{number}"),
        ]
    return chain([*layers, *_end(1, classes)])


def _volumes(depth: int, image_size: int, classes: int, **_options: Value) -> Mapping[str, Value]:
    return stripes(image_size, classes, depth)


@template_of(
    "cnn-3d",
    "3-D CNN",
    "A stack of slices through convolutions that look at height, width and depth at once: for volumes and films.",
    options={
        "depth": Option(16, "Slices in a volume.", least=8, most=64),
        "image_size": Option(32, "Height and width of the slices, in pixels.", least=8, most=256),
        "classes": Option(4, "How many classes there are.", least=2, most=1_000),
        "width": Option(8, "Feature maps of the first convolution; each later one has twice as many.", most=256),
        "activation": ACTIVATION,
    },
    training=recipe(0.001, 20, batch=16, optimizer="adam"),
    data=_volumes,
    paper="After Tran, Bourdev, Fergus, Torresani & Paluri: Learning spatiotemporal features with 3D convolutional networks, 2015",
    rank=111,
)
def cnn_3d(depth: int, image_size: int, classes: int, width: int) -> Graph:
    """Slices as one channel of a volume, three 3×3×3 convolutions that halve every axis, the mean, scores."""
    shape = (depth, image_size, image_size)
    layers: list[Item] = [("input", {"shape": shape}, "input"), ("reshape", {"shape": (1, *shape)}, "volume")]
    for number in (1, 2, 3):
        channels = width * 2 ** (number - 1)
        layers += [
            ("conv3d", {"out_channels": channels, "kernel_size": 3, "padding": 1, "bias": False}, f"conv{number}"),
            ("batchnorm3d", {}, f"bn{number}"),
            ("relu", {}, f"relu{number}"),
            ("maxpool3d", {"kernel_size": 2}, f"pool{number}"),
        ]
    return chain([*layers, *_end(3, classes)])


def _end(rank: int, classes: int) -> list[Item]:
    return [
        (f"adaptiveavgpool{rank}d", {"output_size": 1}, "avgpool"),
        ("flatten", {}, "flatten"),
        ("linear", {"out_features": classes}, "scores"),
        ("output", {}, "output"),
    ]
