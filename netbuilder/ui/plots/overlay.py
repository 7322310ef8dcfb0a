"""What stands above the curves: the mark of the best epoch with its label, the cursor line with its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.plots.curves import Curves
from netbuilder.ui.plots.label_place import BREATH, free_place, is_free
from netbuilder.ui.plots.series import value_at
from netbuilder.ui.plots.strokes import stroke
from netbuilder.ui.theme import Theme

if TYPE_CHECKING:
    from netbuilder.ui.plots.surface import Surface

HEIGHT = 0.4
"""How far down the values of the cursor stand, as a share of the area."""


class Overlay:
    """The marks of one surface, looked after whenever it is drawn. `overhang` is what the label may stick out on the right.

    Curves grow on the right: a label that lies left of the newest point stays where it is until the view changes.
    """

    def __init__(self, surface: Surface, overhang: int) -> None:
        self._surface, self._overhang = surface, overhang
        self.chip = Chip(surface.viewport())
        self.best_label = QLabel(surface.viewport())
        self.best_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._placed: object = None
        self._settled = False

    def apply(self, theme: Theme) -> None:
        """Take on a theme's colours."""
        self.best_label.setStyleSheet(f"color: {theme.good.name()}; background: transparent; font-size: 11px;")

    def forget(self) -> None:
        """Curves have become others: look anew for the place of the label."""
        self._placed = None

    def show_best(self, best: tuple[float, str] | None, curves: Curves) -> None:
        """Mark the best epoch, with its label where it hides no curve; not outside the view."""
        low, high = curves.ends()
        inside = best is not None and low <= best[0] <= high
        self._surface.mark_best(best[0] if best is not None and inside else None)
        if inside == self.best_label.isHidden():
            self.best_label.setVisible(inside)
        if best is None or not inside:
            return
        what = (best, self._surface.area(), self._surface.ranges)
        if what != self._placed or not (self._settled or self._is_free()):
            self._placed = what
            self._place(*best)
            newest = self._surface.across(curves.newest)
            self._settled = newest > self.best_label.geometry().right() + BREATH

    def _is_free(self) -> bool:
        box = self.best_label.geometry()
        return is_free(box, self._surface.drawn(box.left() - BREATH, box.right() + BREATH))

    def _place(self, x: float, text: str) -> None:
        area = self._surface.area()
        self.best_label.setText(text)
        self.best_label.adjustSize()
        drawn = self._surface.drawn(area.left(), area.right())
        self.best_label.move(free_place(self.best_label.rect(), self._surface.across(x), area, self._overhang, drawn))

    def show_cursor(self, x: float | None, unit: str, curves: Curves, theme: Theme) -> None:
        """Show the line and every curve's value at `x`; not outside the view."""
        low, high = curves.ends()
        if x is None or not low <= x <= high:
            self._surface.mark_cursor(None)
            self.chip.hide()
            return
        self._surface.mark_cursor(x)
        lines: list[tuple[str, QColor | None]] = [(f"{unit} {x:.2f}", theme.secondary)]
        width = max(len(curve.label) for curve in curves)
        for curve in curves:
            value = value_at(*curve.series.arrays(), x)
            if value is not None:
                lines.append((f"{curve.label:<{width}} {value:.4f}", stroke(theme, curve.role, curve.colour).colour))
        area = self._surface.area()
        self.chip.say(lines, QPoint(round(self._surface.across(x)), round(area.top() + HEIGHT * area.height())), theme)
