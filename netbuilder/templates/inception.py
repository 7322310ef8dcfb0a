"""Networks of Inception modules: GoogLeNet and Inception v3."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph
from netbuilder.templates.blocks import inception as blocks
from netbuilder.templates.blocks.inception import convolve
from netbuilder.templates.declare import Option, TemplateError, image_options, recipe, stripes, template_of

FAMILY = "Inception"

_AUXILIARY = Option(False, "Heads halfway up that help the gradient during training, as extra outputs.", (False, True))

_GOOGLENET: Mapping[str, tuple[int, ...]] = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
"""Feature maps of each module's branches: 1×1, reduced, 3×3, reduced, 5×5, pooling."""


@template_of(
    "googlenet",
    "GoogLeNet",
    "Nine Inception modules look at several scales at once: 6,624,904 parameters, 13,004,888 with its auxiliary heads.",
    options={**image_options(224, 32), "auxiliary": _AUXILIARY},
    training=recipe(0.01, 90, batch=256, decay=2e-4),
    data=stripes,
    paper="Szegedy et al.: Going deeper with convolutions, 2015",
    rank=90,
)
def googlenet(classes: int, image_size: int, auxiliary: bool) -> Graph:
    """With batch normalisation, as torchvision has it; the auxiliary heads leave after 4a and 4d."""
    net = Builder()
    at = net.add("input", name="input", shape=(3, image_size, image_size))
    at = convolve(net, at, "conv1", 64, 7, 2)
    at = _pool(net, at, "maxpool1", 3)
    at = convolve(net, convolve(net, at, "conv2", 64), "conv3", 192, 3)
    at = _pool(net, at, "maxpool2", 3)
    heads: list[str] = []
    names = [parameter.name for parameter in blocks.inception().parameters]
    for name, sizes in _GOOGLENET.items():
        at = net.use(blocks.inception(), at, name=f"inception{name}", **dict(zip(names, sizes, strict=True)))
        if name in ("3b", "4e"):
            at = _pool(net, at, f"maxpool{name[0]}", 3 if name == "3b" else 2)
        if auxiliary and name in ("4a", "4d"):
            heads.append(net.use(blocks.auxiliary(), at, name=f"aux{len(heads) + 1}", classes=classes))
    return _head(net, at, classes, heads, 0.2)


@template_of(
    "inception-v3",
    "Inception v3",
    "Eleven modules of factorised kernels, 1×7 after 7×1: 23,834,568 parameters, 27,161,264 with its auxiliary head.",
    options={**image_options(299, 75), "auxiliary": _AUXILIARY},
    training=recipe(0.045, 100, batch=32, decay=4e-5),
    data=stripes,
    paper="Szegedy, Vanhoucke, Ioffe, Shlens & Wojna: Rethinking the Inception architecture for computer vision, 2016",
    rank=91,
)
def inception_v3(classes: int, image_size: int, auxiliary: bool) -> Graph:
    """As torchvision has it; the auxiliary head works on 17×17 feature maps, those of 299 pixels."""
    if auxiliary and image_size < 299:
        raise TemplateError(
            f"The auxiliary head of Inception v3 cannot see images of {image_size} pixels.",
            place="image_size",
            remedy="Choose at least 299, or leave the auxiliary head out.",
        )
    net = Builder()
    at = net.add("input", name="input", shape=(3, image_size, image_size))
    at = convolve(net, at, "Conv2d_1a_3x3", 32, 3, 2, same=False)
    at = convolve(net, at, "Conv2d_2a_3x3", 32, 3, same=False)
    at = convolve(net, at, "Conv2d_2b_3x3", 64, 3)
    at = net.add("maxpool2d", at, name="maxpool1", kernel_size=3, stride=2)
    at = convolve(net, at, "Conv2d_3b_1x1", 80)
    at = convolve(net, at, "Conv2d_4a_3x3", 192, 3, same=False)
    at = net.add("maxpool2d", at, name="maxpool2", kernel_size=3, stride=2)
    for name, pooled in zip("bcd", (32, 64, 64), strict=True):
        at = net.use(blocks.inception_a(), at, name=f"Mixed_5{name}", pooled=pooled)
    at = net.use(blocks.inception_b(), at, name="Mixed_6a")
    for name, width in zip("bcde", (128, 160, 160, 192), strict=True):
        at = net.use(blocks.inception_c(), at, name=f"Mixed_6{name}", width=width)
    heads = [net.use(blocks.auxiliary_v3(), at, name="AuxLogits", classes=classes)] if auxiliary else []
    at = net.use(blocks.inception_d(), at, name="Mixed_7a")
    for name in "bc":
        at = net.use(blocks.inception_e(), at, name=f"Mixed_7{name}")
    return _head(net, at, classes, heads, 0.5)


def _pool(net: Builder, source: str, name: str, kernel: int) -> str:
    return net.add("maxpool2d", source, name=name, kernel_size=kernel, stride=2, ceil_mode=True)


def _head(net: Builder, at: str, classes: int, heads: list[str], dropout: float) -> Graph:
    """Average over the image, dropout, scores; the outputs of the auxiliary heads come after the network's own."""
    at = net.add("flatten", net.add("adaptiveavgpool2d", at, name="avgpool", output_size=1), name="flatten")
    at = net.add("linear", net.add("dropout", at, name="dropout", p=dropout), name="fc", out_features=classes)
    net.add("output", at, name="output")
    for number, head in enumerate(heads, 1):
        net.add("output", head, name=f"auxiliary{number}")
    return net.graph()
