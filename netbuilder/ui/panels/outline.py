"""The network as a tree: every layer with its shape and problems, blocks with what is inside. Also the canvas for screen readers."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QItemSelection, QItemSelectionRange, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QStackedLayout, QTreeWidgetItem, QWidget

from netbuilder.core.edits import rename
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Node
from netbuilder.layers.declare import find, show
from netbuilder.layers.kinship import category_of
from netbuilder.net.analysis import analyze_inside
from netbuilder.net.results import Analysis, NodeAnalysis, Severity
from netbuilder.ui.canvas.screen_reader import fed_by, spoken
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.theme import mono_font
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.shape_tree import NAME, SHAPE, ShapeTree

SPOT = Qt.ItemDataRole.UserRole
"""Where an item keeps its layer: the block nodes to open, and the node's id."""
_SIGNS = {Severity.ERROR: "octagon-x", Severity.WARNING: "triangle-alert"}
_SOON = 40  # milliseconds in which several edits become one renewal
Uses = tuple[str, ...]


class OutlinePanel(QWidget):
    """Mirrors the canvas: selecting here selects there and goes into the block, and the other way round; F2 renames.

    `revealed` carries the layer to bring into view, of the graph that is then on show.
    """

    revealed = Signal(str)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.outline")
        self._context = context
        self._session = context.session
        self._shown: tuple[Graph, Analysis] | None = None
        self._order: tuple[str, ...] = ()
        self._items: dict[tuple[Uses, str], QTreeWidgetItem] = {}
        self._told: dict[str, tuple[Node, NodeAnalysis | None, tuple[str, ...]]] = {}
        self.tree = ShapeTree("Outline of the network", self)
        self.tree.setObjectName("outline.tree")
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self._stack = QStackedLayout(self)
        self.setContentsMargins(4, 4, 4, 4)
        self._stack.addWidget(EmptyState("list", "No layers", "Every layer that you add is listed here, blocks with what is inside.", self))
        self._stack.addWidget(self.tree)
        self._soon = QTimer(self, interval=_SOON, singleShot=True)
        self._soon.timeout.connect(self.renew)
        self.tree.itemSelectionChanged.connect(self._select_on_canvas)
        self.tree.itemExpanded.connect(self._fill_block)
        self.tree.itemChanged.connect(self._rename)
        for announcer in (context.selection.changed, self._session.level.moved):
            announcer.connect(self._select_here)
        context.themes.changed.connect(self._repaint)
        for announcer in (self._session.document.changed, self._session.analysed, self._session.level.analysed):
            announcer.connect(self._on_changed)
        self._stack.setCurrentIndex(1 if self._session.document.graph.nodes else 0)

    def renew(self) -> None:
        """Follow the document; what was open stays open. Rows of layers that an edit has left alone are left alone."""
        graph, analysis = self._session.document.graph, self._session.judged
        if not self.isVisible() or self._shown == (graph, analysis):
            return
        self._shown = (graph, analysis)
        self._stack.setCurrentIndex(1 if graph.nodes else 0)
        order = tuple(dict.fromkeys((*graph.order, *graph.nodes)))
        open_ = [spot for spot, item in self._items.items() if item.isExpanded()]
        with QSignalBlocker(self.tree):
            if order == self._order:
                self._update(graph, analysis)
            else:
                self._order, self._items, self._told = order, {}, {}
                self.tree.clear()
                self.tree.addTopLevelItems([self._row(graph, graph.nodes[id_], analysis.answers.get(id_), ()) for id_ in order])
        for spot in open_:
            if spot in self._items:
                self._items[spot].setExpanded(True)
        self._select_here()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self.renew()

    def item_of(self, uses: Uses, node: str) -> QTreeWidgetItem | None:
        """The row of a layer, if its block was opened here."""
        return self._items.get((uses, node))

    def _on_changed(self, _what: object = None) -> None:
        if self.isVisible():
            self._soon.start()

    def _repaint(self) -> None:
        self._shown, self._order = None, ()
        self.renew()

    def _update(self, graph: Graph, analysis: Analysis) -> None:
        """Tell what differs of the same layers; the insides of blocks are told anew when somebody looks again."""
        for id_ in self._order:
            item, node, answer = self._items[(), id_], graph.nodes[id_], analysis.answers.get(id_)
            if item.childCount():
                gone = item.takeChildren()
                self._items = {spot: kept for spot, kept in self._items.items() if not spot[0] or spot[0][0] != id_}
                gone.clear()
                item.setExpanded(False)
            before = self._told.get(id_)
            if before is None or before[0] is not node or before[1] is not answer or before[2] != fed_by(graph, node):
                self._tell(item, graph, node, answer)

    def _row(self, graph: Graph, node: Node, answer: NodeAnalysis | None, uses: Uses) -> QTreeWidgetItem:
        item = QTreeWidgetItem()
        self._items[uses, node.id] = item
        item.setData(NAME, SPOT, (uses, node.id))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setFont(SHAPE, mono_font(11))
        item.setTextAlignment(SHAPE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if node.layer == "block":
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._tell(item, graph, node, answer)
        return item

    def _tell(self, item: QTreeWidgetItem, graph: Graph, node: Node, answer: NodeAnalysis | None) -> None:
        """Name, sign, shape, and the sentence for screen readers."""
        kind, theme = find(node.layer), self._context.themes.current
        problems = answer.problems if answer is not None else ()
        worst = next((s for s in Severity if any(problem.severity is s for problem in problems)), None)
        colour = theme.category(category_of(node, graph))
        if worst is not None:
            colour = theme.error if worst is Severity.ERROR else theme.warning
        glyph = _SIGNS[worst] if worst is not None else kind.about.glyph if kind is not None else "block"
        item.setText(NAME, node.name)
        item.setIcon(NAME, _icon(glyph, colour.rgba()))
        item.setText(SHAPE, show(answer.output_shapes[0]) if answer is not None and answer.output_shapes else "")
        item.setForeground(SHAPE, theme.secondary)
        title = kind.about.title if kind is not None else node.block or node.layer
        item.setData(NAME, Qt.ItemDataRole.AccessibleTextRole, spoken(graph, node, title, answer, inside=bool(item.data(NAME, SPOT)[0])))
        item.setToolTip(NAME, "\n".join([f"{node.name}: {title}", *(problem.message for problem in problems)]))
        if not item.data(NAME, SPOT)[0]:
            self._told[node.id] = (node, answer, fed_by(graph, node))

    def _fill_block(self, item: QTreeWidgetItem) -> None:
        """What is inside a block, when somebody looks."""
        uses, node = item.data(NAME, SPOT)
        if item.childCount():
            return
        from netbuilder.net.inside import inside

        path = (*uses, node)
        try:
            graph = inside(self._session.document.graph, path, self._session.analysis)
        except NetbuilderError as error:
            self._context.notify(str(error), "error")
            return
        known = analyze_inside(graph).answers
        with QSignalBlocker(self.tree):
            order = dict.fromkeys((*graph.order, *graph.nodes))
            item.addChildren([self._row(graph, graph.nodes[id_], known.get(id_), path) for id_ in order])

    def _select_on_canvas(self) -> None:
        chosen = self.tree.selectedItems()
        if not chosen:
            return
        uses = chosen[-1].data(NAME, SPOT)[0]
        ids = [id_ for path, id_ in (item.data(NAME, SPOT) for item in chosen) if path == uses]
        try:
            self._session.level.go(uses)
        except NetbuilderError as error:
            self._context.notify(str(error), "error")
            return
        self._context.selection.set(ids)
        self.revealed.emit(chosen[-1].data(NAME, SPOT)[1])

    def _select_here(self) -> None:
        if not self.isVisible():
            return
        uses, ids = self._session.level.uses, self._context.selection.ids
        way = [self._opened(uses[:depth], use) for depth, use in enumerate(uses)]
        chosen = [self._items[uses, id_] for id_ in ids if (uses, id_) in self._items]
        model = self.tree.selectionModel()
        with QSignalBlocker(self.tree):
            model.select(self._ranges(chosen), model.SelectionFlag.ClearAndSelect | model.SelectionFlag.Rows)
            first = min(chosen, key=lambda item: self.tree.indexFromItem(item).row(), default=None)
            if first is not None and not self.tree.hasFocus():
                self.tree.setCurrentItem(first, NAME, model.SelectionFlag.NoUpdate)
        if seen := first or (way[-1] if way else None):
            self.tree.scrollToItem(seen)
        self.tree.viewport().update()

    def _opened(self, uses: Uses, node: str) -> QTreeWidgetItem | None:
        """The row of a block whose inside is on show, opened here too."""
        item = self._items.get((uses, node))
        if item is not None:
            item.setExpanded(True)
        return item

    def _ranges(self, items: list[QTreeWidgetItem]) -> QItemSelection:
        """Rows of one graph, those that follow each other together."""
        found = QItemSelection()
        indexes = sorted((self.tree.indexFromItem(item) for item in items), key=lambda index: index.row())
        start = 0
        for number, index in enumerate(indexes):
            if number + 1 == len(indexes) or indexes[number + 1].row() != index.row() + 1:
                found.append(QItemSelectionRange(indexes[start], index))
                start = number + 1
        return found

    def _rename(self, item: QTreeWidgetItem, column: int) -> None:
        if column != NAME:
            return
        uses, id_ = item.data(NAME, SPOT)
        try:
            self._session.level.go(uses)
            self._session.level.apply(rename(id_, item.text(NAME).strip()), "Rename")
        except NetbuilderError as error:
            self._context.notify(str(error), "error")
            QTimer.singleShot(0, self._repaint)


@cache
def _icon(glyph: str, rgba: int) -> QIcon:
    """One icon for all layers of a kind."""
    return icon(glyph, QColor.fromRgba(rgba), 14)
