"""The panel at the right: the selected layer, several layers, or the whole network when nothing is selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from netbuilder.layers.declare import find
from netbuilder.net.results import Analysis
from netbuilder.train.events import Preview
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.layer import NodeView
from netbuilder.ui.panels.inspector.network import NetworkView
from netbuilder.ui.panels.inspector.settings import defaults, signature
from netbuilder.ui.panels.inspector.several_layers import ManyView
from netbuilder.ui.widgets.pages import Pages

if TYPE_CHECKING:
    from netbuilder.ui.panels.inspector.block_definition import DefinitionView

    View = NodeView | ManyView | NetworkView | DefinitionView


_MOST = 12


class InspectorPanel(QWidget):
    """Shows what the selection is and lets its settings be changed."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.inspector")
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(220)
        self._context = context
        self._gradients: tuple[tuple[str, ...], Mapping[str, float]] = (), {}
        self._opened: set[str] = set()
        self._scroll = Pages(self)
        self._scroll.setAccessibleName("Inspector")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        self._view: View | None = None
        self._network: NetworkView | None = None
        self._kept: dict[tuple[object, ...], NodeView] = {}
        self._prepared: set[tuple[object, ...]] = set()
        self.destroyed.connect(self._kept.clear)
        context.selection.changed.connect(self._select)
        self._level = context.session.level
        self._level.analysed.connect(self._analysed)
        self._level.moved.connect(self._moved)
        context.session.document.configured.connect(self._refresh)
        context.bridge.events.connect(self._events)
        context.bridge.state_changed.connect(self._training_changed)
        self._select()

    def sizeHint(self) -> QSize:
        """304 px wide."""
        return QSize(304, 600)

    @property
    def view(self) -> QWidget | None:
        """What is shown now."""
        return self._view

    def focus_first_field(self) -> None:
        """Take the focus to the first setting of what is shown."""
        form = getattr(self._view, "form", None)
        if form is not None and form.names:
            form.field(form.names[0]).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the keyboard back to the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self._context.commands.run("canvas.focus")
        else:
            super().keyPressEvent(event)

    @Slot()
    def _select(self) -> None:
        graph = self._level.graph
        ids = frozenset(id_ for id_ in self._context.selection.ids if id_ in graph.nodes)
        view = self._view
        if isinstance(view, NodeView) and ids == {view.id} and view.made_for == signature(self._level, view.id):
            self._refresh()
            return
        if len(ids) == 1:
            new: View = self._node_view(next(iter(ids)))
        elif ids:
            new = ManyView(self._context, ids, self._opened)
        else:
            new = self._nothing_selected()
        if new is not view:
            self._view = new
            held = self._held()
            old = self._scroll.page
            self._scroll.turn_to(new)
            if old is not None and old is not self._network and old not in self._kept.values():
                self._scroll.drop(old)
            if held is not None:
                self._hand_on(held)
        self._refresh()

    def _held(self) -> str | None:
        """The name of the control in what is on show that has the keyboard; nothing when none has."""
        at, shown = QApplication.focusWidget(), self._scroll.page
        return at.objectName() if at is not None and shown is not None and shown.isAncestorOf(at) else None

    def _hand_on(self, name: str) -> None:
        """The keyboard of a control that goes to the one of its name that comes, else to the canvas, not to whatever is next."""
        after = self._view.findChild(QWidget, name) if self._view is not None and name else None
        if after is not None:
            after.setFocus()
        else:
            self._context.commands.run("canvas.focus")

    def prepare(self) -> bool:
        """Make the view of one more kind of layer before somebody asks for it; returns whether there was one to make."""
        graph = self._level.graph
        for id_ in {(node.layer, node.block): id_ for id_, node in graph.nodes.items()}.values():
            key = self._key(id_)
            if len(self._kept) < _MOST and key not in self._kept and key not in self._prepared:
                self._prepared.add(key)
                view = self._node_view(id_)
                view.refresh(self._level.judged, None)
                self._scroll.keep(view)
                return True
        return False

    def _key(self, id_: str) -> tuple[object, ...]:
        """What layers have in common that one view can be about."""
        node, (uses, _, *shape) = self._level.graph.nodes[id_], signature(self._level, id_)
        return (uses, *shape, find(node.layer), repr(defaults(self._level.graph, node)) if node.block else "")

    def _node_view(self, id_: str) -> NodeView:
        """A view of a layer: one that was made for another of its kind, unless somebody is typing there; those used last are kept."""
        key = self._key(id_)
        view = self._kept.pop(key, None)
        typing = QApplication.focusWidget()
        if view is None or (typing is not None and view.isAncestorOf(typing)):
            view = NodeView(self._context, id_, self._opened)
        else:
            view.turn(id_)
        if view.turns:
            self._kept[key] = view
        if len(self._kept) > _MOST:
            self._scroll.drop(self._kept.pop(next(iter(self._kept))))
        return view

    def _nothing_selected(self) -> NetworkView | DefinitionView:
        if not self._level.uses:
            self._network = self._network or NetworkView(self._context)
            return self._network
        from netbuilder.ui.panels.inspector.block_definition import DefinitionView

        return DefinitionView(self._context)

    def _analysed(self, analysis: Analysis) -> None:
        shown = self._view
        ids = frozenset(id_ for id_ in self._context.selection.ids if id_ in analysis.graph.nodes)
        if isinstance(shown, NodeView) or (isinstance(shown, ManyView) and ids != shown.ids):
            self._select()
        else:
            self._refresh()

    def _refresh(self) -> None:
        if isinstance(self._view, NodeView):
            self._view.refresh(self._level.judged, self._gradient(self._view.id))
        elif self._view is not None:
            self._view.refresh(self._level.judged)

    @Slot(str)
    def _training_changed(self, state: str) -> None:
        if state == "loading":
            self._gradients = (), {}
        elif state == "running":
            self._context.session.runner.watch.gradients = True
            self._moved()

    def _moved(self) -> None:
        """Gradients are those of the layers on show."""
        if self._context.session.state != "idle":
            self._context.session.runner.watch.inside = self._level.uses
        self._select()

    @Slot(list)
    def _events(self, events: list[object]) -> None:
        previews = [event for event in events if isinstance(event, Preview) and event.gradients]
        if previews:
            self._gradients = previews[-1].inside, previews[-1].gradients
            if isinstance(self._view, NodeView):
                self._view.show_gradient(self._gradient(self._view.id))

    def _gradient(self, id_: str) -> float | None:
        """The norm measured last, if that was on this level."""
        inside, gradients = self._gradients
        return gradients.get(id_) if inside == self._level.uses else None
