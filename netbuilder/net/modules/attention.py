"""Attention with inputs that may be left out, and attention inside the windows of an image."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class Attention(nn.MultiheadAttention):
    """Multi-head attention, batch first, that gives its result only; `key` and `value` are the query where they are left out.

    Vaswani et al. 2017. `causal` keeps each place from looking at later ones. Weights are named as those of torch.
    """

    def __init__(self, embed_dim: int, num_heads: int, causal: bool = False, **more: float | bool | None) -> None:
        super().__init__(embed_dim, num_heads, batch_first=True, **more)
        self.causal = causal

    def forward(self, query: Tensor, key: Tensor | None = None, value: Tensor | None = None) -> Tensor:  # type: ignore[override]
        key = query if key is None else key
        value = key if value is None else value
        later = None
        if self.causal:
            later = torch.ones(query.shape[1], key.shape[1], dtype=torch.bool, device=query.device).triu(1)
        return super().forward(query, key, value, need_weights=False, attn_mask=later)[0]


class WindowAttention(nn.Module):
    """Self-attention inside square windows of an image, channels last, with a learned bias for each relative position.

    Liu et al. 2021, equation 4. With `shift` the windows are moved by half their size, and parts of the image that
    do not belong together are kept from seeing each other. Sizes that the window does not divide are padded with zeros.
    """

    relative_position_index: Tensor

    def __init__(self, dim: int, num_heads: int, window_size: int = 7, shift: bool = False, bias: bool = True) -> None:
        super().__init__()
        self.num_heads, self.window_size, self.shift = num_heads, window_size, shift
        self.qkv = nn.Linear(dim, 3 * dim, bias=bias)
        self.proj = nn.Linear(dim, dim, bias=bias)
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window_size - 1) ** 2, num_heads))
        nn.init.trunc_normal_(self.relative_position_bias_table, std=0.02)
        places = [(y, x) for y in range(window_size) for x in range(window_size)]
        span, edge = 2 * window_size - 1, window_size - 1
        index = [(y - v + edge) * span + x - u + edge for y, x in places for v, u in places]
        self.register_buffer("relative_position_index", torch.tensor(index))

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[1], x.shape[2]
        size = self.window_size
        x = F.pad(x, (0, 0, 0, -width % size, 0, -height % size))
        rows, columns = x.shape[1] // size, x.shape[2] // size
        down = size // 2 if self.shift and rows > 1 else 0
        right = size // 2 if self.shift and columns > 1 else 0
        if down or right:
            x = torch.roll(x, shifts=(-down, -right), dims=(1, 2))
        x = self.attend(self.split(x, rows, columns), self.apart(rows, columns, down, right, x))
        x = x.reshape(-1, rows, columns, size, size, x.shape[-1]).transpose(2, 3).reshape(-1, rows * size, columns * size, x.shape[-1])
        if down or right:
            x = torch.roll(x, shifts=(down, right), dims=(1, 2))
        return x[:, :height, :width]

    def split(self, x: Tensor, rows: int, columns: int) -> Tensor:
        """(batch, windows, places, channels)."""
        size = self.window_size
        parts = x.reshape(-1, rows, size, columns, size, x.shape[-1]).transpose(2, 3)
        return parts.reshape(-1, rows * columns, size * size, x.shape[-1])

    def apart(self, rows: int, columns: int, down: int, right: int, x: Tensor) -> Tensor | None:
        """−100 for places of one window that come from different parts of the image: (1, windows, 1, places, places)."""
        if not (down or right):
            return None
        size = self.window_size
        y = torch.arange(rows * size, device=x.device)[:, None]
        z = torch.arange(columns * size, device=x.device)[None, :]
        below = (y >= rows * size - size).long() + (y >= rows * size - down).long() if down else torch.zeros_like(y)
        beside = (z >= columns * size - size).long() + (z >= columns * size - right).long() if right else torch.zeros_like(z)
        regions = self.split((3 * below + beside)[None, :, :, None], rows, columns)[..., 0]
        different = regions[:, :, :, None] != regions[:, :, None, :]
        return different[:, :, None].to(x.dtype) * -100.0

    def attend(self, x: Tensor, apart: Tensor | None) -> Tensor:
        """Attention among the places of each window."""
        _, windows, places, channels = x.shape
        heads = self.num_heads
        qkv = self.qkv(x).reshape(-1, windows, places, 3, heads, channels // heads).permute(3, 0, 1, 4, 2, 5)
        scores = (qkv[0] * (channels // heads) ** -0.5) @ qkv[1].transpose(-2, -1)
        bias = self.relative_position_bias_table[self.relative_position_index].reshape(places, places, heads)
        scores = scores + bias.permute(2, 0, 1)
        if apart is not None:
            scores = scores + apart
        mixed = scores.softmax(-1) @ qkv[2]
        result: Tensor = self.proj(mixed.transpose(2, 3).reshape(-1, windows, places, channels))
        return result
