"""Convolution, batch normalisation and ReLU as one: the brick of nearly every network since 2015."""

from __future__ import annotations

from functools import cache

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter
from netbuilder.templates.blocks.declare import library_block


@library_block("Convolution, batch normalisation and ReLU: the brick of most networks.", rank=10)
@cache
def conv_bn_relu() -> Block:
    """A convolution without bias (the normalisation has one), batch normalisation and ReLU.

    Ioffe & Szegedy: Batch normalization, 2015; ε as in the Inception networks.
    """
    net = Builder()
    at = net.add("input", name="x")
    at = net.add(
        "conv2d",
        at,
        name="conv",
        out_channels="$channels",
        kernel_size="$kernel_size",
        stride="$stride",
        padding="$padding",
        bias=False,
    )
    at = net.add("batchnorm2d", at, name="bn", eps="$eps")
    net.add("output", net.add("relu", at, name="relu"), name="y")
    return net.block(
        "Conv-BN-ReLU",
        BlockParameter("channels", 64, "Feature maps that come out."),
        BlockParameter("kernel_size", 3, "Size of the kernel."),
        BlockParameter("stride", 1, "How far the kernel moves."),
        BlockParameter("padding", 0, "Border of zeros on every side."),
        BlockParameter("eps", 1e-5, "Added to the variance."),
    )


@library_block("Two 3×3 convolutions that keep height and width: one level of a U-Net.", rank=60)
@cache
def double_convolution() -> Block:
    """Twice a 3×3 convolution with batch normalisation and ReLU, the image staying as large as it is: one level of a U-Net."""
    net = Builder()
    at = net.add("input", name="x")
    for number in (1, 2):
        at = net.use(conv_bn_relu(), at, name=f"conv{number}", channels="$channels", padding=1)
    net.add("output", at, name="y")
    return net.block("Double convolution", BlockParameter("channels", 32, "Feature maps that come out."))


@library_block("Two convolutions, then half the height and width; what was before goes over the bridge.", rank=61)
@cache
def unet_down() -> Block:
    """The way down of a U-Net, one level: `y` is halved, `bridge`, which leads straight on, is not.

    Ronneberger, Fischer & Brox: U-Net, 2015.
    """
    net = Builder()
    at = net.use(double_convolution(), net.add("input", name="x"), name="convolve", channels="$channels")
    net.add("output", at, name="bridge")
    net.add("output", net.add("maxpool2d", at, name="pool", kernel_size=2), name="y")
    return net.block("U-Net down", BlockParameter("channels", 32, "Feature maps that come out."))


@library_block("Twice the height and width, joined with what comes over the bridge, then two convolutions.", rank=62)
@cache
def unet_up() -> Block:
    """The way up of a U-Net, one level: `bridge` must be twice as high and wide as `x`."""
    net = Builder()
    bridge, x = net.add("input", name="bridge"), net.add("input", name="x")
    at = net.add("convtranspose2d", x, name="widen", out_channels="$channels", kernel_size=2, stride=2)
    at = net.use(double_convolution(), net.add("concat", bridge, at, name="join"), name="convolve", channels="$channels")
    net.add("output", at, name="y")
    return net.block("U-Net up", BlockParameter("channels", 32, "Feature maps that come out."))
