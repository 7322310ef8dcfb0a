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
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.ui.canvas.camera import Camera
from netbuilder.ui.canvas.canvas_commands import add_canvas_commands
from netbuilder.ui.canvas.colours import colours
from netbuilder.ui.canvas.drop_target import DropTarget
from netbuilder.ui.canvas.feedback import Feedback
from netbuilder.ui.canvas.gestures.base import Gesture, Pointer
from netbuilder.ui.canvas.gestures.choose import begin
from netbuilder.ui.canvas.grid import paint_grid
from netbuilder.ui.canvas.hover import Hover
from netbuilder.ui.canvas.keyboard import Keyboard
from netbuilder.ui.canvas.node_paint import State
from netbuilder.ui.canvas.overlays import Overlays
from netbuilder.ui.canvas.scene import CanvasScene
from netbuilder.ui.canvas.sync import Sync
from netbuilder.ui.canvas.wire_item import WireState

if TYPE_CHECKING:
    from netbuilder.core.document import Document
    from netbuilder.ui.canvas.actions import Actions
    from netbuilder.ui.canvas.lists import Lists
    from netbuilder.ui.context import UiContext
    from netbuilder.ui.selection import Selection


class CanvasView(QGraphicsView):
    """`edit_requested` asks the inspector to take the focus for a node."""

    edit_requested = Signal(str)
    zoomed = Signal(float)

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("panel.canvas")
        self.setAccessibleName("Network canvas")
        self.setAccessibleDescription("The network as a drawing. Tab adds a layer, arrow keys with Ctrl walk, C connects, Enter edits.")
        self.canvas_scene = CanvasScene(colours(context.themes.current), self)
        self.setScene(self.canvas_scene)
        self.feedback = Feedback(self.canvas_scene)
        self.selected_wires: frozenset[Port] = frozenset()
        self._gesture: Gesture | None = None
        self._drop = DropTarget(self)
        self._space = False
        self.camera = Camera(self)
        self._preselected: frozenset[str] | None = None
        self._framed: tuple[object, ...] = ()
        self._configure()
        self.sync = Sync(context.session, self.canvas_scene, self._on_synced)
        self.overlays = Overlays(self)
        self.hover = Hover(self)
        self.keyboard = Keyboard(self)
        add_canvas_commands(self)
        context.selection.changed.connect(self._show_selection)
        context.themes.changed.connect(self._on_theme)
        self.destroyed.connect(self.sync.close)
        self._show_selection()
        self.fit()

    def _configure(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        paper = QWidget()  # made here: Qt's own viewport would first be looked up among all classes of widgets
        paper.setMouseTracking(True)
        self.setViewport(paper)
        self.setMinimumSize(240, 160)

    @property
    def document(self) -> Document:
        """The open document."""
        return self.context.session.document

    @property
    def graph(self) -> Graph:
        """Its newest graph."""
        return self.document.graph

    @property
    def selection(self) -> Selection:
        """The shared selection."""
        return self.context.selection

    @cached_property
    def actions_(self) -> Actions:
        """What the commands do."""
        from netbuilder.ui.canvas.actions import Actions

        return Actions(self)

    @cached_property
    def lists(self) -> Lists:
        """Adding and connecting by typing."""
        from netbuilder.ui.canvas.lists import Lists

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
        return self._gesture is not None or self._drop.busy

    def attempt(self, edit: Edit, label: str, *, at: QPoint | None = None, merge: str | None = None) -> bool:
        """Apply an edit; when it is refused, say why at a point of the view and record nothing."""
        try:
            self.document.apply(edit, label, merge=merge)
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

    def go_to(self, point: QPointF) -> None:
        """Put a scene point in the middle."""
        self.camera.go_to(point)

    def reveal(self, node_id: str) -> None:
        """Bring a node into view if it is not, moving as little as possible."""
        item = self.canvas_scene.nodes.get(node_id)
        if item is not None:
            self.camera.reveal(item.rect)

    def select_wires(self, targets: Iterable[Port]) -> None:
        """Select exactly these wires, named by the inputs they feed."""
        self.selected_wires = frozenset(targets) & self.graph.links.keys()
        self.canvas_scene.mark_wires(WireState.SELECTED, self.selected_wires)

    def preselect(self, ids: frozenset[str] | None) -> None:
        """Show what a rubber band would select; `None` shows the selection again."""
        self._preselected = ids
        self._show_selection()

    def cancel(self) -> bool:
        """Give up the running gesture; returns whether there was one."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return False
        gesture.cancel()
        self.hover.cursor()
        return True

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        shades = self.canvas_scene.colours
        painter.fillRect(rect, shades.canvas)
        origin = self.viewportTransform().map(QPointF(0, 0))
        paint_grid(painter, shades.grid, self.scale_factor, origin, (self.viewport().width(), self.viewport().height()))
        self.canvas_scene.paint(painter, QRectF(rect))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        framed = (self.canvas_scene.version, self.viewportTransform(), self.viewport().size())
        if framed != self._framed:
            self._framed = framed
            self.overlays.minimap.show_view(self.visible_rect())

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
        if self._gesture is None:
            self._gesture = begin(self, self.pointer(event), event.button(), space=self._space)
            self.hover.cursor(self._gesture.cursor if self._gesture else None)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self.pointer(event)
        if self._gesture is not None:
            self._gesture.move(pointer)
            self.hover.cursor(self._gesture.cursor)
        else:
            self.hover.move(pointer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.buttons() == Qt.MouseButton.NoButton and self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.finish(self.pointer(event))
            self.hover.cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pointer = self.pointer(event)
        node = self.canvas_scene.node_at(pointer.scene)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if node is not None:
            self.edit_requested.emit(node.node_id)
        elif self.canvas_scene.wire_at(pointer.scene) is None and self.canvas_scene.port_at(pointer.scene) is None:
            self.cancel()
            self.ask_layer(pointer.scene)

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        touchpad = not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not (touchpad or event.modifiers()):
            self.zoom(1.0015 ** (angle.y() or angle.x()), event.position().toPoint())
        elif touchpad:
            self.pan(pixels.x(), pixels.y())
        else:
            self.pan(angle.x() + (angle.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0), 0)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1.0 + event.value(), event.position().toPoint())
            return True
        if isinstance(event, QHelpEvent):
            return self.hover.explain(event)
        if event.type() == QEvent.Type.Leave and hasattr(self, "hover"):
            self.hover.clear()
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().event(event)
        if event.key() != Qt.Key.Key_Tab or event.modifiers():
            return super().event(event)
        self.keyPressEvent(event)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.hover.cursor(Qt.CursorShape.OpenHandCursor)
        elif not self.keyboard.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.hover.cursor()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False
        self._show_focus()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.cancel()
        self.actions_.open_menu(Pointer(self.mapToScene(event.pos()), event.pos()), event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop.drop(event)

    def pointer(self, event: QMouseEvent | QDropEvent) -> Pointer:
        """Where a mouse or drop event is."""
        at = event.position().toPoint()
        return Pointer(self.mapToScene(at), at, event.modifiers())

    def _anchor_point(self) -> QPoint:
        ids = self.selected_ids
        item = self.canvas_scene.nodes.get(next(iter(ids))) if ids else None
        return self.mapFromScene(item.rect.bottomLeft()) if item is not None else self.viewport().rect().center()

    def _show_selection(self) -> None:
        ids = self._preselected if self._preselected is not None else self.selection.ids
        self.canvas_scene.mark(State.SELECTED, ids)
        self._show_focus()

    def _show_focus(self) -> None:
        only = self.selection.only if self.hasFocus() and self.keyboard.used else None
        self.canvas_scene.mark(State.FOCUSED, [only] if only else ())

    def _on_synced(self) -> None:
        """After the document changed: drop what refers to things that are gone."""
        if not self.selection.ids <= self.graph.nodes.keys():
            self.selection.set(self.selection.ids & self.graph.nodes.keys())
        else:
            self._show_selection()
        self.select_wires(self.selected_wires)
        if hasattr(self, "overlays"):
            self.overlays.refresh()
            self.camera.follow()

    def _on_theme(self) -> None:
        self.canvas_scene.set_colours(colours(self.context.themes.current))
        self.overlays.set_theme()
        self._framed = ()
        self.viewport().update()
