"""Randomness that works only while training."""

import torch
from torch import Tensor, nn


class StochasticDepth(nn.Module):
    """Zeroes whole samples (`row`) or the whole batch with probability `p` while training; the rest is scaled by 1 / (1 − p).

    Huang, Sun, Liu, Sedra & Weinberger: Deep networks with stochastic depth, 2016.
    """

    def __init__(self, p: float, mode: str) -> None:
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0.0:
            return x
        sizes = [x.shape[0] if self.mode == "row" else 1] + [1] * (x.ndim - 1)
        kept = torch.empty(sizes, dtype=x.dtype, device=x.device).bernoulli_(1.0 - self.p)
        if self.p < 1.0:
            kept.div_(1.0 - self.p)
        return x * kept


class GaussianNoise(nn.Module):
    """Adds normal noise of standard deviation `std` while training."""

    def __init__(self, std: float) -> None:
        super().__init__()
        self.std = std

    def forward(self, x: Tensor) -> Tensor:
        return x + self.std * torch.randn_like(x) if self.training else x
