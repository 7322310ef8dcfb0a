"""Sliding windows that torch does not offer: sums along a sequence, and a convolution that looks only back."""

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


class SumPool1d(nn.Module):
    """The sum of each window along (channels, length)."""

    def __init__(self, kernel_size: int, stride: int, padding: int, ceil_mode: bool) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding, self.ceil_mode = kernel_size, stride, padding, ceil_mode

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride, padding = (1, self.kernel_size), (1, self.stride), (0, self.padding)
        return F.avg_pool2d(x.unsqueeze(-2), kernel, stride, padding, self.ceil_mode, divisor_override=1).squeeze(-2)


class CausalConv1d(nn.Conv1d):
    """A convolution along (channels, length) that sees the present and the past only: the border is all in front.

    van den Oord et al.: WaveNet, a generative model for raw audio, 2016.
    """

    def forward(self, x: Tensor) -> Tensor:
        border = (self.dilation[0] * (self.kernel_size[0] - 1), 0)
        return super().forward(F.pad(x, border, mode="constant" if self.padding_mode == "zeros" else self.padding_mode))
