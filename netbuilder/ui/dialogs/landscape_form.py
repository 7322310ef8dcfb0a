"""Along which directions, how far and how finely a landscape is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from netbuilder.app.landscape import HERE, Kind, Site, Spec
from netbuilder.app.snapshot import START
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

KINDS: dict[Kind, tuple[str, str]] = {
    "filters": (
        "Random, filter by filter",
        "Random directions in which every filter is as long as the network's own, so that the sharpness of different networks "
        "can be compared (Li et al., 2018). 1 is as far as the weights are long.",
    ),
    "random": (
        "Random",
        "Random directions as long as all weights together. Large weights hide how sharp the loss is; compare with filter by filter.",
    ),
    "eigen": (
        "Steepest curvature",
        "The eigenvectors of the two largest eigenvalues of the Hessian: here the loss curves most. Each has the length 1.",
    ),
    "line": (
        "From weights to weights",
        "The straight line between two moments of the training (Goodfellow et al., 2015): often it goes down without a hill.",
    ),
    "path": (
        "The training's path",
        "The plane in which most of the training's way lies: the principal components of its checkpoints (Li et al., 2018).",
    ),
}
assert tuple(KINDS) == get_args(Kind)
PLACES = {1: (33, 65, 129), 2: (17, 25, 33, 49, 65)}
USUAL = {1: 65, 2: 25}
SAMPLES = (128, 512, 2048, 8192)


class LandscapeForm(QWidget):
    """Announces `changed` with every change that can be read, and `resampled` when other samples are asked for."""

    changed = Signal()
    resampled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("landscape.form")
        self._reach, self._seed = 1.0, 0
        self._build()
        self._suit()

    @property
    def spec(self) -> Spec:
        """What is asked for."""
        return Spec(
            self.kind.key,  # type: ignore[arg-type]
            self.axes,
            self._reach,
            int(self.places.key),
            self._seed,
            self.begin.key or START,
            self.end.key or HERE,
        )

    @property
    def axes(self) -> int:
        """One direction or two; a line from weights to weights is one."""
        return 1 if self.kind.key == "line" else int(self.dimensions.current)

    @property
    def samples(self) -> int:
        """How many training samples the loss is the mean of."""
        return int(self.count.key)

    def show_site(self, site: Site) -> None:
        """Offer the weights that are known."""
        stops = [Choice(key, stop.title) for key, stop in site.stops.items()]
        self.begin.offer([*stops, Choice(HERE, "Here")])
        self.end.offer([*stops, Choice(HERE, "Here")])
        if self.begin.key == self.end.key:
            self.begin.choose(stops[0].key if stops else HERE)
            self.end.choose(HERE)

    def choose(self, kind: Kind, axes: int = 2) -> None:
        """Ask for these directions."""
        self.kind.choose(kind)
        self.dimensions.choose(str(axes))
        self._suit()

    def _suit(self) -> None:
        """Show what belongs to the directions."""
        kind: Kind = self.kind.key  # type: ignore[assignment]
        self.words.setText(KINDS[kind][1])
        self.dimensions.setEnabled(kind != "line")
        for widget in self._ends:
            widget.setVisible(kind == "line")
        for widget in self._reaches:
            widget.setVisible(kind not in ("line", "path"))
        for widget in self._seeds:
            widget.setVisible(kind in ("filters", "random"))
        known = PLACES[self.axes]
        if self.places.key not in map(str, known):
            self.places.clear()
            self.places.offer(Choice(str(n), str(n) if self.axes == 1 else f"{n} × {n}") for n in known)
            self.places.choose(str(USUAL[self.axes]))
        self.changed.emit()

    def _read(self) -> None:
        """Numbers as written; anything else is marked until it can be read."""
        try:
            reach = float(self.reach.text().replace("±", "").replace(",", "."))
        except ValueError:
            reach = 0.0
        good = isfinite(reach) and reach > 0
        seed = int(self.seed.text()) if self.seed.text().isdecimal() else -1
        for field, fine in ((self.reach, good), (self.seed, 0 <= seed < 2**32)):
            field.setProperty("invalid", not fine)
            field.style().unpolish(field)
            field.style().polish(field)
        self.problem.setText("" if good else "The range is a number above 0: 1 is as far as the weights are long.")
        self.problem.setVisible(not good)
        if self.readable:
            self._reach, self._seed = reach, seed
        self.changed.emit()

    @property
    def readable(self) -> bool:
        """Whether every field holds a number that can be drawn with."""
        return not (self.reach.property("invalid") or self.seed.property("invalid"))

    def _build(self) -> None:
        self.kind = self._chooser("kind", "Directions", [Choice(key, title, tip) for key, (title, tip) in KINDS.items()])
        self.dimensions = Segmented((("1", "1-D"), ("2", "2-D")))
        self.dimensions.choose("2")
        self.dimensions.chosen.connect(lambda _key: self._suit())
        self.begin, self.end = self._chooser("begin", "From", [Choice(HERE, "Here")]), self._chooser("end", "To", [Choice(HERE, "Here")])
        self.places = self._chooser("places", "Places", [])
        self.reach, self.seed = self._line("reach", "Range", "1"), self._line("seed", "Seed of the directions", "0")
        self.count = self._chooser("samples", "Samples", [Choice(str(n), f"{n:,} samples") for n in SAMPLES])
        self.count.choose("512")
        self.words = label("", "secondary", self, wrap=True)
        self.problem = label("", "error", self, wrap=True)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid())
        column.addWidget(self.problem)
        column.addWidget(self.words)
        for chooser in (self.kind, self.places, self.begin, self.end):
            chooser.chosen.connect(lambda _key: self._suit())
        self.count.chosen.connect(lambda _key: self.resampled.emit())

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._row(grid, 0, "Directions", self.kind, wide=True)
        self._ends = (*self._row(grid, 1, "From", self.begin, wide=True), *self._row(grid, 2, "To", self.end, wide=True))
        self._row(grid, 3, "Places", self.places)
        grid.addWidget(self.dimensions, 3, 3, Qt.AlignmentFlag.AlignRight)
        self._reaches = self._row(grid, 4, "Range ±", self.reach)
        self._seeds = self._row(grid, 4, "Seed", self.seed, column=2)
        self._row(grid, 5, "Mean over", self.count, wide=True)
        return grid

    def _row(
        self, grid: QGridLayout, row: int, title: str, field: QWidget, *, column: int = 0, wide: bool = False
    ) -> tuple[QWidget, QWidget]:
        name = label(title, "label")
        grid.addWidget(name, row, column)
        grid.addWidget(field, row, column + 1, 1, 3 if wide else 1)
        return name, field

    def _chooser(self, name: str, title: str, choices: Iterable[Choice]) -> Chooser:
        chooser = Chooser(choices, self)
        chooser.setObjectName(f"landscape.{name}")
        chooser.setAccessibleName(title)
        return chooser

    def _line(self, name: str, title: str, text: str) -> QLineEdit:
        field = QLineEdit(text, self)
        field.setObjectName(f"landscape.{name}")
        field.setAccessibleName(title)
        field.setProperty("role", "value")
        field.setFixedHeight(26)
        field.textEdited.connect(lambda _text: self._read())
        return field
