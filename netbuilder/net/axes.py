"""What the axes of a tensor are called: `batch, channel, height, width`, or of a weight `out, in, kernel height, kernel width`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netbuilder.layers.declare import TensorSpec
from netbuilder.net.meaning import is_sequence

if TYPE_CHECKING:
    from torch import nn

Axes = tuple[str, ...]
SPACE: dict[int, Axes] = {0: (), 1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def value_axes(spec: TensorSpec, source: str = "", target: str = "") -> Axes:
    """The axes of what flows along a wire; `source` and `target` are the names of the layers at its ends."""
    order = len(spec.shape) - 1
    if order < 0:
        return ()
    if order == 1:
        return ("batch", "position" if spec.dtype.startswith("int") else "feature")
    if order == 2 and is_sequence(source, target):
        return ("batch", "position", "feature")
    return ("batch", "channel", *SPACE[order - 1]) if 2 <= order <= 4 else ("batch", *numbered(range(1, order + 1)))


def weight_axes(layer: nn.Module, name: str, shape: Sequence[int]) -> Axes:
    """The axes of a layer's parameter or buffer, and of whatever has its shape."""
    from torch import nn

    order = len(shape)
    if order == 1:
        return ("channel" if isinstance(layer, _channelled(nn)) else "feature",)
    if name.endswith("weight") and 3 <= order <= 5 and isinstance(layer, nn.modules.conv._ConvNd):
        ends = ("in", "out") if isinstance(layer, nn.modules.conv._ConvTransposeNd) else ("out", "in")
        return (*ends, *(f"kernel {axis}" for axis in SPACE[order - 2]))
    if order == 2 and isinstance(layer, nn.Embedding):
        return ("entry", "feature")
    if order == 2 and "weight" in name:
        return ("out", "in")
    return numbered(range(order))


def numbered(axes: Sequence[int]) -> Axes:
    """Names for axes about which nothing is known: `axis 1`, …"""
    return tuple(f"axis {axis}" for axis in axes)


def _channelled(nn: object) -> tuple[type, ...]:
    kinds = nn.modules  # type: ignore[attr-defined]
    return (kinds.conv._ConvNd, kinds.batchnorm._NormBase, kinds.GroupNorm)
