"""A window that slides over a small input, with the sum written out: convolution and pooling by hand. Pure NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[int, int]
Operation = Literal["convolution", "maximum", "average", "sum"]
OPERATIONS: Mapping[str, Operation] = {"conv": "convolution", "maxpool": "maximum", "avgpool": "average", "sumpool": "sum"}
"""What layers do in their windows, by their names without dimensions."""
MOST_CELLS = 12
"""Rows and columns of an input that can be looked at cell by cell."""


@dataclass(frozen=True)
class Window:
    """How the window goes: its size, steps, padding and gaps along rows and columns.

    `padding` is the border in front; that `behind` is as wide unless it says otherwise.
    """

    operation: Operation
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    behind: Pair | None = None

    @property
    def margins(self) -> tuple[Pair, Pair]:
        """Rows of padding above and below, and columns before and behind."""
        (top, left), (bottom, right) = self.padding, self.behind or self.padding
        return (top, bottom), (left, right)

    @property
    def reach(self) -> Pair:
        """Rows and columns from the first to the last cell of the window."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilation, strict=True))  # type: ignore[return-value]

    @property
    def small(self) -> bool:
        """Whether it fits an input that can be looked at cell by cell."""
        return all(r - sum(pads) <= MOST_CELLS for r, pads in zip(self.reach, self.margins, strict=True))

    def output(self, shape: Pair) -> Pair:
        """Rows and columns of the output of an input of `shape`; none where the window does not fit."""
        sizes = zip(shape, self.margins, self.reach, self.stride, strict=True)
        return tuple(max(0, (n + sum(pads) - r) // s + 1) for n, pads, r, s in sizes)  # type: ignore[return-value]

    def example(self) -> Pair:
        """Rows and columns of an input in which the window takes a few steps both ways."""
        wanted = zip(self.kernel_size, self.reach, self.stride, map(sum, self.margins), strict=True)
        return tuple(1 if k == 1 and r == 1 and s == 1 and p == 0 else min(max(r + 2 * s - p, 4), MOST_CELLS) for k, r, s, p in wanted)  # type: ignore[return-value]


def window_of(layer: str, settings: Mapping[str, Any]) -> Window | None:
    """The window of a layer, of volumes that of one slice, of sequences that of one row; nothing for layers without one."""
    operation = OPERATIONS.get(layer[:-2])
    if operation is None or layer[-2:] not in ("1d", "2d", "3d"):
        return None
    size = _pair(settings["kernel_size"], layer, 1)
    dilation = _pair(settings.get("dilation", 1), layer, 1)
    padding, behind = settings.get("padding", 0), None
    if isinstance(padding, str):
        whole = tuple(0 if padding == "valid" else d * (k - 1) for k, d in zip(size, dilation, strict=True))
        pads = whole if padding == "causal" else tuple(n // 2 for n in whole)
        behind = tuple(n - before for n, before in zip(whole, pads, strict=True))
    else:
        pads = _pair(padding, layer, 0)
    stride = settings.get("stride")
    if stride is None:
        stride = settings["kernel_size"] if operation != "convolution" else 1
    return Window(operation, size, _pair(stride, layer, 1), pads, dilation, None if behind == pads else behind)  # type: ignore[arg-type]


def _pair(value: Any, layer: str, alone: int) -> Pair:
    """A setting along the last two axes; a sequence has one row, along which `alone` holds."""
    many = tuple(value) if isinstance(value, tuple | list) else (value,)
    if layer.endswith("1d"):
        return (alone, int(many[-1]))
    return (int(many[-2]) if len(many) > 1 else int(many[0]), int(many[-1]))


@dataclass(frozen=True)
class Sliding:
    """A window on an input (rows, columns), for a convolution with weights of its kernel's size."""

    window: Window
    values: Floats
    weights: Floats
    bias: float = 0.0

    @property
    def shape(self) -> Pair:
        """Rows and columns of the output."""
        return self.window.output((self.values.shape[0], self.values.shape[1]))

    @property
    def steps(self) -> int:
        """How many places the window takes."""
        return self.shape[0] * self.shape[1]

    @cached_property
    def padded(self) -> Floats:
        """The input with its padding: zeros, or −∞ where the greatest is looked for."""
        empty = -np.inf if self.window.operation == "maximum" else 0.0
        return np.pad(self.values, self.window.margins, constant_values=empty)

    def cells(self, step: int) -> list[Pair]:
        """The cells of the padded input under the window in a step, row by row."""
        row, column = divmod(step, self.shape[1])
        (height, width), (down, across) = self.window.kernel_size, self.window.dilation
        top, left = row * self.window.stride[0], column * self.window.stride[1]
        return [(top + down * i, left + across * j) for i in range(height) for j in range(width)]

    def under(self, step: int) -> Floats:
        """The numbers under the window, row by row."""
        return np.array([self.padded[cell] for cell in self.cells(step)])

    def result(self, step: int) -> float:
        """What the window makes of them."""
        under = self.under(step)
        match self.window.operation:
            case "convolution":
                return float((under * self.weights.ravel()).sum() + self.bias)
            case "maximum":
                return float(under.max())
            case "average":
                return float(under.mean())
        return float(under.sum())

    @cached_property
    def output(self) -> Floats:
        """All results (rows, columns)."""
        return np.array([self.result(step) for step in range(self.steps)]).reshape(self.shape)

    def written(self, step: int) -> str:
        """The sum of a step written out: `1·2 + 0·3 + … = 12`."""
        under, result = [say(value) for value in self.under(step)], say(self.result(step))
        match self.window.operation:
            case "convolution":
                terms = [f"{value}·{_signed(weight)}" for value, weight in zip(under, self.weights.ravel(), strict=True)]
                return " + ".join(terms) + (f" + {_signed(self.bias)}" if self.bias else "") + f" = {result}"
            case "maximum":
                return f"max({', '.join(under)}) = {result}"
            case "average":
                return f"({' + '.join(map(_bracketed, under))}) / {len(under)} = {result}"
        return " + ".join(map(_bracketed, under)) + f" = {result}"

    def matrix(self) -> Floats:
        """(outputs, inputs): the linear map from the flattened input to the flattened output without bias.

        A row for each place of the window; in one dimension the banded Toeplitz matrix. Of `maximum` there is none.
        """
        rows, columns = self.values.shape
        (top, left), weights = self.window.padding, self._weights()
        found = np.zeros((self.steps, rows * columns))
        for step in range(self.steps):
            for (row, column), weight in zip(self.cells(step), weights, strict=True):
                if 0 <= row - top < rows and 0 <= column - left < columns:
                    found[step, (row - top) * columns + column - left] += weight
        return found

    def shares(self) -> NDArray[np.int64]:
        """(outputs, inputs): which weight of the kernel stands in each place of `matrix`, counted from 1; 0 for none."""
        numbered = np.arange(1, self.window.kernel_size[0] * self.window.kernel_size[1] + 1, dtype=np.float64)
        one = Sliding(Window("convolution", *_rest(self.window)), self.values, numbered.reshape(self.window.kernel_size))
        return one.matrix().astype(np.int64)

    def _weights(self) -> Floats:
        count = self.window.kernel_size[0] * self.window.kernel_size[1]
        if self.window.operation == "convolution":
            return self.weights.ravel()
        return np.full(count, 1 / count if self.window.operation == "average" else 1.0)


def example(window: Window, shape: Pair, seed: int = 1) -> Sliding:
    """A window on an input of small whole numbers, with small whole weights."""
    random = np.random.default_rng(seed)
    weights = random.integers(-1, 3, window.kernel_size).astype(np.float64)
    return Sliding(window, random.integers(0, 10, shape).astype(np.float64), weights)


def say(value: float) -> str:
    """A number in few characters: `12`, `−0.25`, `−∞`."""
    if np.isinf(value):
        return "−∞"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return text.replace("-", "−")


def _signed(weight: float) -> str:
    return _bracketed(say(weight))


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _rest(window: Window) -> tuple[Pair, Pair, Pair, Pair, Pair | None]:
    return window.kernel_size, window.stride, window.padding, window.dilation, window.behind
