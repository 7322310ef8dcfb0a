"""Dense connectivity: Huang, Liu, van der Maaten & Weinberger, Densely connected convolutional networks, 2017."""

from __future__ import annotations

from functools import cache

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter


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


@cache
def transition() -> Block:
    """Between dense blocks: a 1×1 convolution to fewer feature maps, then half the height and width."""
    net = Builder()
    at = net.add("input", name="x")
    at = net.add("relu", net.add("batchnorm2d", at, name="norm"), name="relu")
    at = net.add("conv2d", at, name="conv", out_channels="$channels", kernel_size=1, bias=False)
    net.add("output", net.add("avgpool2d", at, name="pool", kernel_size=2), name="y")
    return net.block("Transition", BlockParameter("channels", 128, "Feature maps that come out, half of those that come in."))
