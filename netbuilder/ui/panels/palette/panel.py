"""The layer catalogue: search, click through families, add with Enter or a double click, or drag to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QListView, QMenu, QStackedLayout, QVBoxLayout, QWidget

from netbuilder.core.block_definitions import way_to
from netbuilder.core.blocks import remove_block
from netbuilder.core.diff import Diff
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.canvas.adding.placeable import OWN, blocks_in_stock
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.panels.palette.delegate import PaletteDelegate
from netbuilder.ui.panels.palette.model import Entry, PaletteModel
from netbuilder.ui.widgets.empty_state import EmptyState

_SOON = 150
"""Milliseconds after which a palette that is on show looks for the library."""


class _Rows(QListView):
    """The list; a drag shows the layer's glyph under the pointer."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = context.themes
        self.setObjectName("palette.layers")
        self.setAccessibleName("Layers")
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setProperty("role", "plain")
        self.setItemDelegate(PaletteDelegate(context.themes, self))
        context.themes.changed.connect(self.viewport().update)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Carry the layer's name to the canvas."""
        index, model = self.currentIndex(), self.model()
        if not index.isValid() or not isinstance(model, PaletteModel):
            return
        row = model.row(index)
        if not isinstance(row, Entry):
            return
        drag = QDrag(self)
        drag.setMimeData(model.mimeData([index]))
        colour = self._themes.current.category(row.about.category)
        drag.setPixmap(glyph_pixmap(row.about.glyph, colour, 24, self.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)


class PalettePanel(QWidget):
    """The panel at the left. `chosen` carries the name of a layer to add."""

    chosen = Signal(str)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.palette")
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(150)
        self.search = QLineEdit(self)
        self.search.setObjectName("palette.search")
        self.search.setAccessibleName("Find a layer")
        self.search.setPlaceholderText("Find a layer")
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        self.model = PaletteModel(self)
        self.rows = _Rows(context, self)
        self.rows.setModel(self.model)
        self._empty = EmptyState("search", "No layer matches", "Try another word: a kind, a torch name or what it does.", self)
        self._build()
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.rows.installEventFilter(self)
        self.rows.clicked.connect(self._clicked)
        self.rows.doubleClicked.connect(self._choose)
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.rows.customContextMenuRequested.connect(self._open_menu)
        self._context = context
        self._stocked = False
        self._library = QTimer(self)
        self._library.setSingleShot(True)
        self._library.timeout.connect(self._stock)
        self._document = context.session.document
        self._document.changed.connect(self._changed)
        self._show_blocks()

    def showEvent(self, event: QShowEvent) -> None:
        """The library of blocks is read when the window stands."""
        super().showEvent(event)
        if not self._stocked:
            self._library.start(_SOON)

    def sizeHint(self) -> QSize:
        """208 px wide."""
        return QSize(208, 600)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field arrows walk the list and Enter adds; in the list letters go to the search field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.rows.currentIndex())
            return True
        if watched is self.search:
            return self._key_in_search(key)
        if event.text().isprintable() and event.text().strip():
            self.search.setFocus()
            self.search.insert(event.text())
            return True
        return False

    def _key_in_search(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 4, 0)
        column.setSpacing(4)
        top = QVBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.rows)
        self._stack.addWidget(self._empty)
        column.addLayout(self._stack, 1)

    def _stock(self) -> None:
        self._stocked = True
        self._show_blocks()

    def _changed(self, changes: Diff) -> None:
        if changes.blocks:
            self._show_blocks()

    def _show_blocks(self) -> None:
        self.model.show_blocks(blocks_in_stock(self._document.graph, library=self._stocked))

    def menu(self, key: str) -> QMenu | None:
        """What can be done with a row besides adding it; only the project's own blocks have more."""
        if not key.startswith(OWN):
            return None
        name = key.removeprefix(OWN)
        way = way_to(self._document.graph, name)
        menu = QMenu(self)
        menu.setObjectName("palette.menu")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Add to the canvas", lambda: self.chosen.emit(key))
        menu.addAction("Open", lambda: self._context.session.level.go(way or ())).setEnabled(way is not None)
        menu.addSeparator()
        menu.addAction("Delete definition", lambda: self._delete(name))
        return menu

    def _open_menu(self, at: QPoint) -> None:
        index = self.rows.indexAt(at)
        row = self.model.row(index) if index.isValid() else None
        menu = self.menu(row.about.name) if isinstance(row, Entry) else None
        if menu is not None:
            menu.popup(self.rows.viewport().mapToGlobal(at))

    def _delete(self, name: str) -> None:
        try:
            self._document.apply(remove_block(name), f"Delete block “{name}”")
        except NetbuilderError as error:
            self._context.notify(str(error), "error")

    def _filter(self, query: str) -> None:
        self.model.filter(query)
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)
        if query.strip():
            self.rows.setCurrentIndex(self.model.first_entry())

    def _walk(self, by: int) -> None:
        row = self.rows.currentIndex().row() + by
        while 0 <= row < self.model.rowCount():
            index = self.model.index(row)
            if isinstance(self.model.row(index), Entry):
                self.rows.setCurrentIndex(index)
                self.rows.scrollTo(index)
                return
            row += by

    def _clicked(self, index: QModelIndex) -> None:
        if not isinstance(self.model.row(index), Entry):
            self.model.toggle(index)

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row = self.model.row(index)
        if isinstance(row, Entry):
            self.chosen.emit(row.about.name)
        else:
            self.model.toggle(index)
