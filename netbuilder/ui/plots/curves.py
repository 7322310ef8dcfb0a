"""The curves of one plot and the part of them that is in view; knows numbers, no widgets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil

import numpy as np

from netbuilder.ui.plots.series import Array, Series, smooth, thin
from netbuilder.ui.plots.strokes import Role
from netbuilder.ui.plots.ticks import log_range, say_value, value_range

Range = tuple[float, float]
Lines = list[tuple[float, str]]
"""Heights with what is written beside them."""


@dataclass
class Curve:
    """One curve: `colour` numbers a run among several, `dirty` asks to be drawn again."""

    label: str
    role: Role
    colour: int | None = None
    series: Series = field(default_factory=Series)
    dirty: bool = True

    @property
    def entry(self) -> tuple[str, str]:
        """Its line of the legend: the label and, where a point stands for a whole epoch, its newest value."""
        value = f"{self.series.last[1]:.4f}" if self.role == "validation" and self.series.last is not None else ""
        return self.label, value


@dataclass
class Curves:
    """Curves by key, and how to look at them: zoomed in x, on a logarithmic axis, smoothed, within limits of y."""

    known: dict[str, Curve] = field(default_factory=dict)
    zoom: Range | None = None
    log: bool = False
    smoothing: float = 0.0
    limits: Range | None = None

    def __iter__(self) -> Iterator[Curve]:
        return iter(self.known.values())

    @property
    def empty(self) -> bool:
        """Whether no curve has a point."""
        return not any(len(curve.series) for curve in self)

    @property
    def dirty(self) -> bool:
        """Whether a curve has to be drawn again."""
        return any(curve.dirty for curve in self)

    def touch(self) -> None:
        """Have every curve drawn again."""
        for curve in self:
            curve.dirty = True

    def clear(self) -> None:
        """Remove all points; curves stay known, and everything that comes is in view."""
        for curve in self:
            curve.series.clear()
        self.touch()
        self.zoom = None

    def ends(self) -> Range:
        """Where the x axis begins and ends: the zoom, else whole epochs around all points."""
        return self.whole() if self.zoom is None else self.zoom

    @property
    def newest(self) -> float:
        """The x of the newest point of all curves."""
        return max((curve.series.last[0] for curve in self if curve.series.last is not None), default=1.0)

    def whole(self) -> Range:
        """The x axis with everything in view."""
        return 0.0, float(max(1, ceil(self.newest - 1e-9)))

    def zoom_at(self, x: float, factor: float) -> None:
        """Make the x axis `factor` times as long, with `x` in its place; not beyond the points, nor below 1/10,000 of them."""
        low, high = self.ends()
        _, end = self.whole()
        low, high = max(0.0, x - (x - low) * factor), min(end, x + (high - x) * factor)
        if high - low > end * 1e-4:
            self.zoom = None if (low, high) == (0.0, end) else (low, high)

    def frame(self) -> tuple[Range, Range, Lines] | None:
        """Both ranges with the labelled horizontal lines, or `None` when nothing is in view."""
        ends = self.ends()
        values = [y for curve in self for y in (self._in_view(curve, ends),) if len(y)]
        if not values:
            return None
        low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
        if self.limits is not None and self.zoom is None and not self.log:
            low, high = min(low, self.limits[0]), max(high, self.limits[1])
        return ends, *_axis(low, high, self.log)

    def shown(self, curve: Curve, ends: Range, columns: int) -> tuple[Array, Array]:
        """The points of a curve to draw between two ends on so many pixels."""
        x, y = curve.series.arrays()
        if self.smoothing and curve.role == "train":
            y = smooth(y, max(1, int(self.smoothing * len(y))))
        if self.log:
            keep = y > 0
            x, y = x[keep], np.log10(y[keep])
        return thin(x, y, *ends, columns)

    def to_csv(self, unit: str, value: str) -> str:
        """Every stored point: `curve,<unit>,<value>`."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["curve", unit, value])
        for curve in self:
            x, y = curve.series.arrays()
            writer.writerows([curve.label, f"{a:.6g}", f"{b:.8g}"] for a, b in zip(x, y, strict=True))
        return text.getvalue()

    def _in_view(self, curve: Curve, ends: Range) -> Array:
        x, y = curve.series.arrays()
        y = y[(x >= ends[0]) & (x <= ends[1])] if self.zoom is not None else y
        return y[y > 0] if self.log else y


@lru_cache(maxsize=16)
def _axis(low: float, high: float, log: bool) -> tuple[Range, Lines]:
    """The range of y around two values, and its labelled lines."""
    if log:
        bottom, top, places = log_range(max(low, 1e-12), max(high, 1e-12))
        return (bottom, top), [(place, say_value(float(f"{10**place:.1g}"))) for place in places]
    bottom, top, places = value_range(low, high)
    return (bottom, top), [(place, say_value(place)) for place in places]
