"""Average pooling as one matrix product, several times as fast on a CPU as torch's loop. Imported only together with torch."""

from __future__ import annotations

import torch
from torch import nn

WIDEST = 128
"""Values in a band, the rows that a window covers at full width; in wider ones the product's zeros cost more than they save."""


class BandMeans(nn.AvgPool2d):
    """Average pooling with windows side by side: each band of rows is multiplied by a matrix of 1/area and zeros.

    Inputs that do not divide into windows, or of another memory format or type, go torch's way.
    """

    def __init__(self, plain: nn.AvgPool2d) -> None:
        super().__init__(plain.kernel_size, plain.stride, plain.padding, plain.ceil_mode, plain.count_include_pad, plain.divisor_override)
        self.train(plain.training)
        self._rows, self._columns = _pair(plain.kernel_size)
        self._matrices: dict[int, torch.Tensor] = {}

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """`(…, H, W)` to `(…, H / rows, W / columns)`."""
        height, width = input.shape[-2:]
        band = self._rows * width
        if height % self._rows or width % self._columns or band > WIDEST or not input.is_contiguous() or input.dtype != torch.float32:
            return super().forward(input)
        pooled = input.view(-1, band) @ self._matrix(width)
        return pooled.view(*input.shape[:-2], height // self._rows, width // self._columns)

    def _matrix(self, width: int) -> torch.Tensor:
        found = self._matrices.get(width)
        if found is None:
            windows = torch.eye(width // self._columns).repeat_interleave(self._columns, 0) / (self._rows * self._columns)
            self._matrices[width] = found = windows.repeat(self._rows, 1)
        return found


def quicken_pooling(module: nn.Module) -> None:
    """Put `BandMeans` in the place of every average pooling that allows it, in a module on the CPU that computes in float32."""
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if type(child) is nn.AvgPool2d and _side_by_side(child):
                setattr(parent, name, BandMeans(child))


def _side_by_side(layer: nn.AvgPool2d) -> bool:
    return (
        _pair(layer.kernel_size) == _pair(layer.stride)
        and _pair(layer.padding) == (0, 0)
        and not layer.ceil_mode
        and layer.divisor_override is None
    )


def window_of(layer: nn.Module) -> tuple[int, int] | None:
    """Height and width of the windows of an average pooling that lie side by side; `None` for any other layer."""
    return _pair(layer.kernel_size) if isinstance(layer, nn.AvgPool2d) and _side_by_side(layer) else None


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[1])
