"""Layers that compute forward and backward by themselves, the batch as the innermost axis. Imported only together with torch.

With one value of every sample side by side, the windows of a convolution are copied in long runs, so that layers of few
channels become single matrix products: twice as fast on a CPU as its convolutions, and nothing is recorded for autograd.
Every buffer and view is made once. A link's `input` is filled by the link before it, and `slope`, the gradient of that
input, is what the link before it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

aten: Any = torch.ops.aten

ROWS = 48
"""Rows that a matrix product should have at least to keep a core busy; a tile of several places brings them together."""
WIDEST_TILE = 8


class Activation(NamedTuple):
    """A function that works in place, and the gradient of its input from that of its result and the result (written to `out`)."""

    apply: Callable[[Tensor], Any]
    slope: Callable[[Tensor, Tensor, Tensor], Any]


ACTIVATIONS: dict[type[nn.Module], Activation] = {
    nn.Identity: Activation(lambda y: y, lambda g, y, out: out.copy_(g)),  # noqa: ARG005
    nn.Tanh: Activation(torch.tanh_, lambda g, y, out: aten.tanh_backward.grad_input(g, y, grad_input=out)),
    nn.Sigmoid: Activation(torch.sigmoid_, lambda g, y, out: aten.sigmoid_backward.grad_input(g, y, grad_input=out)),
    nn.ReLU: Activation(torch.relu_, lambda g, y, out: aten.threshold_backward.grad_input(g, y, 0, grad_input=out)),
}


class Tile(NamedTuple):
    """A convolution's places are computed in groups of `height` × `width`, each group from one window of the input."""

    height: int
    width: int

    @classmethod
    def fitting(cls, layer: nn.Conv2d, window: tuple[int, int], places: tuple[int, int]) -> Tile:
        """The smallest tile that gives the product enough rows; it holds whole pooling windows or single places."""
        options = [
            [n for n in range(1, WIDEST_TILE + 1) if not (size % n or (kernel - 1) % n) and (n == 1 or not n % pooled)]
            for kernel, pooled, size in zip(layer.kernel_size, window, places, strict=True)
        ]
        tiles = [cls(*sizes) for sizes in product(*options)]
        rows = min(ROWS, max(layer.out_channels * prod(tile) for tile in tiles))
        return min((tile for tile in tiles if layer.out_channels * prod(tile) >= rows), key=lambda tile: (prod(tile), sum(tile)))


def places_of(layer: nn.Conv2d, sizes: tuple[int, int]) -> tuple[int, int]:
    """Height and width of a convolution's result before pooling."""
    (height, width), (above, beside), (high, wide) = sizes, _margins(layer), layer.kernel_size
    return height + 2 * above - high + 1, width + 2 * beside - wide + 1


class Dense:
    """A linear layer and its activation: `(features, batch)` to `(features, batch)`."""

    def __init__(self, layer: nn.Linear, activation: Activation, batch: int, *, first: bool) -> None:
        self._weight, self._bias, self._activation = layer.weight, layer.bias, activation
        self.shape: tuple[int, ...] = (layer.out_features,)
        self.input = torch.empty(layer.in_features, batch)
        self.slope = torch.empty_like(self.input)
        self._first = first
        self._gradients = _gradients(layer)

    def connect(self, result: Tensor, slope: Tensor) -> None:
        """Where the result is to be written, and where its gradient will stand."""
        self._result, self._incoming = result.view(*self.shape, -1), slope.view(*self.shape, -1)

    def forward(self) -> None:
        """Fill the result."""
        if self._bias is None:
            torch.mm(self._weight, self.input, out=self._result)
        else:
            torch.addmm(self._bias.unsqueeze(1), self._weight, self.input, out=self._result)
        self._activation.apply(self._result)

    def backward(self) -> None:
        """Fill the slope and the gradients of the weights."""
        incoming = self._incoming
        self._activation.slope(incoming, self._result, incoming)
        for parameter, gradient in self._gradients:
            if parameter is self._weight:
                torch.mm(incoming, self.input.t(), out=gradient)
            else:
                torch.sum(incoming, 1, out=gradient)
            parameter.grad = gradient
        if not self._first:
            torch.mm(self._weight.t(), incoming, out=self.slope)


