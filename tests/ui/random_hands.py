"""Random hands on a whole window: mouse, wheel, keys, text, menus and drops, as real events at random places."""

from __future__ import annotations

import gc
import random

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenuBar, QWidget

from netbuilder.layers.declare import catalogue
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.item import WireItem
from netbuilder.ui.main_window import MainWindow

CTRL, SHIFT, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
PLAIN = "Tab Return Escape Delete Backspace Left Right Up Down Space Home End C X F H N P B 1 7 F2 F3 Minus Period"
KEYS = (
    (NONE, PLAIN),
    (NONE, PLAIN),
    (SHIFT, PLAIN),
    (CTRL, "Z Z Z A C V X D G F L 0 1 Plus Minus Period Left Right Up Down"),
    (CTRL, "Z Z C V D G Left Right Up Down"),
    (CTRL | SHIFT, "Z Z L D G A F M X 1"),
    (ALT, "Up Down Return 2 6 7"),
)
TEXTS = ("32", "-1", "0", "3, 3", "1e9", "relu", "conv", "“ä”", "$x", "nonsense", "add", "7", "Stem")
PASTES = ("", "rubbish", "{", "[1, 2]", '{"format": "netbuilder"}', "nn.Sequential(nn.Linear(4, 2), nn.ReLU())", "\x00" * 40)
FORBIDDEN = ("file.", "train.", "view.fullscreen", "inspect.playground", "inspect.step_through")
MOST = 60


class Hands:
    """Does one thing at a time with a window; `chance` decides what."""

    def __init__(self, window: MainWindow, chance: random.Random) -> None:
        self.window = window
        self.chance = chance
        self._widgets: list[QWidget] = []
        self._age = 0
        self._layers = sorted(catalogue())

    @property
    def canvas(self) -> CanvasView:
        return self.window.canvas

    def act(self) -> None:
        """One random event; too many layers are undone."""
        document = self.window.document
        while len(document.graph.nodes) > MOST and document.undo() is not None:
            pass
        if document.position > 4000:  # the history keeps 5,000 steps
            document.go_to(3500)
        things = (self._press, self._press, self._move, self._move, self._move, self._release, self._release, self._click, self._click)
        others = (self._double_click, self._wheel, self._key, self._key, self._key, self._type, self._command, self._drop, self._elsewhere)
        self.chance.choice((*things, *others))()

    def rest(self) -> None:
        """Give up whatever has begun and go back to the whole network."""
        canvas = self.canvas
        canvas.cancel()
        canvas.lists.dismiss()
        canvas.level.go(())
        canvas.sync.settle()
        canvas.setFocus()
        QApplication.processEvents()

    def _spot(self) -> QPoint:
        """A place on the canvas: rather often a node, a port or a wire."""
        canvas, chance = self.canvas, self.chance
        scene = canvas.canvas_scene
        item = chance.choice(list(scene.nodes.values())) if scene.nodes else None
        kind = chance.randrange(8)
        if item is not None and kind < 3:
            offset = QPointF(chance.uniform(0, item.rect.width()), chance.uniform(0, item.rect.height()))
            return canvas.mapFromScene(item.rect.topLeft() + offset)
        if item is not None and kind < 6:
            names, place = chance.choice(((item.outline.inputs, item.input_place), (item.outline.outputs, item.output_place)))
            if names:
                return canvas.mapFromScene(place(chance.choice(names)))
        if scene.wires and kind == 6:
            return canvas.mapFromScene(chance.choice(list(scene.wires.values())).path.pointAtPercent(chance.random()))
        return QPoint(chance.randrange(canvas.width()), chance.randrange(canvas.height()))

    def _modifiers(self) -> Qt.KeyboardModifier:
        return self.chance.choice((NONE, NONE, NONE, NONE, SHIFT, CTRL, ALT, CTRL | SHIFT))

    def _button(self) -> Qt.MouseButton:
        return self.chance.choice((LEFT, LEFT, LEFT, LEFT, LEFT, RIGHT, MIDDLE))

    def _press(self) -> None:
        QTest.mousePress(self.canvas.viewport(), self._button(), self._modifiers(), self._spot())

    def _release(self) -> None:
        QTest.mouseRelease(self.canvas.viewport(), self._button(), self._modifiers(), self._spot())

    def _click(self) -> None:
        QTest.mouseClick(self.canvas.viewport(), self._button(), self._modifiers(), self._spot())

    def _double_click(self) -> None:
        QTest.mouseDClick(self.canvas.viewport(), LEFT, self._modifiers(), self._spot())

    def _move(self) -> None:
        at = QPointF(self._spot())
        held = self.chance.choice((LEFT, LEFT, Qt.MouseButton.NoButton))
        place = QPointF(self.canvas.viewport().mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseMove, at, place, Qt.MouseButton.NoButton, held, self._modifiers())
        QApplication.sendEvent(self.canvas.viewport(), event)

    def _wheel(self) -> None:
        at, by = QPointF(self._spot()), self.chance.choice((-240, -120, 120, 240))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, at, QPoint(), QPoint(0, by), none, self._modifiers(), phase, False)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def _key(self) -> None:
        modifiers, names = self.chance.choice(KEYS)
        if self.chance.random() < 0.04:
            QGuiApplication.clipboard().setText(self.chance.choice(PASTES))
        focus = QApplication.focusWidget() or self.canvas
        QTest.keyClick(focus, getattr(Qt.Key, f"Key_{self.chance.choice(names.split())}"), modifiers)

    def _type(self) -> None:
        for letter in self.chance.choice(TEXTS):
            focus = QApplication.focusWidget()
            if isinstance(focus, QLineEdit):
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(focus, QKeyEvent(kind, 0, NONE, letter))

    def _command(self) -> None:
        commands = self.window.context.commands
        commands.refresh()
        ready = [c.id for c in commands if not c.id.startswith(FORBIDDEN) and commands.action(c.id).isEnabled()]
        commands.action(self.chance.choice(ready)).trigger()

    def _drop(self) -> None:
        data = QMimeData()
        kind = self.chance.randrange(5)
        if kind < 3:
            data.setData(MIME, self.chance.choice((*self._layers, "no such layer")).encode())
        elif kind == 3:
            data.setText(self.chance.choice(PASTES))
        else:
            data.setUrls([QUrl.fromLocalFile("/nowhere/nothing.netb")])
        viewport, copy = self.canvas.viewport(), Qt.DropAction.CopyAction
        at = self._spot()
        QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, LEFT, NONE))
        for _ in range(self.chance.randrange(3)):
            QApplication.sendEvent(viewport, QDragMoveEvent(self._spot(), copy, data, LEFT, NONE))
        if self.chance.random() < 0.2:
            QApplication.sendEvent(viewport, QDragLeaveEvent())
        else:
            QApplication.sendEvent(viewport, QDropEvent(QPointF(self._spot()), copy, data, LEFT, NONE))

    def _elsewhere(self) -> None:
        """A click, a key or the wheel anywhere in the window but in menus."""
        self._age -= 1
        if self._age < 0:
            every = self.window.findChildren(QWidget)
            self._widgets = [each for each in every if each.isVisible() and not isinstance(each, QMenuBar | QComboBox) and _harmless(each)]
            self._age = 40
        widget = self.chance.choice(self._widgets)
        try:
            if widget.isVisible() and widget.width() > 0 and widget.height() > 0:
                at = QPoint(self.chance.randrange(widget.width()), self.chance.randrange(widget.height()))
                QTest.mouseClick(widget, LEFT, NONE, at)
        except RuntimeError:  # it went away with what was selected
            self._age = 0


