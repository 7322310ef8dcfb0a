"""Dense connectivity: Huang, Liu, van der Maaten & Weinberger, Densely connected convolutional networks, 2017."""

from __future__ import annotations

from functools import cache

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter
from netbuilder.templates.blocks.declare import library_block


@library_block("Computes a few feature maps from all there are and puts them behind these.", rank=40)
@cache
def dense_layer() -> Block:
    """Computes `growth` new feature maps from all there are and puts them behind these; repeated, it is a dense block.

    Normalisation and ReLU come before each convolution; the 1×1 convolution first makes 4·growth maps.
    """
    net = Builder()
    x = net.add("input", name="x")
    at = net.add("relu", net.add("batchnorm2d", x, name="norm1"), name="relu1")
    at = net.add("conv2d", at, name="conv1", out_channels="$growth * 4", kernel_size=1, bias=False)
    at = net.add("relu", net.add("batchnorm2d", at, name="norm2"), name="relu2")
    at = net.add("conv2d", at, name="conv2", out_channels="$growth", kernel_size=3, padding=1, bias=False)
    net.add("output", net.add("concat", x, at, name="concat"), name="y")
    return net.block("Dense layer", BlockParameter("growth", 32, "New feature maps of each layer."))


@library_block("Six dense layers: each sees all that was computed before it.", rank=41)
@cache
def dense_block() -> Block:
    """Dense layers one after the other; the number of feature maps grows by `growth` with each."""
    net = Builder()
    at = net.use(dense_layer(), net.add("input", name="x"), name="layers", repeat=6, growth="$growth")
    net.add("output", at, name="y")
    return net.block("Dense block", BlockParameter("growth", 32, "New feature maps of each layer."))


@library_block("Between dense blocks: fewer feature maps, half the height and width.", rank=42)
@cache
def transition() -> Block:
    """Between dense blocks: a 1×1 convolution to fewer feature maps, then half the height and width."""
    net = Builder()
    at = net.add("input", name="x")
    at = net.add("relu", net.add("batchnorm2d", at, name="norm"), name="relu")
    at = net.add("conv2d", at, name="conv", out_channels="$channels", kernel_size=1, bias=False)
    net.add("output", net.add("avgpool2d", at, name="pool", kernel_size=2), name="y")
    return net.block("Transition", BlockParameter("channels", 128, "Feature maps that come out, half of those that come in."))
