"""Residual units: He, Zhang, Ren & Sun, Deep residual learning for image recognition, 2016.

A plain unit is the same without its shortcut. Names inside are those of torchvision's ResNet.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter, Value
from netbuilder.templates.blocks.declare import library_block

Shortcut = Literal["none", "identity", "projection", "subsampling"]

_CHANNELS = BlockParameter("channels", 64, "Feature maps that come out.")
_STRIDE = BlockParameter("stride", 1, "2 halves height and width.")
_WIDTH = BlockParameter("width", 64, "Feature maps inside; four times as many come out.")

_SHORTCUTS: dict[Shortcut, str] = {
    "none": "Plain unit",
    "identity": "Residual unit",
    "projection": "Residual unit, projection",
    "subsampling": "Residual unit, subsampling",
}


@library_block("Two 3×3 convolutions whose result is added to the input.", "identity", rank=20)
@library_block("The same with a stride or more feature maps; a 1×1 convolution brings the input along (option B).", "projection", rank=21)
@library_block(
    "The same, but the input is thinned out and filled up with zeros, which needs no weights (option A).",
    "subsampling",
    rank=22,
    sample=(32, 16, 16),
)
@cache
def basic(shortcut: Shortcut) -> Block:
    """relu(F(x) + x) with two 3×3 convolutions F.

    `identity` adds x as it is, `projection` (option B) brings it to the new shape with a 1×1 convolution, `subsampling`
    (option A) takes every second pixel and adds as many empty feature maps, which needs no parameters; `none` adds nothing.
    """
    net = Builder()
    x = net.add("input", name="x")
    changes = shortcut != "identity"
    at = _convolve(net, x, "1", "$channels", 3, "$stride" if changes else 1)
    at = net.add("relu", at, name="relu1")
    at = _convolve(net, at, "2", "$channels", 3)
    _end(net, x, at, shortcut, "relu2")
    parameters = [_CHANNELS, *([_STRIDE] if changes else [])]
    return net.block(_SHORTCUTS[shortcut], *parameters)


@library_block("Narrow, look around, widen, and add the input: ResNet-50 and deeper.", "identity", rank=23, sample=(256, 16, 16))
@library_block("The same with a stride or more feature maps; a 1×1 convolution brings the input along (option B).", "projection", rank=24)
@library_block(
    "The same, but the input is thinned out and filled up with zeros, which needs no weights (option A).",
    "subsampling",
    rank=25,
    sample=(128, 16, 16),
)
@cache
def bottleneck(shortcut: Shortcut) -> Block:
    """relu(F(x) + x), where F narrows with a 1×1 convolution, looks around with a 3×3 one and widens again.

    The stride is that of the 3×3 convolution, as in torchvision.
    """
    net = Builder()
    x = net.add("input", name="x")
    at = net.add("relu", _convolve(net, x, "1", "$width", 1), name="relu1")
    at = net.add("relu", _convolve(net, at, "2", "$width", 3, "$stride" if shortcut != "identity" else 1), name="relu2")
    at = _convolve(net, at, "3", "$width * 4", 1)
    _end(net, x, at, shortcut, "relu3", "$width * 4")
    name = "Bottleneck" if shortcut == "identity" else f"Bottleneck, {shortcut}"
    return net.block(name, _WIDTH, *([_STRIDE] if shortcut != "identity" else []))


def _end(net: Builder, x: str, at: str, shortcut: Shortcut, name: str, channels: Value = "$channels") -> None:
    """Add the shortcut to F(x), then ReLU."""
    if shortcut == "projection":
        x = net.add("conv2d", x, name="downsample_0", out_channels=channels, kernel_size=1, stride="$stride", bias=False)
        x = net.add("batchnorm2d", x, name="downsample_1")
    elif shortcut == "subsampling":
        added = "$channels // 4" if channels == "$channels" else "$width"
        x = net.add("avgpool2d", x, name="subsample", kernel_size=1, stride="$stride")
        x = net.add("permute", x, name="channels_inside", dims=(0, 2, 1, 3))
        x = net.add("zeropad2d", x, name="pad_channels", padding=(0, 0, added, added))
        x = net.add("permute", x, name="channels_first", dims=(0, 2, 1, 3))
    if shortcut != "none":
        at = net.add("add", at, x, name="add")
    net.add("output", net.add("relu", at, name=name), name="y")


def _convolve(net: Builder, source: str, number: str, channels: Value, kernel: int, stride: Value = 1) -> str:
    """Convolution without bias, then batch normalisation."""
    settings: dict[str, Value] = {"out_channels": channels, "kernel_size": kernel}
    settings |= {"stride": stride} if stride != 1 else {}
    settings |= {"padding": kernel // 2} if kernel > 1 else {}
    at = net.add_settings("conv2d", {**settings, "bias": False}, source, name=f"conv{number}")
    return net.add("batchnorm2d", at, name=f"bn{number}")
