"""What transformers add to a sequence of vectors, and tensors that depend on no input."""

import math

import torch
from torch import Tensor, nn


class LearnedTensor(nn.Module):
    """A learned tensor that depends on no input, with a first axis of size 1 for the batch."""

    def __init__(self, shape: tuple[int, ...], initial: str = "normal", value: float = 0.0) -> None:
        super().__init__()
        if initial == "normal":
            self.value = nn.Parameter(torch.randn(1, *shape) * 0.02)
        else:
            self.value = nn.Parameter(torch.full((1, *shape), value))

    def forward(self) -> Tensor:
        return self.value


class FixedTensor(nn.Module):
    """A fixed tensor, with a first axis of size 1 for the batch: one value everywhere, or `values` in row order."""

    value: Tensor

    def __init__(self, shape: tuple[int, ...], value: float = 0.0, values: tuple[float, ...] = ()) -> None:
        super().__init__()
        filled = torch.tensor(values, dtype=torch.float32) if values else torch.full((math.prod(shape),), value)
        self.register_buffer("value", filled.reshape(1, *shape))

    def forward(self) -> Tensor:
        return self.value


class ClassToken(nn.Module):
    """Puts one learned vector before the row: (batch, n, channels) -> (batch, n + 1, channels). Dosovitskiy et al. 2021."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, channels))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)


class LearnedPosition(nn.Module):
    """Adds a learned vector to each place of a row (batch, n, channels)."""

    def __init__(self, length: int, channels: int) -> None:
        super().__init__()
        self.embedding = nn.Parameter(torch.randn(1, length, channels) * 0.02)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.embedding


class SinusoidalPosition(nn.Module):
    """Adds sines and cosines of wavelengths from 2π to 10,000 · 2π to a row. Vaswani et al. 2017, section 3.5."""

    waves: Tensor

    def __init__(self, length: int, channels: int) -> None:
        super().__init__()
        place = torch.arange(length, dtype=torch.float32)[:, None]
        rate = torch.exp(torch.arange(0, channels, 2, dtype=torch.float32) * (-math.log(10_000.0) / channels))
        waves = torch.stack([torch.sin(place * rate), torch.cos(place * rate)], dim=-1).flatten(1)[:, :channels]
        self.register_buffer("waves", waves, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.waves


class PatchEmbedding(nn.Module):
    """Cuts an image into square patches and turns each into a vector: (batch, patches, channels). Dosovitskiy et al. 2021."""

    def __init__(self, in_channels: int, embed_dim: int, patch_size: tuple[int, int], bias: bool = True) -> None:
        super().__init__()
        self.projection = nn.Conv2d(in_channels, embed_dim, patch_size, patch_size, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        maps: Tensor = self.projection(x)
        return maps.flatten(2).transpose(1, 2)
