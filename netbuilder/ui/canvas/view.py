"""The canvas as a widget: shows the scene, hands the pointer to a gesture, and offers what panels and commands need."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.ui.canvas.adding.drop_target import DropTarget
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.hover import Hover
from netbuilder.ui.canvas.keyboard import Keyboard
from netbuilder.ui.canvas.mouse import Mouse
from netbuilder.ui.canvas.navigation.camera import Camera
from netbuilder.ui.canvas.navigation.levels import Levels
from netbuilder.ui.canvas.overlays import Overlays
from netbuilder.ui.canvas.painting.colours import colours
from netbuilder.ui.canvas.painting.ground import Ground
from netbuilder.ui.canvas.paper import Paper
from netbuilder.ui.canvas.scene import CanvasScene
from netbuilder.ui.canvas.selection_marks import Marking
from netbuilder.ui.canvas.sync import Sync

if TYPE_CHECKING:
    from netbuilder.app.level import Level
    from netbuilder.core.document import Document
    from netbuilder.ui.canvas.adding.lists import Lists
    from netbuilder.ui.canvas.commands.actions import Actions
    from netbuilder.ui.canvas.feedback import Feedback
    from netbuilder.ui.context import UiContext
    from netbuilder.ui.selection import Selection


class CanvasView(Paper):
    """`edit_requested` asks the inspector to take the focus for a node."""

    edit_requested = Signal(str)
    zoomed = Signal(float)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("panel.canvas")
        self.canvas_scene = CanvasScene(colours(context.themes.current), self)
        self.setScene(self.canvas_scene)
        self.ground = Ground(self, self.canvas_scene)
        self.mouse, self._drop = Mouse(self), DropTarget(self)
        self.camera = Camera(self)
        self.marking = Marking(self)
        self._framed: tuple[object, ...] = ()
        self.sync = Sync(context.session, self.canvas_scene, self._on_synced)
        self.levels = Levels(self)
        self.overlays = Overlays(self)
        self.hover = Hover(self)
        self.keyboard = Keyboard(self)
        context.selection.changed.connect(self.marking.show)
        context.themes.changed.connect(self._on_theme)
        self.destroyed.connect(self.levels.close)
        self.marking.show()
        self.fit()

    @property
    def document(self) -> Document:
        """The open document."""
        return self.context.session.document

    @property
    def level(self) -> Level:
        """What of it is on show: the network, or the inside of a block."""
        return self.context.session.level

    @property
    def graph(self) -> Graph:
        """The newest graph on show."""
        return self.level.graph

    @property
    def selection(self) -> Selection:
        """The shared selection."""
        return self.context.selection

    @cached_property
    def actions_(self) -> Actions:
        """What the commands do."""
        from netbuilder.ui.canvas.commands.actions import Actions

        return Actions(self)

    @cached_property
    def feedback(self) -> Feedback:
        """What a running gesture shows."""
        from netbuilder.ui.canvas.feedback import Feedback

        return Feedback(self.canvas_scene)

    @cached_property
    def lists(self) -> Lists:
        """Adding and connecting by typing."""
        from netbuilder.ui.canvas.adding.lists import Lists

        return Lists(self)

    @property
    def selected_ids(self) -> frozenset[str]:
        """Selected nodes that exist."""
        return self.selection.ids & self.graph.nodes.keys()

    @property
    def scale_factor(self) -> float:
        """The zoom: 1 is 100 %."""
        return self.camera.zoom

    @property
    def busy(self) -> bool:
        """Whether a gesture is running."""
        return self.mouse.busy or self._drop.busy

    def attempt(self, edit: Edit, label: str, *, at: QPoint | None = None, merge: str | None = None) -> bool:
        """Apply an edit; when it is refused, say why at a point of the view and record nothing."""
        try:
            self.level.apply(edit, label, merge=merge)
        except NetbuilderError as error:
            self.say(str(error), at)
            return False
        return True

    def say(self, text: str, at: QPoint | None = None) -> None:
        """A message at the pointer, or beside the selection."""
        self.overlays.bubble.say(text, at if at is not None else self._anchor_point())

    def ask_layer(self, at: QPointF, *, source: Port | None = None, target: Port | None = None) -> None:
        """Open the type-to-add list at a scene point; the choice is wired to `source` or `target`."""
        self.lists.ask_layer(at, source=source, target=target)

    def add_layer_at_centre(self, layer_name: str) -> None:
        """Add a layer behind the selected node, or in the middle of what is visible."""
        self.lists.add_at_centre(layer_name)

    def visible_rect(self) -> QRectF:
        """The part of the scene on show."""
        return self.camera.visible

    def fit(self) -> None:
        """Show everything, at most at 100 %, clear of breadcrumb and minimap."""
        self.camera.fit()

    def zoom(self, factor: float, at: QPoint | None = None) -> None:
        """Magnify around a point of the view, by default its middle."""
        self.camera.magnify(factor, at)

    def set_zoom(self, zoom: float) -> None:
        """Go to a zoom, around the middle."""
        self.camera.magnify(zoom / self.scale_factor)

    def pan(self, across: int, down: int) -> None:
        """Move the paper by pixels."""
        self.camera.pan(across, down)

    def reveal(self, node_id: str) -> None:
        """Bring a node into view if it is not, moving as little as possible."""
        item = self.canvas_scene.nodes.get(node_id)
        if item is not None:
            self.camera.reveal(item.rect)

    @property
    def selected_wires(self) -> frozenset[Port]:
        """Selected wires, named by the inputs they feed."""
        return self.marking.wires

    def select_wires(self, targets: Iterable[Port]) -> None:
        """Select exactly these wires, named by the inputs they feed."""
        self.marking.select_wires(targets)

    def cancel(self) -> bool:
        """Give up the running gesture; returns whether there was one."""
        return self.mouse.cancel()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self.ground.paint(painter)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        before, self._framed = self._framed, (self.canvas_scene.version, self.viewportTransform(), self.viewport().size())
        if before != self._framed:
            self.overlays.show_view(self.visible_rect(), event.region(), moved=before[1:] != self._framed[1:])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "overlays"):
            self.overlays.lay_out()
            if self.camera.fitted:
                self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.overlays.bubble.hide()
        self.hover.clear()
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.mouse.wheel(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1.0 + event.value(), event.position().toPoint())
            return True
        if isinstance(event, QHelpEvent):
            return self.hover.explain(event)
        if event.type() == QEvent.Type.Leave and hasattr(self, "hover"):
            self.hover.clear()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keyboard.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.keyboard.release(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.keyboard.arrive(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.keyboard.leave()
        if event.reason() == Qt.FocusReason.PopupFocusReason:  # which takes the release of the button, too
            self.cancel()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from netbuilder.ui.canvas.commands.context_menu import open_menu

        self.cancel()
        open_menu(self, Pointer(self.mapToScene(event.pos()), event.pos()), event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop.drop(event)

    def pointer(self, event: QMouseEvent | QDropEvent | QWheelEvent) -> Pointer:
        """Where a mouse, drop or wheel event is."""
        at = event.position().toPoint()
        return Pointer(self.mapToScene(at), at, event.modifiers())

    def _anchor_point(self) -> QPoint:
        ids = self.selected_ids
        item = self.canvas_scene.nodes.get(next(iter(ids))) if ids else None
        return self.mapFromScene(item.rect.bottomLeft()) if item is not None else self.viewport().rect().center()

    def _on_synced(self) -> None:
        self.marking.follow()
        if hasattr(self, "overlays"):
            self.overlays.refresh()
            self.camera.follow()

    def _on_theme(self) -> None:
        self.canvas_scene.set_colours(colours(self.context.themes.current))
        self.overlays.set_theme()
        self._framed = ()
        self.viewport().update()
