"""AlexNet, with which deep networks won, and two of its kin: a small one for 32×32 images and ZFNet."""

from __future__ import annotations

from collections.abc import Iterable

from netbuilder.core.build import Item, chain
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import image_options, recipe, stripes, template_of

FAMILY = "AlexNet and its kin"

_LRN = {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2.0}
_OVERLAP = {"kernel_size": 3, "stride": 2}


@template_of(
    "alexnet",
    "AlexNet",
    "Five convolutions and three dense layers on one GPU, without groups and normalisation: 61,100,840 parameters.",
    options=image_options(224, 63),
    training=recipe(0.01, 90, batch=128, decay=5e-4),
    data=stripes,
    paper="Krizhevsky: One weird trick for parallelizing convolutional neural networks, 2014",
    rank=55,
)
def alexnet(classes: int, image_size: int) -> Graph:
    """As torchvision has it; the dense layers always see 256×6×6."""
    return chain(
        [
            ("input", {"shape": (3, image_size, image_size)}, "input"),
            *_convolve(1, 64, 11, stride=4, padding=2),
            ("maxpool2d", _OVERLAP, "pool1"),
            *_convolve(2, 192, 5, padding=2),
            ("maxpool2d", _OVERLAP, "pool2"),
            *_convolve(3, 384, 3, padding=1),
            *_convolve(4, 256, 3, padding=1),
            *_convolve(5, 256, 3, padding=1),
            ("maxpool2d", _OVERLAP, "pool5"),
            ("adaptiveavgpool2d", {"output_size": 6}, "avgpool"),
            ("flatten", {}, "flatten"),
            ("dropout", {}, "drop6"),
            *_dense(6, 4096),
            ("dropout", {}, "drop7"),
            *_dense(7, 4096),
            ("linear", {"out_features": classes}, "fc8"),
            ("output", {}, "output"),
        ]
    )


@template_of(
    "alexnet-2012",
    "AlexNet 2012",
    "As published: two groups for two GPUs, local response normalisation, overlapping pooling: 60,965,224 parameters.",
    options=image_options(227, 67),
    training=recipe(0.01, 90, batch=128, decay=5e-4),
    data=stripes,
    paper="Krizhevsky, Sutskever & Hinton: ImageNet classification with deep convolutional neural networks, 2012",
    rank=56,
)
def alexnet_2012(classes: int, image_size: int) -> Graph:
    """Images of 227×227, for which the first convolution's stride divides; the paper says 224."""
    return chain(
        [
            ("input", {"shape": (3, image_size, image_size)}, "input"),
            *_convolve(1, 96, 11, stride=4),
            ("localresponsenorm", _LRN, "norm1"),
            ("maxpool2d", _OVERLAP, "pool1"),
            *_convolve(2, 256, 5, padding=2, groups=2),
            ("localresponsenorm", _LRN, "norm2"),
            ("maxpool2d", _OVERLAP, "pool2"),
            *_convolve(3, 384, 3, padding=1),
            *_convolve(4, 384, 3, padding=1, groups=2),
            *_convolve(5, 256, 3, padding=1, groups=2),
            ("maxpool2d", _OVERLAP, "pool5"),
            *_classify(4096, classes),
        ]
    )


@template_of(
    "mini-alexnet",
    "Mini AlexNet",
    "AlexNet's plan for 32×32 images: five small convolutions, three dense layers, trained in minutes.",
    options=image_options(32, 16, classes=10, most=128),
    training=recipe(0.02, 40, batch=128, decay=5e-4),
    data=stripes,
    paper="After Krizhevsky, Sutskever & Hinton: ImageNet classification with deep convolutional neural networks, 2012",
    rank=54,
)
def mini_alexnet(classes: int, image_size: int) -> Graph:
    """3×3 kernels, 2×2 pooling and a tenth of the neurons."""
    return chain(
        [
            ("input", {"shape": (3, image_size, image_size)}, "input"),
            *_convolve(1, 32, 5, padding=2),
            ("maxpool2d", {"kernel_size": 2}, "pool1"),
            *_convolve(2, 64, 5, padding=2),
            ("maxpool2d", {"kernel_size": 2}, "pool2"),
            *_convolve(3, 96, 3, padding=1),
            *_convolve(4, 96, 3, padding=1),
            *_convolve(5, 64, 3, padding=1),
            ("maxpool2d", {"kernel_size": 2}, "pool5"),
            *_classify(256, classes),
        ]
    )


@template_of(
    "zfnet",
    "ZFNet",
    "AlexNet looked into: smaller kernels and strides at the bottom, found by projecting features back to the image.",
    options=image_options(224, 64),
    training=recipe(0.01, 70, batch=128, decay=5e-4),
    data=stripes,
    paper="Zeiler & Fergus: Visualizing and understanding convolutional networks, 2014",
    rank=57,
)
def zfnet(classes: int, image_size: int) -> Graph:
    """7×7 with stride 2 where AlexNet has 11×11 with stride 4."""
    return chain(
        [
            ("input", {"shape": (3, image_size, image_size)}, "input"),
            *_convolve(1, 96, 7, stride=2, padding=1),
            ("maxpool2d", {**_OVERLAP, "padding": 1}, "pool1"),
            ("localresponsenorm", _LRN, "norm1"),
            *_convolve(2, 256, 5, stride=2),
            ("maxpool2d", {**_OVERLAP, "padding": 1}, "pool2"),
            ("localresponsenorm", _LRN, "norm2"),
            *_convolve(3, 384, 3, padding=1),
            *_convolve(4, 384, 3, padding=1),
            *_convolve(5, 256, 3, padding=1),
            ("maxpool2d", _OVERLAP, "pool5"),
            *_classify(4096, classes),
        ]
    )


def _convolve(number: int, channels: int, kernel: int, **more: int) -> Iterable[Item]:
    """A convolution and its ReLU."""
    settings = {"out_channels": channels, "kernel_size": kernel, **more}
    return [("conv2d", settings, f"conv{number}"), ("relu", {}, f"relu{number}")]


def _dense(number: int, width: int) -> Iterable[Item]:
    """A dense layer and its ReLU."""
    return [("linear", {"out_features": width}, f"fc{number}"), ("relu", {}, f"relu{number}")]


def _classify(width: int, classes: int) -> Iterable[Item]:
    """The dense layers at the end, each hidden one followed by dropout."""
    return [
        ("flatten", {}, "flatten"),
        *_dense(6, width),
        ("dropout", {}, "drop6"),
        *_dense(7, width),
        ("dropout", {}, "drop7"),
        ("linear", {"out_features": classes}, "fc8"),
        ("output", {}, "output"),
    ]
