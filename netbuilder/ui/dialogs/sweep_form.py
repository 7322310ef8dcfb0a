"""What a complexity sweep varies: width, depth or a setting; which layers; which sizes; how long and how often each learns."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from netbuilder.app.sweep import Sweep
from netbuilder.core import format as written
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.net.capacity import Change, Variant, What, numbers, read_levels, variants, write_levels
from netbuilder.net.deepening import chains
from netbuilder.net.widening import widenable
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

KINDS: tuple[tuple[What, str], ...] = (("width", "Width"), ("depth", "Depth"), ("setting", "Setting"))
WORDS = {
    "width": "Features of the hidden layers times each factor. What the network answers keeps its size.",
    "depth": "So many copies of a block, or of layers that follow each other. 0 leaves them out.",
    "setting": "Values of a whole number of one layer, or of a parameter of a block.",
}
LEVELS = {"width": "1/4 1/2 1 2 4", "depth": "1 2 3 4", "setting": ""}
PART = "\n"
"""Between the names in a choice of several layers; no name contains it."""


class SweepForm(QWidget):
    """`sweep` is what was chosen and `found` the networks it makes; `problem` says why there are none. `changed` tells of edits."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph()
        self._selected: tuple[str, ...] = ()
        self._texts = dict(LEVELS)
        self.found: tuple[Variant, ...] = ()
        self.problem = ""
        self.sweep = Sweep()
        self._build()

    @property
    def what(self) -> str:
        """What is varied."""
        return self._kinds.current

    def show_graph(self, graph: Graph, selected: Iterable[str] = ()) -> None:
        """Offer the layers of this network; those selected on the canvas come first."""
        self._graph = graph
        self._selected = tuple(graph.nodes[id_].name for id_ in graph.order if id_ in frozenset(selected))
        self._offer()

    def choose(self, *, epochs: int, seeds: int) -> None:
        """How long, and how often, each learns."""
        self._epochs.setValue(epochs)
        self._seeds.setValue(seeds)

    def _choose_kind(self, _key: str) -> None:
        self._offer()

    def _offer(self) -> None:
        """The layers and settings that can be chosen now."""
        self._words.setText(WORDS[self.what])
        wide = {"width": self._widths, "depth": self._chains, "setting": self._owners}[self.what]()
        before = self._layers.key
        self._layers.clear()
        self._layers.offer(wide)
        if before in (choice.key for choice in wide):
            self._layers.choose(before)
        self._offer_settings()

    def _widths(self) -> list[Choice]:
        hidden = widenable(self._graph)
        chosen = [name for name in self._selected if name in hidden]
        several = [Choice(PART.join(chosen), "those selected")] if 1 < len(chosen) < len(hidden) else []
        single = sorted(hidden, key=lambda name: name not in chosen)
        return [Choice("", "all hidden layers"), *several, *(Choice(name, f"only {name}") for name in single)]

    def _chains(self) -> list[Choice]:
        found = list(chains(self._graph))
        picked = tuple(name for name in self._selected if self._graph.by_name[name].layer not in ("input", "output"))
        if picked and picked not in found:
            found.insert(0, picked)
        found.sort(key=lambda chain: not set(chain) & set(picked))
        return [Choice(PART.join(chain), " → ".join(chain)) for chain in found]

    def _owners(self) -> list[Choice]:
        names = [self._graph.nodes[id_].name for id_ in self._graph.order if self._graph.nodes[id_].layer not in ("input", "output")]
        names.sort(key=lambda name: name not in self._selected)
        return [Choice(name, name) for name in names if numbers(self._graph, name)]

    def _offer_settings(self) -> None:
        setting = self.what == "setting"
        self._setting.setVisible(setting)
        self._setting_title.setVisible(setting)
        if setting and self._layers.key:
            known = numbers(self._graph, self._layers.key)
            before = self._setting.key
            self._setting.clear()
            self._setting.offer(Choice(name, name) for name in known)
            if before in known:
                self._setting.choose(before)
            self._suggest()
        self._levels.setText(self._texts[self.what])
        self._read()

    def _suggest(self) -> None:
        """Half, once and twice the present value."""
        now = numbers(self._graph, self._layers.key).get(self._setting.key, 1)
        self._texts["setting"] = write_levels(sorted({max(1, now // 2), max(1, now), 2 * max(1, now)}))

    def _choose_setting(self, _key: str) -> None:
        self._suggest()
        self._levels.setText(self._texts["setting"])
        self._read()

    def _type(self, text: str) -> None:
        self._texts[self.what] = text
        self._read()

    def _read(self) -> None:
        """Make the networks, or say why that is not possible."""
        self.found, self.problem = (), ""
        try:
            names = tuple(filter(None, self._layers.key.split(PART)))
            kind = next(key for key, _title in KINDS if key == self.what)
            change = Change(kind, read_levels(self._levels.text()), names, self._setting.key if kind == "setting" else "")
            self.sweep = Sweep(change, self._epochs.value(), self._seeds.value())
            self.sweep.check()
            self.found = variants(self._graph, change)
        except NetbuilderError as error:
            self.problem = str(error)
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        """The sizes as they will be, or what is wrong."""
        self._levels.setProperty("invalid", bool(self.problem))
        self._levels.style().unpolish(self._levels)
        self._levels.style().polish(self._levels)
        self._wrong.setText(self.problem)
        self._wrong.setVisible(bool(self.problem))
        sizes = " · ".join(written.compact(each.parameters) for each in self.found)
        notes = "\n".join(f"{each.title}: {each.note}" for each in self.found if each.note)
        times = f"{len(self.found) * self._seeds.value()} trainings"
        self._sizes.setText(f"{sizes} parameters\n{times}" + (f"\n{notes}" if notes else ""))
        self._sizes.setVisible(bool(self.found))

    def _build(self) -> None:
        self._kinds = Segmented(KINDS, self)
        self._kinds.chosen.connect(self._choose_kind)
        self._words = label("", "secondary", self, wrap=True)
        self._words.setMinimumHeight(34)
        self._layers = self._chooser("layers", "Layers")
        self._layers.chosen.connect(lambda _key: self._offer_settings())
        self._setting = self._chooser("setting", "Setting")
        self._setting.chosen.connect(self._choose_setting)
        self._levels = QLineEdit(self)
        self._levels.setObjectName("sweep.levels")
        self._levels.setAccessibleName("Sizes")
        self._levels.setProperty("role", "value")
        self._levels.textEdited.connect(self._type)
        self._epochs = self._count("epochs", 5, 100_000, "Every network learns for so many epochs; none stops early.")
        self._seeds = self._count(
            "seeds", 1, 50, "Train every size from so many initial weights: mean ± standard deviation show the variance."
        )
        self._sizes = label("", "secondary", self, wrap=True)
        self._wrong = label("", "error", self, wrap=True)
        self._wrong.setObjectName("sweep.problem")
        self._arrange()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.addWidget(self._kinds)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self._words)
        column.addLayout(self._grid())
        column.addWidget(self._sizes)
        column.addWidget(self._wrong)
        column.addStretch(1)

    def _grid(self) -> QGridLayout:
        """The fields with their titles."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._setting_title = label("Setting", "label", self)
        titled = (("Layers", self._layers), ("Sizes", self._levels), ("Epochs", self._epochs), ("Seeds", self._seeds))
        rows: list[tuple[QWidget, QWidget]] = [(label(title, "label", self), part) for title, part in titled]
        rows.insert(1, (self._setting_title, self._setting))
        for row, (title, part) in enumerate(rows):
            grid.addWidget(title, row, 0)
            grid.addWidget(part, row, 1)
        return grid

    def _chooser(self, name: str, title: str) -> Chooser:
        found = Chooser((), self)
        found.setObjectName(f"sweep.{name}")
        found.setAccessibleName(title)
        return found

    def _count(self, name: str, value: int, most: int, tip: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setProperty("role", "value")
        box.setObjectName(f"sweep.{name}")
        box.setAccessibleName(name.capitalize())
        box.setRange(1, most)
        box.setValue(value)
        box.setToolTip(tip)
        box.valueChanged.connect(lambda _value: self._read())
        return box