class Convolved:
    """A convolution, its activation and the means of windows side by side: `(channels, height, width, batch)` to the same.

    The convolution is the product of a matrix, which holds the kernel once for every place of a tile, and the windows of
    all tiles. Its last column holds the biases, to be multiplied by ones. Means of 1 × 1 are no pooling.
    """

    def __init__(
        self,
        layer: nn.Conv2d,
        activation: Activation,
        window: tuple[int, int],
        sizes: tuple[int, int],
        batch: int,
        *,
        first: bool,
    ) -> None:
        self._weight, self._bias, self._activation, self._first = layer.weight, layer.bias, activation, first
        self._channels, self._batch = layer.out_channels, batch
        high, wide = places_of(layer, sizes)
        self.shape = (layer.out_channels, high // window[0], wide // window[1])
        self._tile = tile = Tile.fitting(layer, window, (high, wide))
        self._counts = (high // tile.height, wide // tile.width)
        seen = (tile.height + layer.kernel_size[0] - 1, tile.width + layer.kernel_size[1] - 1)
        self._place_windows(layer, sizes, seen)
        self._place_products(layer, seen)
        self._place_means(window)
        slopes = {layer.weight: [part for row in self._kernel_slopes for part in row], layer.bias: list(self._bias_slopes)}
        self._gradients = [(parameter, gradient, slopes[parameter]) for parameter, gradient in _gradients(layer)]

    def _place_windows(self, layer: nn.Conv2d, sizes: tuple[int, int], seen: tuple[int, int]) -> None:
        """The padded input and its slope, and views of both by the tiles that see them."""
        (top, left), (high, wide), tile = _margins(layer), self._counts, self._tile
        padded = torch.zeros(layer.in_channels, sizes[0] + 2 * top, sizes[1] + 2 * left, self._batch)
        inner = (slice(None), slice(top, top + sizes[0]), slice(left, left + sizes[1]))
        self.input = padded[inner]
        channel, row, column, sample = padded.stride()
        shape = (layer.in_channels, *seen, high, wide, self._batch)
        self._seen = padded.as_strided(shape, (channel, row, column, tile.height * row, tile.width * column, sample))
        self._columns = torch.ones(prod(shape[:3]) + 1, prod(shape[3:]))
        self._returned_columns = torch.empty(prod(shape[:3]), prod(shape[3:]))
        self._windows, self._returned = self._columns[:-1].view(shape), self._returned_columns.view(shape)
        self._outer = torch.empty_like(padded)
        self.slope = self._outer[inner]
        self._returns = list(self._overlaps(seen))

    def _overlaps(self, seen: tuple[int, int]) -> Iterator[tuple[Tensor, Tensor]]:
        """What the windows return to the slope: pairs of a part of it and what is added there, none of which overlap in itself."""
        (high, wide), (rows, columns) = self._counts, self._tile
        channels = len(self._outer)
        blocks = self._outer.view(channels, -1, rows, self._outer.shape[2] // columns, columns, self._batch)
        parts = self._returned.view(channels, seen[0] // rows, rows, seen[1] // columns, columns, high, wide, self._batch)
        for y, x in product(range(seen[0] // rows), range(seen[1] // columns)):
            yield blocks[:, y : y + high, :, x : x + wide], parts[:, y, :, x].permute(0, 3, 1, 4, 2, 5)

    def _place_products(self, layer: nn.Conv2d, seen: tuple[int, int]) -> None:
        """The matrices: kernels by tile, windows, results, and the gradients of all three."""
        rows, (columns, count) = prod(self._tile) * self._channels, self._columns.shape
        self._matrix, self._slopes = torch.zeros(rows, columns), torch.empty(rows, columns)
        self._kernels, self._kernel_slopes = (self._diagonals(matrix, layer, seen) for matrix in (self._matrix, self._slopes))
        self._biases, self._bias_slopes = (matrix[:, -1].view(-1, self._channels) for matrix in (self._matrix, self._slopes))
        self._results, self._result_slopes = (torch.empty(rows, count) for _ in range(2))

    def _diagonals(self, matrix: Tensor, layer: nn.Conv2d, seen: tuple[int, int]) -> Tensor:
        """The places of the kernel in the matrix: (tile height, tile width, *kernel), shifted by one from place to place."""
        row, columns = matrix.stride(0), (prod(seen), seen[1], 1)
        strides = (self._tile.width * self._channels * row + columns[1], self._channels * row + columns[2], row, *columns)
        return matrix.as_strided((*self._tile, *layer.weight.shape), strides)

    def _place_means(self, window: tuple[int, int]) -> None:
        """Views of the results and their slopes by the place within a window, which lies within a tile or spans several."""
        inside = [size if tile > 1 else 1 for size, tile in zip(window, self._tile, strict=True)]
        across = [size // part for size, part in zip(window, inside, strict=True)]
        split = [part for tile, part in zip(self._tile, inside, strict=True) for part in (tile // part, part)]
        spread = [part for count, size in zip(self._counts, across, strict=True) for part in (count // size, size)]
        shape = (*split, self._channels, *spread, self._batch)
        self._by_place, self._slopes_by_place = self._results.view(shape), self._result_slopes.view(shape)
        ranges = map(range, (*inside, *across))
        self._places = [self._by_place[:, a, :, b, :, :, c, :, d] for a, b, c, d in product(*ranges)]
        self._means = torch.empty_like(self._places[0], memory_format=torch.contiguous_format)
        self._spread = self._means[:, None, :, None, :, :, None, :, None].expand(shape)
        self._share = 1.0 / prod(window)

    def connect(self, result: Tensor, slope: Tensor) -> None:
        """Where the result is to be written, and where its gradient will stand."""
        above, beside, channels, high, wide, batch = self._means.shape
        self._result, self._incoming = (
            each.view(*self.shape, batch).view(channels, high, above, wide, beside, batch).permute(2, 4, 0, 1, 3, 5)
            for each in (result, slope)
        )

    def forward(self) -> None:
        """Fill the result."""
        self._windows.copy_(self._seen)
        self._kernels.copy_(self._weight.expand(self._kernels.shape))
        if self._bias is not None:
            self._biases.copy_(self._bias.expand_as(self._biases))
        torch.mm(self._matrix, self._columns, out=self._results)
        self._activation.apply(self._results)
        if len(self._places) == 1:
            self._result.copy_(self._places[0])
            return
        torch.add(self._places[0], self._places[1], out=self._means)
        for place in self._places[2:]:
            self._means.add_(place)
        torch.mul(self._means, self._share, out=self._result)

    def backward(self) -> None:
        """Fill the slope and the gradients of the weights."""
        torch.mul(self._incoming, self._share, out=self._means)
        self._activation.slope(self._spread, self._by_place, self._slopes_by_place)
        if self._gradients:
            torch.mm(self._result_slopes, self._columns.t(), out=self._slopes)
        for parameter, gradient, slopes in self._gradients:
            gradient.copy_(slopes[0])
            for more in slopes[1:]:
                gradient.add_(more)
            parameter.grad = gradient
        if not self._first:
            torch.mm(self._matrix[:, :-1].t(), self._result_slopes, out=self._returned_columns)
            self._outer.zero_()
            for part, added in self._returns:
                part.add_(added)


def _gradients(layer: nn.Module) -> list[tuple[nn.Parameter, Tensor]]:
    """The weights of a layer that learn, each with a place for its gradient."""
    return [(parameter, torch.empty_like(parameter, requires_grad=False)) for parameter in layer.parameters() if parameter.requires_grad]


def _margins(layer: nn.Conv2d) -> tuple[int, int]:
    assert not isinstance(layer.padding, str), "chain.py lets only numbers pass"
    above, beside = layer.padding
    return above, beside
