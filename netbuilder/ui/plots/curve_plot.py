"""Live curves over epochs: fed point by point, drawn at most once a tick, readable under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter, QPen
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from netbuilder.ui.plots.curves import Curve, Curves
from netbuilder.ui.plots.margins import Legend, XStrip
from netbuilder.ui.plots.overlay import Overlay
from netbuilder.ui.plots.pointer import Pointer
from netbuilder.ui.plots.series import Array
from netbuilder.ui.plots.strokes import Role, Stroke, stroke
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.labels import label

if TYPE_CHECKING:
    from netbuilder.ui.plots.surface import Surface

LEFT, RIGHT = 46, 6
MARGIN = 0.015
"""Share of the y range that is kept free above and below."""


class CurvePlot(QWidget):
    """A titled plot with its legend. Fill it with `add_curve`, `append` and `mark_best`; call `refresh` once a tick.

    `x` is in epochs. The wheel zooms x around the pointer, a double click shows everything again.
    `cursor_moved` carries the x under the pointer (or `None`), so that plots can be linked with `show_cursor`.
    """

    cursor_moved = Signal(object)

    def __init__(self, themes: Themes, title: str, *, unit: str = "epoch", empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.title = title
        self._unit = unit
        self._curves = Curves()
        self._surface: Surface | None = None
        self._best: tuple[float, str] | None = None
        self._frame: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))
        self._cursor: float | None = None
        self._told: object = None
        self._build(empty)
        themes.changed.connect(self._recolour)
        self._recolour()

    # What is shown

    def add_curve(self, key: str, label: str, role: Role, colour: int | None = None) -> None:
        """Make a curve known. `colour` numbers a run among several; without it, the curve is that of the current run."""
        self._curves.known.setdefault(key, Curve(label, role, colour))
        self._show_legend()

    def remove_curve(self, key: str) -> None:
        """Take a curve away."""
        if self._curves.known.pop(key, None) is not None and self._surface is not None:
            self._surface.remove(key)
        self._show_legend()

    def append(self, key: str, x: float, y: float) -> None:
        """Add a point; it is drawn at the next `refresh`."""
        curve = self._curves.known[key]
        curve.series.append(x, y)
        curve.dirty = True

    def replace(self, key: str, points: list[tuple[float, float]]) -> None:
        """Replace a curve's points."""
        curve = self._curves.known[key]
        curve.series.clear()
        curve.series.extend(points)
        curve.dirty = True

    def clear(self) -> None:
        """Remove all points and the mark of the best epoch; curves stay known."""
        self._curves.clear()
        self._best = None
        self.refresh()

    def mark_best(self, x: float | None, label: str = "") -> None:
        """Mark the best epoch with a dashed line, or nothing."""
        self._best = None if x is None else (x, label)

    def set_limits(self, low: float, high: float) -> None:
        """Keep the y axis at these values unless the view is zoomed; for shares, 0 to 1."""
        self._curves.limits = (low, high)

    def set_log(self, on: bool) -> None:
        """Logarithmic y axis; values that are not positive are left out."""
        self._curves.log = on
        self.refresh(everything=True)

    def set_smoothing(self, share: float) -> None:
        """Average training curves over this share of their points on either side; 0 shows them as they are."""
        self._curves.smoothing = share
        self.refresh(everything=True)

    @property
    def log(self) -> bool:
        """Whether the y axis is logarithmic."""
        return self._curves.log

    @property
    def smoothing(self) -> float:
        """The share over which training curves are averaged."""
        return self._curves.smoothing

    def prepare(self) -> None:
        """Make the drawing area ahead of the first point, which takes some tens of milliseconds."""
        self._need_surface().setVisible(not self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether no curve has a point."""
        return self._curves.empty

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the curves it knows."""
        return tuple(self._curves.known)

    def points(self, key: str) -> tuple[Array, Array]:
        """What is stored of a curve."""
        return self._curves.known[key].series.arrays()

    def updates(self, key: str) -> int:
        """How often a curve was handed to the drawing area."""
        return 0 if self._surface is None else self._surface.updates.get(key, 0)

    def refresh(self, *, everything: bool = False) -> None:
        """Hand over what changed; all of it is painted once."""
        empty = self.is_empty
        if empty == self.placeholder.isHidden():
            for part in (self._strip, self._legend, self._surface):
                if part is not None:
                    part.setVisible(not empty)
            self.placeholder.setVisible(empty)
        if empty:
            return
        surface = self._need_surface()
        if everything:
            self._curves.touch()
            self._overlay.forget()
        if self._set_frame() or self._curves.dirty:
            self._draw(surface)
        self._overlay.show_best(self._best, self._curves)
        self._show_legend()
        self._overlay.show_cursor(self._cursor, self._unit, self._curves, self._themes.current)

    # Taking it away

    def to_image(self) -> QImage:
        """The plot as a picture, at twice the screen's resolution."""
        image = QImage(self.size() * 2, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(2)
        image.fill(self._themes.current.panel)
        painter = QPainter(image)
        self.render(painter, QPoint(0, 0))
        painter.end()
        return image

    def to_csv(self) -> str:
        """Every stored point: `curve,epoch,value`."""
        return self._curves.to_csv(self._unit, self.title.lower())

    # Inside

    def _build(self, empty: str) -> None:
        self.setMinimumSize(160, 120)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.heading = label(self.title, "heading")
        self.heading.setContentsMargins(LEFT, 0, 0, 0)
        self.heading.setFixedHeight(24)
        self.placeholder = label(empty, "secondary", wrap=True)
        self.placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._strip = XStrip(self._unit, LEFT, RIGHT)
        self._legend = Legend(LEFT)
        self._host = QWidget()
        self._inside = QVBoxLayout(self._host)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addWidget(self.placeholder)
        column.addWidget(self.heading)
        column.addWidget(self._host, 1)
        column.addWidget(self._strip)
        column.addWidget(self._legend)
        self._strip.hide()
        self._legend.hide()

    def _need_surface(self) -> Surface:
        if self._surface is None:
            from netbuilder.ui.plots.surface import Surface

            self._surface = Surface(self._themes.current)
            self._inside.addWidget(self._surface)
            self._follow(Pointer(self._surface.viewport(), self))
            self._overlay = Overlay(self._surface, RIGHT)
            self._recolour()
        return self._surface

    def _stroke(self, curve: Curve) -> Stroke:
        return stroke(self._themes.current, curve.role, curve.colour)

    def _set_frame(self) -> bool:
        """Choose both ranges and their lines; whether they changed."""
        found = self._curves.frame()
        if found is None:
            return False
        ends, (bottom, top), lines = found
        if (ends, (bottom, top)) == self._frame and self._need_surface().updates:
            return False
        self._frame = (ends, (bottom, top))
        margin = (top - bottom) * MARGIN
        self._need_surface().frame(ends, (bottom - margin, top + margin), lines)
        self._strip.show_range(*ends, self._themes.current)
        self._curves.touch()
        return True

    def _draw(self, surface: Surface) -> None:
        columns = max(50, int(surface.area().width()))
        for key, curve in self._curves.known.items():
            if curve.dirty:
                if key not in surface:
                    surface.add(key, self._stroke(curve))
                surface.draw(key, *self._curves.shown(curve, self._frame[0], columns))
                curve.dirty = False

    def _show_legend(self) -> None:
        shown = [curve for curve in self._curves if len(curve.series)]
        told = [(curve.entry, curve.role, curve.colour) for curve in shown], self._themes.current
        if self._surface is not None and told != self._told:
            self._told = told
            self._legend.show_entries([(*curve.entry, QPen(self._stroke(curve).colour, 2)) for curve in shown], told[1])

    def _recolour(self) -> None:
        theme = self._themes.current
        if self._surface is None:
            return
        self._overlay.apply(theme)
        self._surface.apply(theme)
        for key, curve in self._curves.known.items():
            self._surface.restyle(key, self._stroke(curve))
        self._strip.show_range(*self._frame[0], theme)
        self._show_legend()

    # Pointer

    def show_cursor(self, x: float | None) -> None:
        """Show the cursor line and the values at x, as if the pointer were there."""
        self._cursor = x
        if self._surface is not None:
            self._overlay.show_cursor(self._cursor, self._unit, self._curves, self._themes.current)

    def _follow(self, pointer: Pointer) -> None:
        pointer.moved.connect(lambda place: self._move_cursor(self._need_surface().x_at(place)))
        pointer.left.connect(lambda: self._move_cursor(None))
        pointer.wheeled.connect(self._zoom)
        pointer.reset.connect(self.reset_view)
        pointer.menu.connect(lambda place: self.menu().popup(place))
        pointer.resized.connect(self._fit)

    def _move_cursor(self, x: float | None) -> None:
        self.show_cursor(x)
        self.cursor_moved.emit(x)

    def _zoom(self, place: QPointF, factor: float) -> None:
        x = self._need_surface().x_at(place)
        if x is not None:
            self._curves.zoom_at(x, factor)
            self.refresh()

    def _fit(self) -> None:
        """Draw everything for a new size."""
        self._frame = ((0.0, 1.0), (0.0, 0.0))
        self.refresh(everything=True)

    def reset_view(self) -> None:
        """Show everything again."""
        self._curves.zoom = None
        self.refresh()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Log axis, smoothing, copy."""
        from netbuilder.ui.plots.curve_menu import curve_menu

        return curve_menu(self)
