"""A landscape as a curve, a map or a hill: the same heights on the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netbuilder.app.landscape import Passed
from netbuilder.train.landscape.grid import Landscape, finer
from netbuilder.ui.plots.chart_parts import Axis, Content, Dots, Ink, Line, Mark, axis
from netbuilder.ui.plots.relief import Hill
from netbuilder.ui.plots.terrain import Floats, contours, shaded
from netbuilder.ui.plots.ticks import log_range, say_value
from netbuilder.ui.theme import Theme

FINE = 150
"""Places of the picture's shading along each axis, at least."""
MOST_TICKS = 6
WIDE = 1.0
"""Powers of ten from which on an axis has ticks at powers; narrower ones have round numbers."""


@dataclass(frozen=True)
class Heights:
    """What is drawn of a landscape: the loss or the share of wrong answers, on a plain or a logarithmic scale."""

    chart: Landscape
    error: bool = False
    log: bool = True

    @property
    def name(self) -> str:
        """What is measured."""
        return "error" if self.error else "loss"

    def scaled(self, values: Floats) -> Floats:
        """As drawn: what is no finite number is as high as the highest; on a logarithmic scale 0 is as low as the lowest above it."""
        found = np.asarray(values, float)
        if self.log:
            above = found[np.isfinite(found) & (found > 0)]
            found = np.log10(np.clip(found, above.min() if above.size else 1.0, None))
        known = found[np.isfinite(found)]
        return np.where(np.isnan(found) | np.isposinf(found), known.max() if known.size else 0.0, found)

    def axis(self) -> Axis:
        """From the lowest to the highest, with round numbers."""
        values = self.scaled(self.chart.errors if self.error else self.chart.losses)[self.chart.seen]
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        low, high = (low, high) if high - low > 1e-9 * max(1.0, abs(high)) else (low - 0.5, high + 0.5)
        if not self.log:
            return axis(low, high, self.name)
        plain = axis(10**low, 10**high, ticks=4).ticks
        if high - low < WIDE and plain:
            return Axis(low, high, self.name, tuple((float(np.log10(place)), text) for place, text in plain if place > 0))
        _, _, places = log_range(10**low, 10**high)
        ticks = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
        some = ticks[:: -(-len(ticks) // MOST_TICKS)]
        return Axis(low, high, self.name, tuple((place, say_value(float(f"{10**place:.3g}"))) for place in some))

    def at(self, x: float, y: float) -> tuple[float, float] | None:
        """Loss and error at the nearest known place; nothing outside."""
        chart = self.chart
        column, row = (int(np.abs(places - at).argmin()) for places, at in ((chart.x, x), (chart.y, y)))
        step = (chart.x[-1] - chart.x[0]) / (len(chart.x) - 1)
        if not chart.seen.any() or not chart.x[0] - step <= x <= chart.x[-1] + step:
            return None
        if not chart.seen[row, column]:
            known = np.argwhere(chart.seen)
            row, column = known[np.hypot(known[:, 0] - row, known[:, 1] - column).argmin()]
        return float(chart.losses[row, column]), float(chart.errors[row, column])


def curve(heights: Heights, path: Sequence[Passed]) -> Content:
    """The heights along a line; where it begins, ends or stands is marked."""
    chart = heights.chart
    seen = chart.seen[0]
    values = heights.scaled((chart.errors if heights.error else chart.losses)[0])
    up = heights.axis()
    room = 0.05 * up.span
    up = Axis(up.low - room, up.high + room, up.label, up.ticks)
    across = axis(float(chart.x[0]), float(chart.x[-1]), chart.plane.titles[0])
    marks = [Mark(0.0, "α = 0"), Mark(1.0, "α = 1")] if chart.plane.window == ((-0.25, 1.25),) else [Mark(0.0, "here")]
    line = Line(chart.x[seen], values[seen], "accent", 2.0)
    dots = [Dots(chart.x[seen], values[seen], "accent", 4.0)]
    for passed in path:
        height = np.interp(passed.place[0], chart.x[seen], values[seen]) if seen.any() else np.nan
        dots.append(Dots(np.array([passed.place[0]]), np.array([height]), "warning", 8.0, edge="panel"))
    return Content(across, up, (line,), tuple(dots), tuple(marks))


def chart_map(heights: Heights, path: Sequence[Passed], theme: Theme) -> Content:
    """Tints and contours over a plane, the way of the training, and where the network stands."""
    chart = heights.chart
    values = heights.scaled(chart.filled(error=heights.error))
    window = ((float(chart.x[0]), float(chart.x[-1])), (float(chart.y[0]), float(chart.y[-1])))
    lines = list(contours(values, window)) if chart.done == chart.total else []
    here: Ink = "text"
    dots = [Dots(np.zeros(1), np.zeros(1), here, 12.0, hollow=True), Dots(np.zeros(1), np.zeros(1), here, 4.0)]
    if path:
        x, y = np.array([passed.place for passed in path], float).T
        lines.append(Line(x, y, "warning", 1.8))
        dots.insert(0, Dots(x, y, "warning", 8.0, edge="panel"))
    across, up = (axis(*ends, label) for ends, label in zip(window, chart.plane.titles, strict=True))
    return Content(across, up, tuple(lines), tuple(dots), picture=shaded(finer(values, max(1, FINE // len(chart.x))), theme))


def hill(heights: Heights) -> Hill:
    """The same heights to be seen from the side."""
    chart, up = heights.chart, heights.axis()
    values = (heights.scaled(chart.filled(error=heights.error)) - up.low) / up.span
    across, aside = (
        axis(float(side[0]), float(side[-1]), label) for side, label in zip((chart.x, chart.y), chart.plane.titles, strict=True)
    )
    return Hill(np.clip(values, 0, 1), across, aside, (0.0, 0.0))
