"""Lean blocks: inverted residuals (Sandler et al.: MobileNetV2, 2018) and squeeze-and-excitation (Hu, Shen & Sun, 2018)."""

from __future__ import annotations

from functools import cache

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter, Value
from netbuilder.templates.blocks.declare import library_block

_EXPANSION = BlockParameter("expansion", 6, "How many times wider the block is inside.")


@library_block("Widens, looks at each feature map alone, narrows again, and adds its input; MobileNet's brick.", True, rank=50)
@library_block("The same with a stride or another number of feature maps, so nothing is added.", False, rank=51)
@cache
def inverted_residual(identity: bool) -> Block:
    """x + F(x), or F(x) where the shape changes: 1×1 wider, 3×3 on each map alone, 1×1 narrower and linear."""
    net = Builder()
    x = net.add("input", name="x")
    inside = "$channels * expansion" if identity else "$inputs * expansion"
    at = net.add("relu6", _normalised(net, x, "expand", out_channels=inside, kernel_size=1), name="relu1")
    stride: dict[str, Value] = {} if identity else {"stride": "$stride"}
    at = _normalised(net, at, "depthwise", out_channels=inside, kernel_size=3, padding=1, groups=inside, **stride)
    at = _normalised(net, net.add("relu6", at, name="relu2"), "project", out_channels="$channels", kernel_size=1)
    net.add("output", net.add("add", x, at, name="add") if identity else at, name="y")
    channels = BlockParameter("channels", 64, "Feature maps that come out.")
    if identity:
        return net.block("Inverted residual", channels, _EXPANSION)
    inputs = BlockParameter("inputs", 64, "Feature maps that come in.")
    return net.block("Inverted residual, changing", inputs, channels, BlockParameter("stride", 2, "2 halves height and width."), _EXPANSION)


@library_block("Looks at the mean of every feature map and decides how much of each to let through.", rank=55)
@cache
def squeeze_excite() -> Block:
    """x · sigmoid(W₂·relu(W₁·mean(x))), one factor for each feature map."""
    net = Builder()
    x = net.add("input", name="x")
    at = net.add("adaptiveavgpool2d", x, name="avgpool", output_size=1)
    at = net.add("relu", net.add("conv2d", at, name="fc1", out_channels="$channels // reduction", kernel_size=1), name="relu")
    at = net.add("sigmoid", net.add("conv2d", at, name="fc2", out_channels="$channels", kernel_size=1), name="sigmoid")
    net.add("output", net.add("multiply", x, at, name="scale"), name="y")
    channels = BlockParameter("channels", 64, "Feature maps that come in and go out.")
    return net.block(
        "Squeeze-and-excitation", channels, BlockParameter("reduction", 16, "How many times fewer numbers there are in between.")
    )


def _normalised(net: Builder, source: str, name: str, **settings: Value) -> str:
    """A convolution without bias, then batch normalisation."""
    at = net.add_settings("conv2d", {**settings, "bias": False}, source, name=name)
    return net.add("batchnorm2d", at, name=f"{name}_bn")
