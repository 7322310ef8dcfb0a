"""Live curves over epochs: fed point by point, drawn at most once a tick, readable under the pointer."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage, QMouseEvent, QPainter, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QVBoxLayout, QWidget

from netbuilder.layers.declare import Category
from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.plots.margins import Legend, XStrip
from netbuilder.ui.plots.series import Array, Series, smooth, thin, value_at
from netbuilder.ui.plots.ticks import log_range, say_value, value_range
from netbuilder.ui.theme import Themes, mix
from netbuilder.ui.widgets.labels import label

if TYPE_CHECKING:
    from netbuilder.ui.plots.surface import Stroke, Surface

Role = Literal["train", "validation"]
LEFT, RIGHT = 46, 6
SMOOTHING = {"None": 0.0, "Light": 0.004, "Medium": 0.015, "Strong": 0.05}
OTHERS = (Category.DENSE, Category.POOLING, Category.MERGE, Category.REGULARISATION, Category.NORMALISATION, Category.CONVOLUTION)


@dataclass
class _Curve:
    label: str
    role: Role
    colour: int | None = None
    series: Series = field(default_factory=Series)
    dirty: bool = True


class CurvePlot(QWidget):
    """A titled plot with its legend. Fill it with `add_curve`, `append` and `mark_best`; call `refresh` once a tick.

    `x` is in epochs. The wheel zooms x around the pointer, a double click shows everything again.
    `cursor_moved` carries the x under the pointer (or `None`), so that plots can be linked with `show_cursor`.
    """

    cursor_moved = Signal(object)

    def __init__(self, themes: Themes, title: str, *, unit: str = "epoch", empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._title = title
        self._unit = unit
        self._curves: dict[str, _Curve] = {}
        self._surface: Surface | None = None
        self._best: tuple[float, str] | None = None
        self._zoom: tuple[float, float] | None = None
        self._frame: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 1.0), (0.0, 1.0))
        self._log = False
        self._smoothing = 0.0
        self._cursor: float | None = None
        self._limits: tuple[float, float] | None = None
        self._build(empty)
        themes.changed.connect(self._recolour)
        self._recolour()

    # What is shown

    def add_curve(self, key: str, label: str, role: Role, colour: int | None = None) -> None:
        """Make a curve known. `colour` numbers a run among several; without it, the curve is that of the current run."""
        if key not in self._curves:
            self._curves[key] = _Curve(label, role, colour)
        self._show_legend()

    def remove_curve(self, key: str) -> None:
        """Take a curve away."""
        if self._curves.pop(key, None) is not None and self._surface is not None:
            self._surface.remove(key)
        self._show_legend()

    def append(self, key: str, x: float, y: float) -> None:
        """Add a point; it is drawn at the next `refresh`."""
        curve = self._curves[key]
        curve.series.append(x, y)
        curve.dirty = True

    def replace(self, key: str, points: list[tuple[float, float]]) -> None:
        """Replace a curve's points."""
        curve = self._curves[key]
        curve.series.clear()
        curve.series.extend(points)
        curve.dirty = True

    def clear(self) -> None:
        """Remove all points and the mark of the best epoch; curves stay known."""
        for curve in self._curves.values():
            curve.series.clear()
            curve.dirty = True
        self._best = None
        self._zoom = None
        self.refresh()

    def mark_best(self, x: float | None, label: str = "") -> None:
        """Mark the best epoch with a dashed line, or nothing."""
        self._best = None if x is None else (x, label)

    def set_limits(self, low: float, high: float) -> None:
        """Keep the y axis at these values unless the view is zoomed; for shares, 0 to 1."""
        self._limits = (low, high)

    def set_log(self, on: bool) -> None:
        """Logarithmic y axis; values that are not positive are left out."""
        self._log = on
        self.refresh(everything=True)

    def set_smoothing(self, share: float) -> None:
        """Average training curves over this share of their points on either side; 0 shows them as they are."""
        self._smoothing = share
        self.refresh(everything=True)

    def prepare(self) -> None:
        """Make the drawing area ahead of the first point, which takes some tens of milliseconds."""
        self._need_surface().widget.setVisible(not self.is_empty)

    @property
    def is_empty(self) -> bool:
        """Whether no curve has a point."""
        return not any(len(curve.series) for curve in self._curves.values())

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the curves it knows."""
        return tuple(self._curves)

    def points(self, key: str) -> tuple[Array, Array]:
        """What is stored of a curve."""
        return self._curves[key].series.arrays()

    def updates(self, key: str) -> int:
        """How often a curve was handed to the drawing area."""
        return 0 if self._surface is None else self._surface.updates.get(key, 0)

    def refresh(self, *, everything: bool = False) -> None:
        """Draw what changed: at most one `setData` for each curve."""
        empty = self.is_empty
        self._empty.setVisible(empty)
        self._strip.setVisible(not empty)
        self._legend.setVisible(not empty)
        if self._surface is not None:
            self._surface.widget.setVisible(not empty)
        if empty:
            return
        surface = self._need_surface()
        if everything:
            for curve in self._curves.values():
                curve.dirty = True
        if self._set_frame() or any(curve.dirty for curve in self._curves.values()):
            self._draw(surface)
        self._place_best()
        self._show_legend()
        self._place_cursor()

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
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["curve", self._unit, self._title.lower()])
        for curve in self._curves.values():
            x, y = curve.series.arrays()
            writer.writerows([curve.label, f"{a:.6g}", f"{b:.8g}"] for a, b in zip(x, y, strict=True))
        return text.getvalue()

    # Inside

    def _build(self, empty: str) -> None:
        self.setMinimumSize(160, 120)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._heading = label(self._title, "heading")
        self._heading.setContentsMargins(LEFT, 0, 0, 0)
        self._heading.setFixedHeight(24)
        self._empty = label(empty, "secondary", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._strip = XStrip(self._unit, LEFT, RIGHT)
        self._legend = Legend(LEFT)
        self._host = QWidget()
        self._inside = QVBoxLayout(self._host)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addWidget(self._empty)
        column.addWidget(self._heading)
        column.addWidget(self._host, 1)
        column.addWidget(self._strip)
        column.addWidget(self._legend)
        self._strip.hide()
        self._legend.hide()

    def _need_surface(self) -> Surface:
        if self._surface is None:
            from netbuilder.ui.plots.surface import Surface

            self._surface = Surface(self._themes.current)
            self._inside.addWidget(self._surface.widget)
            watched = self._surface.widget.viewport()  # type: ignore[attr-defined]
            watched.setMouseTracking(True)
            watched.installEventFilter(self)
            self._chip = Chip(watched)
            self._best_label = QLabel(watched)
            self._best_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._recolour()
        return self._surface

    def _stroke(self, curve: _Curve) -> Stroke:
        from netbuilder.ui.plots.surface import Stroke

        theme = self._themes.current
        if curve.colour is None:
            if curve.role == "train":
                return Stroke(mix(theme.panel, theme.category(Category.CONVOLUTION), 0.8), 1.0)
            return Stroke(theme.warning, 2.0)
        colour = theme.category(OTHERS[curve.colour % len(OTHERS)])
        return (
            Stroke(mix(theme.panel, colour, 0.55), 1.0)
            if curve.role == "train"
            else Stroke(colour, 2.0, dashed=curve.colour >= len(OTHERS))
        )

    def _ends(self) -> tuple[float, float]:
        if self._zoom is not None:
            return self._zoom
        newest = [curve.series.last[0] for curve in self._curves.values() if curve.series.last is not None]
        return 0.0, float(max(1, np.ceil(max(newest, default=1.0) - 1e-9)))

    def _shown(self, curve: _Curve, ends: tuple[float, float], columns: int) -> tuple[Array, Array]:
        x, y = curve.series.arrays()
        if self._smoothing and curve.role == "train":
            y = smooth(y, max(1, int(self._smoothing * len(y))))
        if self._log:
            keep = y > 0
            x, y = x[keep], np.log10(y[keep])
        return thin(x, y, *ends, columns)

    def _set_frame(self) -> bool:
        """Choose both ranges and their lines; whether they changed."""
        ends = self._ends()
        values = [y for curve in self._curves.values() for y in (self._inside_ends(curve, ends),) if len(y)]
        if not values:
            return False
        low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
        if self._log:
            bottom, top, places = log_range(max(low, 1e-12), max(high, 1e-12))
            lines = [(p, say_value(float(f"{10**p:.1g}"))) for p in places]
        else:
            if self._limits is not None and self._zoom is None:
                low, high = min(low, self._limits[0]), max(high, self._limits[1])
            bottom, top, places = value_range(low, high)
            lines = [(p, say_value(p)) for p in places]
        frame = (ends, (bottom, top))
        if frame == self._frame and self._need_surface().updates:
            return False
        self._frame = frame
        margin = (top - bottom) * 0.015
        self._need_surface().frame(ends, (bottom - margin, top + margin), lines)
        self._strip.show_range(*ends, self._themes.current)
        for curve in self._curves.values():
            curve.dirty = True
        return True

    def _inside_ends(self, curve: _Curve, ends: tuple[float, float]) -> Array:
        x, y = curve.series.arrays()
        y = y[(x >= ends[0]) & (x <= ends[1])] if self._zoom is not None else y
        return y[y > 0] if self._log else y

    def _draw(self, surface: Surface) -> None:
        columns = max(50, int(surface.area().width()))
        for key, curve in self._curves.items():
            if curve.dirty:
                surface.draw(key, *self._shown(curve, self._frame[0], columns), self._stroke(curve))
                curve.dirty = False

    def _to_pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        area = self._need_surface().area()
        (x0, x1), (y0, y1) = self._frame
        margin = (y1 - y0) * 0.015
        across = area.left() + (x - x0) / (x1 - x0) * area.width()
        down = area.bottom() - (y - y0 + margin) / (y1 - y0 + 2 * margin) * area.height()
        return across, down

    def _place_best(self) -> None:
        surface = self._need_surface()
        inside = self._best is not None and self._frame[0][0] <= self._best[0] <= self._frame[0][1]
        surface.mark_best(self._best[0] if self._best is not None and inside else None)
        self._best_label.setVisible(inside)
        if self._best is None or not inside:
            return
        self._best_label.setText(self._best[1])
        self._best_label.adjustSize()
        self._best_label.move(self._free_place(self._best_label.rect(), self._best[0]))

    def _free_place(self, box: QRect, at: float) -> QPoint:
        """Where the label of the best epoch fits beside its line without touching a curve; as high as possible."""
        area = self._need_surface().area()
        line = float(self._to_pixels(np.array([at]), np.zeros(1))[0][0])
        taken: dict[float, list[tuple[float, float]]] = {}
        sides = [x for x in (line - box.width() - 6, line + 6) if area.left() <= x and x + box.width() <= area.right() + RIGHT]
        sides = sides or [max(area.left(), line - box.width() - 6)]
        for side in sides:
            spans = taken.setdefault(side, [])
            for curve in self._curves.values():
                x, y = self._to_pixels(*self._shown(curve, self._frame[0], int(area.width())))
                near = np.flatnonzero((x > side - 4) & (x < side + box.width() + 4))
                if len(x):
                    first, last = (near[0], near[-1]) if len(near) else (np.searchsorted(x, side),) * 2
                    part = y[max(0, int(first) - 1) : int(last) + 2]
                    if len(part):
                        spans.append((float(part.min()), float(part.max())))
        for top in np.arange(area.top() + 1, area.bottom() - box.height(), 4.0):
            for side in sides:
                if all(top + box.height() + 2 < low or top - 2 > high for low, high in taken[side]):
                    return QPoint(round(side), round(top))
        return QPoint(round(sides[0]), round(area.top()))

    def _show_legend(self) -> None:
        if self._surface is None:
            return
        entries = []
        for curve in self._curves.values():
            if curve.series.last is None:
                continue
            value = f"{curve.series.last[1]:.4f}" if curve.role == "validation" else ""
            stroke = self._stroke(curve)
            entries.append((curve.label, value, QPen(QColor(stroke.colour), 2)))
        self._legend.show_entries(entries, self._themes.current)

    def _recolour(self) -> None:
        theme = self._themes.current
        if self._surface is None:
            return
        self._best_label.setStyleSheet(f"color: {theme.good.name()}; background: transparent; font-size: 11px;")
        self._surface.apply(theme)
        for key, curve in self._curves.items():
            self._surface.restyle(key, self._stroke(curve))
        self._strip.show_range(*self._frame[0], theme)
        self._show_legend()

    # Pointer

    def show_cursor(self, x: float | None) -> None:
        """Show the cursor line and the values at x, as if the pointer were there."""
        self._cursor = x
        if self._surface is not None:
            self._place_cursor()

    def _place_cursor(self) -> None:
        surface = self._need_surface()
        (x0, x1), _ = self._frame
        if self._cursor is None or not x0 <= self._cursor <= x1:
            surface.mark_cursor(None)
            self._chip.hide()
            return
        surface.mark_cursor(self._cursor)
        lines: list[tuple[str, QColor | None]] = [(f"{self._unit} {self._cursor:.2f}", self._themes.current.secondary)]
        width = max(len(curve.label) for curve in self._curves.values())
        for curve in self._curves.values():
            value = value_at(*curve.series.arrays(), self._cursor)
            if value is not None:
                lines.append((f"{curve.label:<{width}} {value:.4f}", self._stroke(curve).colour))
        across = self._to_pixels(np.array([self._cursor]), np.zeros(1))[0][0]
        area = surface.area()
        self._chip.say(lines, QPoint(round(float(across)), round(area.top() + 0.4 * area.height())), self._themes.current)

    def _x_at(self, position: QPointF) -> float | None:
        area = self._need_surface().area()
        if not QRectF(area.left(), 0, area.width(), self.height()).contains(position):
            return None
        (x0, x1), _ = self._frame
        return x0 + (position.x() - area.left()) / area.width() * (x1 - x0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pointer over the drawing area: read values, zoom, reset, menu."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._move_cursor(self._x_at(event.position()))
        elif kind == QEvent.Type.Leave:
            self._move_cursor(None)
        elif kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self._zoom_at(self._x_at(event.position()), 0.8 if event.angleDelta().y() > 0 else 1.25)
            return True
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            return True
        elif kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            self.menu().popup(event.globalPos())
            return True
        elif kind == QEvent.Type.Resize:
            self._frame = ((0.0, 1.0), (0.0, 0.0))
            self.refresh(everything=True)
        return False

    def _move_cursor(self, x: float | None) -> None:
        self.show_cursor(x)
        self.cursor_moved.emit(x)

    def _zoom_at(self, x: float | None, factor: float) -> None:
        if x is None:
            return
        (low, high), _ = self._frame
        self._zoom = None
        _, end = self._ends()
        low, high = max(0.0, x - (x - low) * factor), min(end, x + (high - x) * factor)
        if high - low > end * 1e-4:
            self._zoom = None if (low, high) == (0.0, end) else (low, high)
        self.refresh()

    def reset_view(self) -> None:
        """Show everything again."""
        self._zoom = None
        self.refresh()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """Log axis, smoothing, copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        log = menu.addAction("Logarithmic axis")
        log.setCheckable(True)
        log.setChecked(self._log)
        log.toggled.connect(self.set_log)
        smoothing = menu.addMenu("Smooth training curve")
        for name, share in SMOOTHING.items():
            choice = smoothing.addAction(name)
            choice.setCheckable(True)
            choice.setChecked(share == self._smoothing)
            choice.triggered.connect(lambda _=False, share=share: self.set_smoothing(share))
        menu.addAction("Show all", self.reset_view)
        menu.addSeparator()
        menu.addAction("Copy as image", lambda: QGuiApplication.clipboard().setPixmap(QPixmap.fromImage(self.to_image())))
        menu.addAction("Copy as CSV", lambda: QGuiApplication.clipboard().setText(self.to_csv()))
        menu.addAction("Save as CSV…", self._save_csv)
        return menu

    def _save_csv(self) -> None:
        from pathlib import Path

        path, _ = QFileDialog.getSaveFileName(self, "Save curves", f"{self._title.lower()}.csv", "CSV (*.csv)")
        if path:
            Path(path).write_text(self.to_csv(), encoding="utf-8")
