"""The landscape of the playground with the racers' paths on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from netbuilder.train.playground import SURFACES, Positions, Surface
from netbuilder.ui.plots.chart_parts import Content, Dots, Line, axis
from netbuilder.ui.plots.terrain import Floats, contours, heights, shaded
from netbuilder.ui.theme import Theme


def drawn(surface: Surface, seen: Sequence[Positions], theme: Theme) -> Content:
    """A curve for one coordinate, contours for two; every racer's way up to now, and where it stands."""
    paths = [np.array([each.points[number] for each in seen], float) for number in range(len(seen[0].points))]
    return _flat(surface, paths) if len(surface.window) == 1 else _deep(surface, paths, theme)


def _flat(surface: Surface, paths: Sequence[Floats]) -> Content:
    low, high = surface.window[0]
    x = np.linspace(low, high, 400)
    y = surface.values(x)
    room = 0.06 * float(y.max() - y.min())
    lines, dots = [Line(x, y, "secondary", 1.5)], []
    for number, path in enumerate(paths):
        up = surface.values(path[:, 0])
        lines.append(Line(path[:, 0], up, number, 1.4))
        dots += [Dots(path[:, 0], up, number, 5.0), Dots(path[-1:, 0], up[-1:], number, 11.0, edge="panel")]
    return Content(axis(low, high, "x"), axis(float(y.min()) - room, float(y.max()) + room, "f(x)"), tuple(lines), tuple(dots))


def _deep(surface: Surface, paths: Sequence[Floats], theme: Theme) -> Content:
    (left, right), (bottom, top) = surface.window
    squeezed, lines = _terrain(surface.name)
    deepest = np.array(surface.minima or [(np.nan, np.nan)])
    ways, dots = [], [Dots(deepest[:, 0], deepest[:, 1], "good", 11.0, hollow=True)]
    for number, path in enumerate(paths):
        ways.append(Line(path[:, 0], path[:, 1], number, 2.0))
        dots += [Dots(path[:, 0], path[:, 1], number, 4.0), Dots(path[-1:, 0], path[-1:, 1], number, 12.0, edge="panel")]
    return Content(axis(left, right, "x"), axis(bottom, top, "y"), (*lines, *ways), tuple(dots), picture=shaded(squeezed, theme))


@cache
def _terrain(name: str) -> tuple[Floats, tuple[Line, ...]]:
    """Heights and contours of a surface, made once."""
    surface = SURFACES[name]
    found = heights(surface)
    return found, contours(found, surface.window)
