"""An activation as a curve with its derivative, drawn from the layer's own function."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.layers.declare import Layer
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Floats, Ink, Line, Mark, axis, colour
from netbuilder.ui.plots.margins import Legend
from netbuilder.ui.widgets.labels import label

REACH, POINTS, STEP = 5.0, 401, 1e-4
HEIGHT = 168


class ActivationCurve(QWidget):
    """f(x) and f′(x) from −5 to 5; not a number where the layer has none, as the logarithm of a negative one."""

    def __init__(self, context: UiContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._subject = context, subject
        self._layer: Layer | None = None
        self.chart = Chart(context.themes)
        self.chart.setObjectName("inspector.curve")
        self.chart.setFixedHeight(HEIGHT)
        self.chart.describe = self._describe
        self._legend = Legend(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.chart)
        column.addWidget(self._legend)
        self._drawn = label("", "secondary", self, wrap=True)
        column.addWidget(self._drawn)
        context.themes.changed.connect(self._show_legend)
        self._show_legend()

    def refresh(self, analysis: Analysis) -> None:
        """Draw the curve of the layer as it is set now."""
        answer = analysis.nodes.get(self._subject.id)
        layer = answer.layer if answer is not None else None
        if layer is None or layer == self._layer:
            return
        self._layer = layer
        self._drawn.setText(layer.drawn)
        self._drawn.setVisible(bool(layer.drawn))
        x, y, slope = curve(layer)
        both = np.concatenate((y[np.isfinite(y)], slope[np.isfinite(slope)], [0.0, 1.0]))
        low, high = max(float(both.min()), -REACH), min(float(both.max()), REACH)
        room = 0.06 * (high - low)
        lines = (Line(x, slope, "warning", 1.4, dashed=True), Line(x, y, "accent", 2.0))
        zero = Mark(0.0, "", "line", dashed=False)
        self.chart.show_content(Content(axis(-REACH, REACH, "x"), axis(low - room, high + room), lines, marks=(zero,)))
        self.chart.setAccessibleName(f"Curve of {layer.about.title} and its derivative")

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        if self._layer is None:
            return []
        value, slope = _at(self._layer, x), _slope(self._layer, x)
        return [(f"x {x:.2f}", "secondary"), (f"f(x) {value:.4f}", "accent"), (f"f′(x) {slope:.4f}", "warning")]

    def _show_legend(self) -> None:
        theme = self._context.themes.current
        pens = [QPen(colour(theme, ink), 2) for ink in ("accent", "warning")]
        self._legend.show_entries([("f(x)", "", pens[0]), ("f′(x), the derivative", "", pens[1])], theme)


@lru_cache(maxsize=64)
def curve(layer: Layer) -> tuple[Floats, Floats, Floats]:
    """x, f(x) and f′(x); nan where there is no value, and a gap in the derivative where the function jumps."""
    x = np.linspace(-REACH, REACH, POINTS)
    y = np.array([_at(layer, float(place)) for place in x])
    slope = np.array([_slope(layer, float(place)) for place in x])
    return x, y, np.where(np.abs(slope) > 1 / (20 * STEP), np.nan, slope)


def _at(layer: Layer, x: float) -> float:
    value = layer.sketch(x)
    return float("nan") if value is None else value


def _slope(layer: Layer, x: float) -> float:
    return (_at(layer, x + STEP) - _at(layer, x - STEP)) / (2 * STEP)
