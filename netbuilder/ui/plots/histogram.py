"""How the numbers of a tensor are spread: most weights are near 0, and a penalty on |w| drives them onto it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from netbuilder.core.format import count
from netbuilder.probe.summary import Summary, summarise
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Content, Ink, Line, axis
from netbuilder.ui.theme import Themes


class Histogram(Chart):
    """The bins of a `Summary`. `said` gives mean, deviation and the share near 0 in words; `word` is what one number is called."""

    def __init__(self, themes: Themes, word: str = "weight", parent: QWidget | None = None) -> None:
        super().__init__(themes, empty="There are no finite numbers to count.", parent=parent)
        self.word = word
        self.setAccessibleName(f"Histogram of the {self._words(2)}")
        self.describe = self._bin
        self.said = ""
        self._summary: Summary | None = None

    def show_values(self, values: NDArray[np.generic]) -> None:
        """Count the numbers of an array of any shape; those that are not finite are left out."""
        self.show_summary(summarise(values))

    def show_summary(self, summary: Summary | None) -> None:
        """Show what is counted already."""
        self._summary = summary if summary is not None and summary.finite else None
        self.said = ""
        if self._summary is None:
            self.show_content(None)
            return
        found: Any = self._summary
        self.said = f"{found.mean:+.3g} ± {found.deviation:.3g} · {found.near_zero / found.finite:.1%} near 0"
        self.setAccessibleDescription(self.said)
        edges, counts = found.edges, found.counts
        steps = Line(np.repeat(edges, 2), np.concatenate([[0], np.repeat(counts, 2), [0]]), filled=True)
        up = axis(0.0, 1.05 * float(counts.max()), self.said, 3)
        self.show_content(Content(axis(float(edges[0]), float(edges[-1]), "value", 4), up, (steps,)))

    def _bin(self, x: float, _y: float) -> list[tuple[str, Ink]]:
        if self._summary is None:
            return []
        edges, counts = self._summary.edges, self._summary.counts
        at = int(np.searchsorted(edges, x)) - 1
        if not 0 <= at < len(counts):
            return []
        number = int(counts[at])
        return [(f"{edges[at]:+.3g} … {edges[at + 1]:+.3g}", "secondary"), (f"{count(number)} {self._words(number)}", "text")]

    def _words(self, number: int) -> str:
        if number == 1:
            return self.word
        return f"{self.word[:-1]}ies" if self.word.endswith("y") else f"{self.word}s"
