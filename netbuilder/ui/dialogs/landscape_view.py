"""A landscape on the screen: as a curve, a map or a hill, with a scale of colours, to be copied and saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.app.landscape import Passed
from netbuilder.train.landscape.grid import Landscape
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.landscape_drawing import Heights, chart_map, curve, hill
from netbuilder.ui.plots.chart import Chart
from netbuilder.ui.plots.chart_parts import Ink
from netbuilder.ui.plots.colour_bar import ColourBar
from netbuilder.ui.plots.relief import Relief
from netbuilder.ui.widgets.elided_label import ElidedLabel
from netbuilder.ui.widgets.segmented import Segmented
from netbuilder.ui.widgets.transport import small_button

NEAR = 9.0
AWAY = 0.9
"""A path of which the plane shows less than the rest of this is said to lead elsewhere."""


class LandscapeView(QWidget):
    """Shows a `Landscape` and the training's path on it, as far as they are known."""

    def __init__(self, context: UiContext, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._chart: Landscape | None = None
        self._source: Landscape | None = None
        self._path: Sequence[Passed] = ()
        self._build(empty)
        context.themes.changed.connect(self._draw)

    @property
    def heights(self) -> Heights | None:
        """What is drawn."""
        return None if self._chart is None else Heights(self._chart, self.measure.current == "error", self.log.isChecked())

    def show_look(self, key: str) -> None:
        """As a `map` or as a `hill`."""
        self.look.choose(key)
        self._draw()

    def show_landscape(self, chart: Landscape | None, path: Sequence[Passed] = ()) -> None:
        """Draw what is known of this now."""
        if chart is not None and chart is self._source and self._chart is not None and chart.done == self._chart.done:
            return
        self._source, self._path = chart, path
        self._chart = chart = None if chart is None else chart.copy()
        flat = chart is not None and chart.flat
        wrong = chart is not None and chart.errors[chart.seen].size > 0 and bool((chart.errors[chart.seen] >= 0).any())
        self.measure.setVisible(wrong)
        if not wrong:
            self.measure.choose("loss")
        self.log.setVisible(chart is not None)
        self.look.setVisible(chart is not None and not flat)
        self.bar.setVisible(chart is not None and not flat)
        self.more.setEnabled(chart is not None)
        self._draw()

    def _draw(self) -> None:
        heights = self.heights
        if heights is None or not heights.chart.seen.any():
            self.flat.show_content(None)
            self.relief.show_hill(None)
            self.bar.show_axis(None)
            self.pages.setCurrentWidget(self.flat)
            self.caption.setText("")
            return
        as_hill = not heights.chart.flat and self.look.current == "hill"
        if as_hill:
            self.relief.show_hill(hill(heights))
        elif heights.chart.flat:
            self.flat.show_content(curve(heights, self._path))
        else:
            self.flat.show_content(chart_map(heights, self._path, self._context.themes.current))
        self.pages.setCurrentWidget(self.relief if as_hill else self.flat)
        self.bar.show_axis(heights.axis())
        self.caption.setText(self._told(as_hill))

    def _told(self, as_hill: bool) -> str:
        """What the marks mean."""
        if self._chart is None or (self._chart.flat and self._chart.plane.window == ((-0.25, 1.25),)):
            return "0 and 1 are the two ends; between them every weight moves in a straight line."
        here = "At the dashed line are the weights" if self._chart.flat else f"{'●' if as_hill else '◉'} where the weights are"
        if not self._path or as_hill:
            return here
        away = self._path[0].left
        lost = f"; {int(100 * away)}% of it leads in directions that are not shown" if away > AWAY else ""
        return f"{here}   — the training's path, from “{self._path[0].title.lower()}” on{lost}"

    def _describe(self, x: float, y: float) -> list[tuple[str, Ink]]:
        heights = self.heights
        if heights is None:
            return []
        chart = heights.chart
        found = heights.at(x, 0.0 if chart.flat else y)
        if found is None:
            return []
        place = f"{x:.3g}" if chart.flat else f"{x:.3g}, {y:.3g}"
        lines: list[tuple[str, Ink]] = [(f"at {place}", "secondary"), (f"loss {found[0]:.4g}", "text")]
        if found[1] >= 0:
            lines.append((f"error {found[1]:.1%}", "text"))
        if not chart.flat:
            lines += [(stop.title, "warning") for stop in self._path if self.flat.near(stop.place, (x, y), NEAR)]
        return lines

    # Taking it away

    def picture(self) -> QPixmap:
        """The landscape with its scale, at the screen's resolution."""
        return self._frame.grab()

    def csv(self) -> str:
        """Every known place and its heights."""
        return "" if self._chart is None else self._chart.csv()

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy as image", lambda: QGuiApplication.clipboard().setPixmap(self.picture()))
        menu.addAction("Copy as CSV", lambda: QGuiApplication.clipboard().setText(self.csv()))
        menu.addSeparator()
        menu.addAction("Save as picture…", lambda: self.save("png"))
        menu.addAction("Save as CSV…", lambda: self.save("csv"))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def save(self, suffix: str) -> None:
        """Ask where, and write it there; says in the window why that cannot be."""
        name, _ = QFileDialog.getSaveFileName(self, "Save landscape", f"landscape.{suffix}", f"{suffix.upper()} (*.{suffix})")
        if not name:
            return
        path = Path(name)
        try:
            if suffix == "csv":
                path.write_text(self.csv(), encoding="utf-8")
            elif not self.picture().save(str(path), "PNG"):
                raise OSError("the folder cannot be written")
        except OSError as error:
            self._context.notify(f"“{path.name}” was not saved: {error.strerror or error}.", kind="error")
        else:
            self._context.notify(f"The landscape is in “{path}”.", kind="good")

    def _build(self, empty: str) -> None:
        self.caption = ElidedLabel()
        self.caption.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._top())
        column.addWidget(self._pictures(empty), 1)
        column.addWidget(self.caption)
        self.show_landscape(None)

    def _top(self) -> QHBoxLayout:
        self.look = Segmented((("map", "Map"), ("hill", "Surface")))
        self.measure = Segmented((("loss", "Loss"), ("error", "Error")))
        self.log = QCheckBox("Logarithmic")
        self.log.setObjectName("landscape.log")
        self.log.setChecked(True)
        self.look.chosen.connect(lambda _key: self._draw())
        self.measure.chosen.connect(lambda _key: self._draw())
        self.log.toggled.connect(lambda _on: self._draw())
        self.more = small_button("Copy or save", "landscape.more", self._offer)
        top = QHBoxLayout()
        top.setSpacing(16)
        for part in (self.look, self.measure, self.log):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.more)
        return top

    def _pictures(self, empty: str) -> QWidget:
        themes = self._context.themes
        self.flat = Chart(themes, empty=empty)
        self.flat.setObjectName("landscape.chart")
        self.flat.setAccessibleName("Landscape of the loss")
        self.relief = Relief(themes)
        self.relief.setObjectName("landscape.relief")
        self.relief.setAccessibleName("Landscape of the loss seen from the side; arrow keys turn it")
        self.flat.describe = self.relief.describe = self._describe
        self.pages = QStackedWidget()
        self.pages.addWidget(self.flat)
        self.pages.addWidget(self.relief)
        self.bar = ColourBar(themes)
        self._frame = QWidget()
        self._frame.setProperty("surface", "panel")
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.pages, 1)
        row.addWidget(self.bar)
        return self._frame
