"""A list over the canvas, searched by typing; Enter takes the entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.floating import Floating
from netbuilder.ui.fuzzy import best
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.theme import Theme, ui_font

_ROLE = Qt.ItemDataRole.UserRole
_ROW = 28
_ROWS = 9
_WIDTH = 400
_DETAIL = 92
_LEAST, _MARGIN = 280, 8


@dataclass(frozen=True)
class Entry:
    """One thing to choose: what it is called, a word beside it, and names it can be found by. `faded` ones come last."""

    key: object
    title: str
    detail: str = ""
    glyph: str = "identity"
    category: Category | None = None
    words: tuple[str, ...] = ()
    faded: bool = False
    note: str = ""


def ranked(entries: Sequence[Entry], query: str) -> list[Entry]:
    """Entries that match: those that fit here first, then the better matches, then in their own order."""
    found = [
        (entry.faded, -score, index, entry)
        for index, entry in enumerate(entries)
        if (score := best(query, (entry.title, *entry.words))) is not None
    ]
    found.sort(key=lambda item: (item[0] and item[1] > -1000, *item[1:3]))
    return [entry for *_, entry in found]


class Picker(Floating):
    """`chosen` carries the entry's key and whether Shift was held; `closed` follows in any case."""

    chosen = Signal(object, bool)

    def __init__(self, host: QWidget, theme: Theme, *, prompt: str, hint: str = "", empty: str = "Nothing of that name") -> None:
        super().__init__(host)
        self.setObjectName("canvas.picker")
        self._theme = theme
        self._entries: Sequence[Entry] = ()
        self._empty = empty
        self.field = QLineEdit(self)
        self.field.setObjectName("canvas.picker.field")
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.list = QListWidget(self)
        self.list.setObjectName("canvas.picker.list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_RowDelegate(theme, self.list))
        self.list.setMouseTracking(True)
        self._hint = QLabel(hint, self)
        self._hint.setFont(ui_font(11))
        self._hint.setObjectName("canvas.picker.hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        for widget in (self.field, self.list, self._hint):
            layout.addWidget(widget)
        self._hint.setWordWrap(True)
        self._hint.setVisible(bool(hint))
        self._style(theme)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self.hide()

    @property
    def shown(self) -> list[object]:
        """Keys in the order of the list."""
        return [self.list.item(row).data(_ROLE).key for row in range(self.list.count())]

    def ask(self, entries: Sequence[Entry], at: QPoint, *, beside: QRect | None = None) -> None:
        """Open at a point of the parent, wholly inside it; left of `beside` where there is no room to the right of it."""
        self._entries = entries
        self._filter("")
        parent = self._host
        width = min(_WIDTH, max(200, parent.width() - 2 * _MARGIN))
        if beside is not None:
            at, width = _place_beside(beside, at, width, parent.width())
        self.setFixedWidth(width)
        rows = max(1, min(_ROWS, len(entries)))
        spare = parent.height() - 110
        self.list.setFixedHeight(min(rows * _ROW + 4, max(3 * _ROW, spare)))
        self.open_at(at, self.field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if (
            isinstance(event, QFocusEvent)
            and event.type() == QEvent.Type.FocusOut
            and event.reason() != Qt.FocusReason.ActiveWindowFocusReason
        ):
            self.dismiss()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(1 if key == Qt.Key.Key_Tab else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.list.currentItem()
            if item is not None:
                self._take(item, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        if self.list.count():
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + by)))

    def _take(self, item: QListWidgetItem, shift: bool = False) -> None:
        entry = item.data(_ROLE)
        if isinstance(entry, Entry) and self._open and item.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.dismiss()
            self.chosen.emit(entry.key, shift)

    def _filter(self, query: str) -> None:
        self.list.clear()
        for entry in ranked(self._entries, query.strip()):
            item = QListWidgetItem(entry.title)
            item.setData(_ROLE, entry)
            item.setSizeHint(QSize(_WIDTH - 24, _ROW))
            self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            item = QListWidgetItem(self._empty)
            item.setData(_ROLE, Entry(None, self._empty, faded=True, glyph=""))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)

    def _style(self, theme: Theme) -> None:
        self.setStyleSheet(
            f"#canvas\\.picker {{ background: {theme.panel.name()}; border: 1px solid {theme.line.name()}; border-radius: 8px; }}"
            f"#canvas\\.picker\\.field {{ background: {theme.raised.name()}; color: {theme.text.name()}; "
            f"border: 1px solid {theme.accent.name()}; border-radius: 6px; padding: 0 8px; min-height: 26px; }}"
            "#canvas\\.picker\\.list { background: transparent; border: none; outline: none; }"
            f"#canvas\\.picker\\.hint {{ color: {theme.secondary.name()}; background: transparent; border: none; font-size: 11px; }}"
        )


def _place_beside(card: QRect, at: QPoint, width: int, room: int) -> tuple[QPoint, int]:
    """Right of a card, or left of it where more room is, narrower where it has to be."""
    right, left = room - at.x() - _MARGIN, card.left() - 2 * _MARGIN
    if right >= width or max(left, right) < _LEAST:
        return at, width
    width = min(width, max(left, right))
    return (QPoint(card.left() - _MARGIN - width, at.y()) if left > right else at), width


class _RowDelegate(QStyledItemDelegate):
    """A glyph, the title and the word beside it."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:  # type: ignore[no-untyped-def]
        entry: Entry = index.data(_ROLE)
        theme, rect = self._theme, option.rect  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selection)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        if entry.faded:
            painter.setOpacity(0.6)
        if entry.glyph:
            dpr = painter.device().devicePixelRatioF()
            painter.drawPixmap(rect.left() + 8, rect.top() + 6, glyph_pixmap(entry.glyph, theme.category(entry.category), 16, dpr))
        painter.setFont(ui_font(13))
        painter.setPen(theme.text)
        left = rect.adjusted(34, 0, -8, 0)
        centre = Qt.AlignmentFlag.AlignVCenter
        used = painter.drawText(left, int(centre | Qt.AlignmentFlag.AlignLeft), entry.title)
        if entry.detail:
            painter.setFont(ui_font(11))
            painter.setPen(theme.secondary)
            note = painter.drawText(left, int(centre | Qt.AlignmentFlag.AlignRight), entry.note).width() + 10 if entry.note else 0
            room = left.adjusted(max(_DETAIL, used.width() + 12), 0, -note, 0)
            text = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(centre | Qt.AlignmentFlag.AlignLeft), text)
        painter.restore()
