"""The list of all tensors that can be opened: by layer, blocks within blocks, with a field to search them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from netbuilder.probe.places import Entry, Place
from netbuilder.ui.theme import Themes, mono_font, ui_font
from netbuilder.ui.widgets.shape_tree import NAME, SHAPE, ShapeTree

PLACE = Qt.ItemDataRole.UserRole
FEW = 48
"""Layers up to which the whole tree stands open."""
DATA = "Data"
Path = tuple[str, ...]


class TensorList(QWidget):
    """Emits `chosen` with the place of the entry that somebody goes to."""

    chosen = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._font = themes, mono_font(11)
        self._entries: dict[Place, Entry] = {}
        self._items: dict[Place, QTreeWidgetItem] = {}
        self.search = QLineEdit()
        self.search.setObjectName("tensor.search")
        self.search.setProperty("role", "search")
        self.search.setAccessibleName("Search tensors")
        self.search.setPlaceholderText("Search: conv1.weight, output, gradient…")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.tree = ShapeTree("Tensors")
        self.tree.setObjectName("tensor.list")
        self.tree.currentItemChanged.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        themes.changed.connect(self._recolour)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places, in order."""
        return tuple(self._entries)

    def entry(self, place: Place) -> Entry | None:
        """What stands in the list for a place."""
        return self._entries.get(place)

    def offer(self, entries: Iterable[Entry]) -> None:
        """Replace the list; what is open and chosen stays so where it is still there."""
        new = {entry.place: entry for entry in entries}
        if new == self._entries:
            return
        place, opened = self.current, {_path(item) for item in self._groups() if item.isExpanded()}
        first = not self._entries
        self._entries, self._items = new, {}
        with QSignalBlocker(self.tree):
            self.tree.clear()
            groups: dict[Path, QTreeWidgetItem] = {}
            for entry in new.values():
                item = QTreeWidgetItem([entry.title, sizes(entry)])
                self._items[entry.place] = item
                self._dress(item, entry)
                self._group(entry.path or (DATA,), groups).addChild(item)
            few = len(groups) <= FEW
            self.tree.addTopLevelItems([group for path, group in groups.items() if len(path) == 1])
            for path, group in groups.items():
                group.setExpanded(few if first else path in opened)
        if place is not None:
            self.choose(place)
        self._filter(self.search.text())

    @property
    def current(self) -> Place | None:
        """The chosen place."""
        item = self.tree.currentItem()
        found = item.data(NAME, PLACE) if item is not None else None
        return found if isinstance(found, Place) else None

    def choose(self, place: Place) -> bool:
        """Go to an entry without announcing; false when there is none of that place."""
        item = self._items.get(place)
        if item is None:
            return False
        with QSignalBlocker(self.tree):
            self.tree.setCurrentItem(item)
        parent = item.parent()
        while parent is not None:
            parent.setExpanded(True)
            parent = parent.parent()
        self.tree.scrollToItem(item)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Return lead from the field into the list."""
        pressed = watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            first = next((item for item in self._items.values() if not item.isHidden()), None)
            if first is not None:
                self.tree.setCurrentItem(first)
                self.tree.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _group(self, path: Path, groups: dict[Path, QTreeWidgetItem]) -> QTreeWidgetItem:
        found = groups.get(path)
        if found is None:
            found = groups[path] = QTreeWidgetItem([path[-1], ""])
            found.setFlags(Qt.ItemFlag.ItemIsEnabled)
            found.setFont(NAME, ui_font(13, 600))
            if len(path) > 1:
                self._group(path[:-1], groups).addChild(found)
        return found

    def _dress(self, item: QTreeWidgetItem, entry: Entry) -> None:
        told, shape = title(entry), sizes(entry)
        item.setData(NAME, PLACE, entry.place)
        item.setFont(SHAPE, self._font)
        item.setForeground(SHAPE, self._themes.current.secondary)
        item.setTextAlignment(SHAPE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(NAME, f"{told} · {shape} · {entry.dtype}")
        item.setData(NAME, Qt.ItemDataRole.AccessibleTextRole, f"{told}, {shape}")

    def _groups(self) -> list[QTreeWidgetItem]:
        found = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        groups = [item for item in found if item is not None]
        for item in groups:
            groups += [child for n in range(item.childCount()) if (child := item.child(n)).childCount()]
        return groups

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for place, item in self._items.items():
            told = f"{title(self._entries[place])} {self._entries[place].state} {place.kind}".lower()
            item.setHidden(not all(word in told for word in words))
        for group in reversed(self._groups()):
            hidden = all(group.child(n).isHidden() for n in range(group.childCount()))
            group.setHidden(hidden)
            if words and not hidden:
                group.setExpanded(True)

    def _go(self, item: QTreeWidgetItem | None, _before: object = None) -> None:
        place = item.data(NAME, PLACE) if item is not None else None
        if isinstance(place, Place):
            self.chosen.emit(place)

    def _recolour(self) -> None:
        for item in self._items.values():
            item.setForeground(SHAPE, self._themes.current.secondary)


def title(entry: Entry) -> str:
    """What an entry is called when it stands alone: `conv1.weight`, `C1 · output`."""
    return entry.state or " · ".join((*entry.path, entry.title))


def sizes(entry: Entry) -> str:
    """Its shape; the batch, which may be any number, is N."""
    return "×".join("N" if size is None else str(size) for size in entry.shape) or "scalar"


def _path(item: QTreeWidgetItem) -> Path:
    parent = item.parent()
    return (*(_path(parent) if parent is not None else ()), item.text(NAME))
