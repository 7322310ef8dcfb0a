"""The eigenvalues of the Hessian as a list with bars, and what they mean."""

from __future__ import annotations

from math import inf

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from netbuilder.train.landscape.curvature import Curvature
from netbuilder.train.landscape.meaning import meaning
from netbuilder.train.recipe import Recipe
from netbuilder.ui.plots.bars import Bar, Bars
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.labels import label

EMPTY = (
    "The eigenvalues of the Hessian tell how steeply the loss curves in each direction: whether this is a valley or a saddle, "
    "and which learning rate it bears."
)
HIGH, LOW = 6, 2
"""How many of the largest and of the smallest eigenvalues are listed."""
FACTS = {"trace": "Trace (sum of all λ)", "condition": "Condition number", "limit": "Stable below 2/λ₁", "slope": "Length of the gradient"}


class CurvatureView(QWidget):
    """Bars for the largest and the smallest eigenvalues, four figures, and sentences."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._shown: tuple[Curvature, Recipe] | None = None
        self.bars = Bars(themes)
        self.bars.setObjectName("landscape.eigenvalues")
        self.bars.setAccessibleName("Eigenvalues of the Hessian")
        self.facts = Facts(FACTS)
        self.words = label(EMPTY, "secondary", self, wrap=True, selectable=True)
        self.words.setObjectName("landscape.meaning")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.bars, self.facts, self.words):
            column.addWidget(part)
        themes.changed.connect(self._show)
        self._show()

    def show_curvature(self, found: Curvature | None, recipe: Recipe | None) -> None:
        """Replace everything; without a curvature say what it would tell."""
        if found is not (self._shown[0] if self._shown is not None else None):
            self._shown = None if found is None or recipe is None else (found, recipe)
            self._show()

    def _show(self) -> None:
        self.bars.setVisible(self._shown is not None)
        self.facts.setVisible(self._shown is not None)
        if self._shown is None:
            self.words.setText(EMPTY)
            return
        found, recipe = self._shown
        self.bars.show_bars(_bars(found, self._themes.current.warning))
        doubt = "" if found.whole else f" ± {found.trace_error:.2g}"
        self.facts.set("trace", f"{found.trace:.4g}{doubt}")
        self.facts.set("condition", "infinite" if found.condition == inf else f"{'' if found.whole else '≥ '}{found.condition:.3g}")
        self.facts.set("limit", "" if found.limit == inf else f"{found.limit:.3g}")
        self.facts.set("slope", f"{found.slope:.3g}")
        self.words.setText("\n\n".join(meaning(found, recipe)))


def _bars(found: Curvature, below: QColor) -> list[Bar]:
    """The largest first, the smallest last; those below zero in another colour."""
    high = list(zip(found.largest, found.errors, strict=True))[:HIGH]
    rest = found.size - len(high)
    low = list(reversed(found.smallest[: min(LOW, rest)]))
    most = max(abs(value) for value in (*found.largest, *found.smallest)) or 1.0
    rows = [(f"λ{_low(n + 1)}", value, f"{value:.4g}") for n, (value, _) in enumerate(high)]
    rows += [(f"λ{_low(found.size - len(low) + n + 1)}", value, f"{value:.3g}") for n, value in enumerate(low)]
    return [Bar(name, abs(value) / most, text, value > 0, below if value < 0 else None) for name, value, text in rows]


def _low(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
