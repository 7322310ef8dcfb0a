"""Every command and every layer by typing a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from netbuilder.layers.declare import About, Category, catalogue
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.fuzzy import best
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.theme import Themes, mono_font, ui_font

WIDTH, ROW, MOST = 520, 32, 60


@dataclass(frozen=True)
class Choice:
    """A line of the palette: what it says, where it comes from, what it does, and what keeps it from that now."""

    key: str
    title: str
    detail: str
    keys: str
    glyph: str
    family: Category | None
    run: Callable[[], object]
    words: tuple[str, ...] = ()
    hindrance: str = ""


def choices(registry: CommandRegistry, add_layer: Callable[[str], object], blocks: Iterable[About] = ()) -> list[Choice]:
    """Commands, then all layers, then blocks."""
    found = [
        Choice(
            command.id,
            command.label,
            command.menu,
            registry.keys(command.id).toString(QKeySequence.SequenceFormat.NativeText),
            command.icon,
            None,
            partial(registry.run, command.id),
            (command.tip,),
            command.hindrance,
        )
        for command in registry
    ]
    layers = ((f"layer.{name}", "Add layer", kind.about) for name, kind in catalogue().items())
    for key, detail, about in (*layers, *((each.name, "Add block", each) for each in blocks)):
        run = partial(add_layer, about.name)
        found.append(Choice(key, about.title, detail, "", about.glyph, about.category, run, (about.name, *about.keywords)))
    return found


def matching(query: str, among: Sequence[Choice]) -> list[Choice]:
    """The best matches first, of equal ones those that can be used now; when nothing is typed all of these in their own order."""
    if not query.strip():
        return [each for each in among if not each.hindrance][:MOST]
    scored = [(value, number) for number, each in enumerate(among) if (value := best(query, (each.title, *each.words))) is not None]
    return [among[number] for value, number in sorted(scored, key=lambda pair: (-pair[0], bool(among[pair[1]].hindrance), pair[1]))][:MOST]


class CommandPalette(QFrame):
    """A popup with a field and a list; Enter runs, Escape closes."""

    def __init__(
        self,
        registry: CommandRegistry,
        themes: Themes,
        add_layer: Callable[[str], object],
        parent: QWidget,
        blocks: Callable[[], Iterable[About]] = tuple,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette.commands")
        self.setProperty("role", "toast")
        self._registry, self._add_layer, self._blocks = registry, add_layer, blocks
        self._all: list[Choice] = []
        self._shown: list[Choice] = []
        self.field = QLineEdit(self)
        self.field.setObjectName("palette.commands.field")
        self.field.setProperty("role", "search")
        self.field.setPlaceholderText("Search commands and layers")
        self.list = QListWidget(self)
        self.list.setObjectName("palette.commands.list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Rows(themes, self))
        self.list.setMouseTracking(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._run())

    def open_at(self, place: QPoint) -> None:
        """Show it with its top right corner at a global place, emptied."""
        self._all = choices(self._registry, self._add_layer, self._blocks())
        self.field.clear()
        self._filter("")
        self.setFixedSize(WIDTH, 440)
        self.move(place.x() - WIDTH, place.y())
        self.show()
        self.field.setFocus()

    def shown(self) -> list[str]:
        """Keys of the lines shown, best first."""
        return [each.key for each in self._shown]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk, Enter runs."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(key), 0)
            if by:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + by)))
                return True
        return False

    def _filter(self, query: str) -> None:
        self._shown = matching(query, self._all)
        self.list.clear()
        for each in self._shown:
            item = QListWidgetItem(each.title)
            item.setData(Qt.ItemDataRole.UserRole, each)
            self.list.addItem(item)
        if not self._shown:
            none = QListWidgetItem(f"Nothing matches “{query}”")
            none.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(none)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown) and not self._shown[row].hindrance:
            self.hide()
            self._shown[row].run()


class _Rows(QStyledItemDelegate):
    """Glyph, title, where it is found, and its keys."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 40, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme = self._themes.current
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        choice = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver) and choice is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            selected = state & QStyle.StateFlag.State_Selected
            painter.setBrush(theme.selection if selected else theme.hover)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(ui_font(13))
        painter.setPen(theme.text if choice is not None and not choice.hindrance else theme.secondary)
        painter.drawText(rect.adjusted(36, 0, -180, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        if choice is not None:
            self._details(painter, rect, choice)
        painter.restore()

    def _details(self, painter: QPainter, rect: QRect, choice: Choice) -> None:
        theme = self._themes.current
        if choice.glyph:
            colour = theme.category(choice.family) if choice.family is not None else theme.secondary
            painter.drawPixmap(
                rect.left() + 10, rect.center().y() - 7, glyph_pixmap(choice.glyph, colour, 16, painter.device().devicePixelRatio())
            )
        painter.setPen(theme.secondary)
        right = rect.adjusted(0, 0, -12, 0)
        if choice.keys and not choice.hindrance:
            painter.setFont(mono_font(11))
            painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.keys)
            right = right.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(choice.keys) - 14, 0)
        painter.setFont(ui_font(12))
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, choice.hindrance or choice.detail)
