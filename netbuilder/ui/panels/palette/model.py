"""The rows of the palette: categories with their main layers, folded, complete or filtered. No painting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from netbuilder.layers.declare import About, Category, catalogue
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.fuzzy import best

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Heading:
    """A category's line, or with none that of the blocks; a click folds it."""

    category: Category | None
    folded: bool

    @property
    def title(self) -> str:
        """What it says."""
        return self.category.value if self.category is not None else "Blocks"


@dataclass(frozen=True)
class More:
    """The line that shows the rest of a category, or hides it again."""

    category: Category | None
    hidden: int


@dataclass(frozen=True)
class Entry:
    """A layer that can be added."""

    about: About


Row = Heading | Entry | More


class PaletteModel(QAbstractListModel):
    """All declared layers as rows."""

    def __init__(self, parent: QObject | None = None, abouts: Iterable[About] | None = None) -> None:
        super().__init__(parent)
        self._abouts = tuple(abouts) if abouts is not None else tuple(kind.about for kind in catalogue().values())
        self._blocks: tuple[About, ...] = ()
        self._query = ""
        self._folded: set[Category | None] = set()
        self._full: set[Category | None] = set()
        self._rows: Sequence[Row] = self._compute()

    def filter(self, query: str) -> None:
        """Show only what matches, best first."""
        self._query = query.strip()
        self._refresh()

    def show_blocks(self, blocks: Iterable[About]) -> None:
        """Offer these blocks, each named by its key in stock, as a group of their own."""
        found = tuple(blocks)
        if found != self._blocks:
            self._blocks = found
            self._refresh()

    def toggle(self, index: Index) -> None:
        """Fold or unfold the heading, or show the rest."""
        row = self.row(index)
        if isinstance(row, Heading):
            self._folded ^= {row.category}
        elif isinstance(row, More):
            self._full ^= {row.category}
        self._refresh()

    def row(self, index: Index) -> Row:
        """What stands at an index."""
        return self._rows[index.row()]

    def first_entry(self) -> QModelIndex:
        """The first layer, invalid when nothing matches."""
        return next((self.index(n) for n, row in enumerate(self._rows) if isinstance(row, Entry)), QModelIndex())

    def rowCount(self, parent: Index | None = None) -> int:
        """Lines visible now."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for the view, for tips and for screen readers."""
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, Entry):
                return row.about.title
            if isinstance(row, Heading):
                return row.title
            return f"{row.hidden} more" if row.hidden else "Fewer"
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Entry):
            return row.about.tip
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Layers can be dragged; all lines can be reached."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and isinstance(self._rows[index.row()], Entry):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def mimeTypes(self) -> list[str]:
        """What a drag carries."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The layer's name."""
        data = QMimeData()
        for index in indexes:
            row = self._rows[index.row()]
            if isinstance(row, Entry):
                data.setData(MIME, row.about.name.encode())
        return data

    def _refresh(self) -> None:
        self.beginResetModel()
        self._rows = self._compute()
        self.endResetModel()

    def _compute(self) -> Sequence[Row]:
        return self._matches() if self._query else self._all()

    def _matches(self) -> Sequence[Row]:
        scored = []
        for order, about in enumerate((*self._abouts, *self._blocks)):
            value = best(self._query, (about.title, about.name, *about.keywords))
            if value is None and len(self._query) > 2 and self._query.casefold() in about.category.value.casefold():
                value = 1
            if value is not None:
                scored.append((-value, order, about))
        return [Entry(about) for _, _, about in sorted(scored, key=lambda item: item[:2])]

    def _all(self) -> Sequence[Row]:
        rows: list[Row] = []
        groups: dict[Category | None, list[About]] = {}
        for category in Category:
            groups[category] = [about for about in self._abouts if about.category is category]
            if category is Category.SHAPE:
                groups[None] = list(self._blocks)
        for group, members in groups.items():
            if not members:
                continue
            folded = group in self._folded
            rows.append(Heading(group, folded))
            if folded:
                continue
            shown = [about for about in members if about.main] or members
            rest = [about for about in members if about not in shown]
            full = group in self._full
            rows += [Entry(about) for about in (members if full or len(rest) == 1 else shown)]
            if len(rest) > 1:
                rows.append(More(group, 0 if full else len(rest)))
        return rows