def _harmless(widget: QWidget | None) -> bool:
    """Whether a click opens no file and starts no training."""
    while widget is not None:
        if widget.objectName().startswith(("action.train", "action.file", "train.", "button.train", "qt_toolbar")):
            return False
        if widget.objectName() in ("panel.training", "panel.results", "panel.runs", "panel.data", "trainbar", "bar.train"):
            return False
        widget = widget.parentWidget()
    return True


def same_as_document(canvas: CanvasView) -> bool:
    """Whether the canvas shows exactly the graph: nodes where they are, every wire, nothing else, freshly painted or not."""
    scene, graph = canvas.canvas_scene, canvas.graph
    places = {id_: item.pos().toTuple() for id_, item in scene.nodes.items()}
    if places != {id_: node.position for id_, node in graph.nodes.items()} or set(scene.wires) != set(graph.links):
        return False
    kept = _picture(canvas)
    patience = QDeadlineTimer(5000)
    while canvas.ground.is_rough and not patience.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
        kept = _picture(canvas)
    scene.update()
    return kept == _picture(canvas)


def left_over(canvas: CanvasView) -> list[object]:
    """Items of the canvas that are kept alive though they are no longer shown."""
    gc.collect()
    scene = canvas.canvas_scene
    items = [each for each in gc.get_objects() if type(each) in (NodeItem, WireItem) and each._touch.__self__ is scene]
    shown = {id(item) for item in (*scene.nodes.values(), *scene.wires.values())}
    return [item for item in items if id(item) not in shown]


def _picture(canvas: CanvasView) -> QImage:
    return canvas.viewport().grab().toImage()
