"""A tensor in figures: range, mean, spread, norms, what is zero or no number, and its histogram. Pure NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.generic]
Floats = NDArray[np.float64]
BINS = 41
"""An odd number, so that 0 lies in the middle of a bin when numbers lie on both sides of it."""
NEAR = 1e-3
"""A number counts as near 0 when it is this small beside the largest."""
MOST_SORTED = 4_000_000
"""Numbers among which the median is sought; of more, so many evenly spaced ones."""
_AT_ONCE = 1_000_000
_TINY, _HUGE = 1e-300, 8e307


@dataclass(frozen=True)
class Summary:
    """What is known of `counted` numbers out of `entries`, evenly spaced when they are fewer.

    `nan` and `infinite` are counts, all other figures are those of the `finite` numbers, not a number where there is none;
    `zeros` are exact zeros, `deviation` is that of the whole population (divided by n). `counts` lie between `edges`.
    """

    entries: int
    counted: int
    finite: int
    nan: int
    infinite: int
    zeros: int
    near_zero: int
    minimum: float
    maximum: float
    mean: float
    deviation: float
    median: float
    l1: float
    l2: float
    edges: Floats
    counts: NDArray[np.int64]

    @property
    def sampled(self) -> bool:
        """Whether some of the numbers were left out."""
        return self.counted < self.entries


@np.errstate(over="ignore")
def summarise(values: Numbers, most: int | None = None) -> Summary:
    """The figures of an array of any shape and real type, looking at no more than `most` of its numbers."""
    flat: NDArray[Any] = np.asarray(values).reshape(-1)
    entries = flat.size
    if most is not None and entries > most:
        flat = flat[:: _stride(-(-entries // most), np.shape(values))]
    nans = infinite = zeros = finite = 0
    low, high, mean, squares, l1, l2 = np.inf, -np.inf, 0.0, 0.0, 0.0, 0.0
    for chunk, dropped in _finite(flat):
        nans, infinite = nans + dropped[0], infinite + dropped[1]
        if not chunk.size:
            continue
        zeros += int(chunk.size - np.count_nonzero(chunk))
        low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
        here = float(chunk.mean())
        total, shift = finite + chunk.size, here - mean
        squares += float(((chunk - here) ** 2).sum()) + shift * shift * finite * chunk.size / total
        mean += shift * chunk.size / total
        finite = total
        l1 += float(np.abs(chunk).sum())
        l2 += float((chunk * chunk).sum())
    found = (low, high, mean, sqrt(squares / finite), _median(flat)) if finite else (nan,) * 5
    edges, counts, near = _histogram(flat, low, high)
    return Summary(entries, flat.size, finite, nans, infinite, zeros, near, *found, l1=l1, l2=sqrt(l2), edges=edges, counts=counts)


def _stride(least: int, shape: tuple[int, ...]) -> int:
    """A step of at least this length that falls into no rhythm with any axis."""
    step = least
    while any(gcd(step, size) > 1 for size in shape if size > 1) and step < 2 * least + 64:
        step += 1
    return step


def _finite(flat: NDArray[Any]) -> Iterator[tuple[Floats, tuple[int, int]]]:
    """The finite numbers a million at a time, with how many beside them are no number and how many are infinite."""
    exact = flat.dtype.kind != "f"
    for start in range(0, flat.size, _AT_ONCE):
        chunk = flat[start : start + _AT_ONCE].astype(np.float64)
        if exact:
            yield chunk, (0, 0)
            continue
        known = np.isfinite(chunk)
        nans = int(np.isnan(chunk).sum())
        yield chunk if known.all() else chunk[known], (nans, int(chunk.size - known.sum()) - nans)


def _median(flat: NDArray[Any]) -> float:
    chosen = flat[:: _stride(-(-flat.size // MOST_SORTED), flat.shape)] if flat.size > MOST_SORTED else flat
    known = chosen[np.isfinite(chosen)] if chosen.dtype.kind == "f" else chosen
    return float(np.median(known.astype(np.float64))) if known.size else nan


def _histogram(flat: NDArray[Any], low: float, high: float) -> tuple[Floats, NDArray[np.int64], int]:
    """Edges, counts and how many are near 0: from smallest to largest, as wide to both sides of 0 when they lie on both."""
    counts, near = np.zeros(BINS, np.int64), 0
    if low > high:
        return np.zeros(0), np.zeros(0, np.int64), 0
    reach = max(abs(low), abs(high))
    begin, end = (-reach, reach) if low < 0 < high else (low, high)
    if end - begin <= BINS * np.spacing(reach):
        begin, end = begin - max(reach, _TINY) / 2, end + max(reach, _TINY) / 2
    begin, end = max(begin, -_HUGE), min(end, _HUGE)
    edges = np.linspace(begin, end, BINS + 1)
    for chunk, _ in _finite(flat):
        counts += np.histogram(chunk, BINS, (begin, end))[0]
        near += int((np.abs(chunk) <= NEAR * reach).sum())
    return edges, counts, near
