"""How the numbers of a tensor are spread: most are near 0, and a penalty on |w| drives them onto it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from netbuilder.core.format import count
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Ink, Line, axis
from netbuilder.ui.theme import Themes

BINS = 41
"""An odd number, so that 0 lies in the middle of a bin."""
NEAR = 1e-3
"""A number counts as 0 when it is this small beside the largest."""


class Histogram(Chart):
    """Bins around 0, as wide to both sides. `said` gives mean, deviation and the share of zeros in words."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, empty="There are no finite numbers to count.", parent=parent)
        self.setAccessibleName("Histogram of the weights")
        self.describe = self._bin
        self.said = ""
        self._edges = np.zeros(0)
        self._counts = np.zeros(0, np.int64)

    def show_values(self, values: NDArray[np.floating[Any]]) -> None:
        """Count the numbers of an array of any shape; those that are not finite are left out."""
        known = np.asarray(values, np.float64).ravel()
        known = known[np.isfinite(known)]
        self.said = ""
        if not len(known):
            self.show_content(None)
            return
        reach = float(np.abs(known).max()) or 1.0
        self._counts, self._edges = np.histogram(known, BINS, (-reach, reach))
        zeros = float((np.abs(known) <= NEAR * reach).mean())
        self.said = f"{known.mean():+.3g} ± {known.std():.3g} · {zeros:.1%} near 0"
        self.setAccessibleDescription(self.said)
        steps = Line(np.repeat(self._edges, 2), np.concatenate([[0], np.repeat(self._counts, 2), [0]]), filled=True)
        up = axis(0.0, 1.05 * float(self._counts.max()), self.said, 3)
        self.show_content(Content(axis(-reach, reach, "value", 4), up, (steps,)))

    def _bin(self, x: float, _y: float) -> list[tuple[str, Ink]]:
        at = int(np.searchsorted(self._edges, x)) - 1
        if not 0 <= at < len(self._counts):
            return []
        return [(f"{self._edges[at]:+.3g} … {self._edges[at + 1]:+.3g}", "secondary"), (f"{count(int(self._counts[at]))} weights", "text")]
