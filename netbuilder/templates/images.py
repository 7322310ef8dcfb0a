"""Networks whose answer is an image again: the U-Net and an autoencoder."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.build import Builder, Item, chain
from netbuilder.core.graph import Graph, Port, Value
from netbuilder.templates.blocks.convolution import double_convolution, unet_down, unet_up
from netbuilder.templates.declare import ACTIVATION, Option, recipe, stripes, template_of

_SHAPES = (2, 4)
"""From how many to how many classes there are pixels of shapes."""
_ROW = 112.0
"""Between two levels of a U-Net, from top to top."""
FAMILY = "From image to image"


def _outlines(channels: int, image_size: int, **options: Value) -> Mapping[str, Value]:
    """Images that are to be given back, or classes of their pixels."""
    maps = options.get("maps", 1)
    if options.get("task") != "classes" or not _SHAPES[0] <= maps <= _SHAPES[1]:
        return _itself(channels, image_size)
    return {"source": {"name": "shapes", "size": image_size, "channels": channels, "classes": maps}}


def _itself(channels: int, image_size: int, **_options: Value) -> Mapping[str, Value]:
    """Images that are to be given back."""
    return {**stripes(image_size, 10, channels), "target": "input"}


@template_of(
    "unet",
    "U-Net",
    "Down to a few pixels and up again, with bridges between equal sizes: a value, or a class, for each pixel.",
    options={
        "channels": Option(1, "1 for grey images, 3 for colour.", most=64),
        "maps": Option(1, "Images that come out: one for each value or class of a pixel.", most=64),
        "image_size": Option(64, "Height and width of the images, in pixels.", (32, 64, 128, 256, 512)),
        "width": Option(16, "Feature maps of the first level; each lower one has twice as many.", most=256),
        "activation": ACTIVATION,
        "levels": Option(3, "How often the image is halved.", least=1, most=4),
        "task": Option(
            "values", "What a pixel of the result is: a value, yes or no, or one of the classes.", ("values", "labels", "classes")
        ),
    },
    training=recipe(0.001, 30, batch=16, optimizer="adam"),
    data=_outlines,
    paper="Ronneberger, Fischer & Brox: U-Net: convolutional networks for biomedical image segmentation, 2015",
    rank=120,
)
def unet(channels: int, maps: int, image_size: int, width: int, levels: int, task: str) -> Graph:
    """Same-size convolutions with normalisation, so that the result is as large as the image."""
    net = Builder()
    at: str | Port = net.add("input", name="input", shape=(channels, image_size, image_size))
    bridges = []
    for level in range(levels):
        down = net.use(unet_down(), at, name=f"down{level + 1}", channels=width * 2**level)
        bridges.append(Port(down, "bridge"))
        at = Port(down, "y")
    at = net.use(double_convolution(), at, name="bottom", channels=width * 2**levels)
    for level in reversed(range(levels)):
        at = net.use(unet_up(), bridges[level], at, name=f"up{level + 1}", channels=width * 2**level)
    at = net.add("conv2d", at, name="pixels", out_channels=maps, kernel_size=1)
    net.add_settings("output", {} if task == "classes" else {"task": task}, at, name="output")
    return _as_u(net.graph(), levels)


def _as_u(graph: Graph, levels: int) -> Graph:
    """Every level a row lower than the one before it, so that bridges lead straight across."""
    rows = {"bottom": levels, **{f"{way}{level + 1}": level for way in ("down", "up") for level in range(levels)}}
    top = min(node.position[1] for node in graph.nodes.values())
    nodes = {id_: replace(node, position=(node.position[0], top + _ROW * rows.get(node.name, 0))) for id_, node in graph.nodes.items()}
    return replace(graph, nodes=nodes)


@template_of(
    "autoencoder",
    "Autoencoder",
    "Squeezes an image into a few numbers and draws it again from these: what it must keep is what matters.",
    options={
        "channels": Option(1, "1 for grey images, 3 for colour.", most=64),
        "image_size": Option(32, "Height and width of the images, in pixels.", (16, 32, 64, 128, 256)),
        "code": Option(16, "Numbers that an image is squeezed into.", most=4096),
        "width": Option(16, "Feature maps of the first convolution.", most=256),
        "activation": ACTIVATION,
    },
    training=recipe(0.001, 30, optimizer="adam"),
    data=_itself,
    paper="Hinton & Salakhutdinov: Reducing the dimensionality of data with neural networks, 2006",
    rank=121,
)
def autoencoder(channels: int, image_size: int, code: int, width: int) -> Graph:
    """Two convolutions that halve the image, the code, and the same way back."""
    side = image_size // 4
    half = {"kernel_size": 3, "stride": 2, "padding": 1}
    double = {"kernel_size": 2, "stride": 2}
    layers: list[Item] = [
        ("input", {"shape": (channels, image_size, image_size)}, "input"),
        ("conv2d", {"out_channels": width, **half}, "encode1"),
        ("relu", {}, "relu1"),
        ("conv2d", {"out_channels": 2 * width, **half}, "encode2"),
        ("relu", {}, "relu2"),
        ("flatten", {}, "flatten"),
        ("linear", {"out_features": code}, "latent"),
        ("relu", {}, "relu3"),
        ("linear", {"out_features": 2 * width * side * side}, "expand"),
        ("relu", {}, "relu4"),
        ("reshape", {"shape": (2 * width, side, side)}, "maps"),
        ("convtranspose2d", {"out_channels": width, **double}, "decode1"),
        ("relu", {}, "relu5"),
        ("convtranspose2d", {"out_channels": channels, **double}, "decode2"),
        ("output", {"task": "values"}, "output"),
    ]
    return chain(layers)
