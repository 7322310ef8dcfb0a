"""ResNet: layers that learn what to add to their input; and the plain networks that show why."""

from __future__ import annotations

from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph
from netbuilder.templates.blocks.residual import basic, bottleneck
from netbuilder.templates.declare import Template, image_options, recipe, register, stripes

FAMILY = "ResNet and plain networks"

_PAPER = "He, Zhang, Ren & Sun: Deep residual learning for image recognition, 2016"
_WIDTHS = (64, 128, 256, 512)


def _image_net(name: str, title: str, summary: str, units: tuple[int, ...], kind: str, rank: int) -> None:
    """Declare a network for large images: `units` in each of four stages, of kind `basic`, `bottleneck` or `plain`."""

    def build(classes: int, image_size: int) -> Graph:
        net = Builder()
        at = net.add("input", name="input", shape=(3, image_size, image_size))
        at = net.add("conv2d", at, name="conv1", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
        at = net.add("relu", net.add("batchnorm2d", at, name="bn1"), name="relu1")
        at = net.add("maxpool2d", at, name="maxpool", kernel_size=3, stride=2, padding=1)
        for stage, (width, many) in enumerate(zip(_WIDTHS, units, strict=True), 1):
            at = _stage(net, at, stage, width, many, kind)
        return _head(net, at, classes)

    register(
        Template(
            name,
            title,
            summary,
            build,
            image_options(224, 32),
            recipe(0.1, 90, batch=256, decay=1e-4),
            stripes,
            _PAPER,
            rank,
        )
    )


def _stage(net: Builder, at: str, stage: int, width: int, many: int, kind: str) -> str:
    """Units of one size; the first halves the image, except in stage 1, and changes the number of feature maps."""
    stride, name = 1 if stage == 1 else 2, f"layer{stage}"
    if kind == "plain":
        at = net.use(basic("none"), at, name=f"{name}_0", channels=width, stride=stride)
        return net.use(basic("none"), at, name=f"{name}_1", repeat=many - 1, channels=width)
    if kind == "bottleneck":
        at = net.use(bottleneck("projection"), at, name=f"{name}_0", width=width, stride=stride)
        return net.use(bottleneck("identity"), at, name=f"{name}_1", repeat=many - 1, width=width)
    if stage == 1:
        return net.use(basic("identity"), at, name=f"{name}_0", repeat=many, channels=width)
    at = net.use(basic("projection"), at, name=f"{name}_0", channels=width, stride=stride)
    return net.use(basic("identity"), at, name=f"{name}_1", repeat=many - 1, channels=width)


def _head(net: Builder, at: str, classes: int) -> Graph:
    at = net.add("adaptiveavgpool2d", at, name="avgpool", output_size=1)
    at = net.add("linear", net.add("flatten", at, name="flatten"), name="fc", out_features=classes)
    net.add("output", at, name="output")
    return net.graph()


def _small_net(depth: int, residual: bool, rank: int) -> None:
    """Declare a network for 32×32 images: three stages of (depth − 2) / 6 units."""
    many = (depth - 2) // 6
    first = "subsampling" if residual else "none"

    def build(classes: int, image_size: int) -> Graph:
        net = Builder()
        at = net.add("input", name="input", shape=(3, image_size, image_size))
        at = net.add("conv2d", at, name="conv1", out_channels=16, kernel_size=3, padding=1, bias=False)
        at = net.add("relu", net.add("batchnorm2d", at, name="bn1"), name="relu1")
        at = net.use(basic("identity" if residual else "none"), at, name="layer1_0", repeat=many, channels=16)
        for stage, width in ((2, 32), (3, 64)):
            at = net.use(basic(first), at, name=f"layer{stage}_0", channels=width, stride=2)
            at = net.use(basic("identity" if residual else "none"), at, name=f"layer{stage}_1", repeat=many - 1, channels=width)
        return _head(net, at, classes)

    kind, told = ("ResNet", "residual") if residual else ("Plain", "plain")
    register(
        Template(
            f"{kind.lower()}{depth}-cifar",
            f"{kind}-{depth} for CIFAR-10",
            _told_small(depth, many, residual, told),
            build,
            image_options(32, 8, classes=10),
            recipe(0.1, 182, batch=128, decay=1e-4),
            stripes,
            _PAPER,
            rank,
        )
    )


def _told_small(depth: int, many: int, residual: bool, kind: str) -> str:
    figures = {20: "269,722 parameters", 56: "853,018 parameters"}
    if not residual:
        return f"{depth} layers for 32×32 images without shortcuts: deeper ones train worse, which the residual networks mend."
    return f"Three stages of {many} {kind} units for 32×32 images: {figures.get(depth, f'{depth} layers')}, shortcuts without any."


_TOLD = "{units} of two 3×3 convolutions with identity shortcuts: {count} parameters."
_NARROW = "{units} bottleneck units, 1×1, 3×3 and 1×1: {count} parameters."

_image_net("resnet18", "ResNet-18", _TOLD.format(units="Eight residual units", count="11,689,512"), (2, 2, 2, 2), "basic", 70)
_image_net("resnet34", "ResNet-34", _TOLD.format(units="Sixteen residual units", count="21,797,672"), (3, 4, 6, 3), "basic", 71)
_image_net("resnet50", "ResNet-50", _NARROW.format(units="Sixteen", count="25,557,032"), (3, 4, 6, 3), "bottleneck", 72)
_image_net("resnet101", "ResNet-101", _NARROW.format(units="Thirty-three", count="44,549,160"), (3, 4, 23, 3), "bottleneck", 73)
_image_net("resnet152", "ResNet-152", _NARROW.format(units="Fifty", count="60,192,808"), (3, 8, 36, 3), "bottleneck", 74)
_image_net("plain18", "Plain-18", "ResNet-18 without its shortcuts, for comparison.", (2, 2, 2, 2), "plain", 75)
_image_net("plain34", "Plain-34", "ResNet-34 without its shortcuts: deeper than plain-18, and yet worse.", (3, 4, 6, 3), "plain", 76)
for _rank, _depth in enumerate((20, 32, 44, 56, 110), 80):
    _small_net(_depth, True, _rank)
for _rank, _depth in enumerate((20, 56), 85):
    _small_net(_depth, False, _rank)
