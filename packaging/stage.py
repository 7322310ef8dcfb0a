"""The real program off-screen, worked by a hand that clicks, drags and types, and a camera that takes pictures of it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QPoint, QPointF, QRect, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QWidget

from netbuilder.app.runner import Runner
from netbuilder.app.runs import Run
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.application import Application
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.context import UiContext
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.theme import Choice

WAIT = 60.0
THEMES: tuple[Choice, ...] = ("light", "dark")
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class Stage:
    """One application and its window. Everything a user could do is done with real events."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.out.mkdir(parents=True, exist_ok=True)
        qInstallMessageHandler(_complain)
        self.qt = QApplication.instance() or QApplication(["netbuilder"])
        assert isinstance(self.qt, QApplication)
        self.qt.setCursorFlashTime(0)
        self.application = Application(self.qt)
        self.application.choose_theme("dark")
        self.suffix = ""
        self._interrupted = False
        signal.signal(signal.SIGINT, self._interrupt)

    @property
    def window(self) -> MainWindow:
        """The newest window."""
        return self.application.windows[-1]

    @property
    def canvas(self) -> CanvasView:
        """Its canvas."""
        return self.window.canvas

    @property
    def context(self) -> UiContext:
        """What its panels share."""
        return self.window.context

    @property
    def runner(self) -> Runner:
        """Its training."""
        return self.window.session.runner

    def open(self, project: Project) -> None:
        """Show a project as the program does and wait until every panel and the data are there."""
        if not self.application.windows:
            self.application.start(None)
            self.until(lambda: self.application.warm_up.plots_are_ready, "the first window")
        first = self.window
        first.document.mark_saved()
        self.application.show(Document(project), first)
        self.settle()

    def settle(self) -> None:
        """Wait until the window has all its panels and its data."""
        self.until(lambda: not self.window.later_panels(), "the panels")
        self.until(lambda: self.window.session.data_state != "loading", "the data")
        self.pause(0.2)

    def close(self) -> None:
        """End training, close the windows, wait for every thread."""
        for window in list(self.application.windows):
            window.document.mark_saved()
            window.close()
        self.application.finish()

    # Waiting

    def pause(self, seconds: float) -> None:
        """Let the program run on, threads too (`QTest.qWait` would hold them up). Raises `KeyboardInterrupt` after Ctrl+C."""
        end = time.monotonic() + seconds
        while True:
            loop = QEventLoop()
            QTimer.singleShot(max(0, min(100, round((end - time.monotonic()) * 1000))), loop.quit)
            loop.exec()
            if self._interrupted:
                self._interrupted = False
                raise KeyboardInterrupt
            if time.monotonic() >= end:
                return

    def until(self, true: Callable[[], bool], what: str, limit: float = WAIT) -> None:
        """Let the program run until something holds."""
        end = time.monotonic() + limit
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"Waited {limit:.0f} s in vain for {what}.")
            self.pause(0.02)

    def until_epoch(self, epochs: int) -> None:
        """Press Start unless it was pressed, and wait until so many epochs are done and the next one has begun to move."""
        if not self.runner.active:
            self.click("button.train.start")
        self.until(lambda: self.runner.state == "running", "the training to start")
        loss = self.window.findChild(CurvePlot, "plot.loss")
        self.until(lambda: loss is None or not loss.is_empty, "the first steps")
        folder = self.runner.folder
        assert folder is not None
        self.until(lambda: len(Run(folder).history()) >= epochs, f"epoch {epochs}", 300)
        self.pause(1.5)

    def until_end(self) -> None:
        """Wait until the training is over and its last word is on the screen."""
        self.until(lambda: self.runner.state in ("finished", "failed"), "the end of the training", 600)
        self.pause(0.5)
        if self.runner.state == "failed":
            raise NetbuilderError(f"The training failed: {self.runner.error}")

    def _interrupt(self, _signal: int, _frame: object) -> None:
        """Qt swallows exceptions in its callbacks, so that Ctrl+C is noted and raised by the next wait."""
        self._interrupted = True

    # Hand

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget:
        """The visible widget of that object name, in the newest dialog or the window; waits until there is one."""
        self.until(lambda: bool(self._visible(name, kind)), f"“{name}”", 20)
        return self._visible(name, kind)[0]

    def _visible(self, name: str, kind: type[QWidget]) -> list[QWidget]:
        tops = (QApplication.activePopupWidget(), QApplication.activeModalWidget(), self.window)
        return [widget for top in tops if top is not None for widget in top.findChildren(kind, name) if widget.isVisible()]

    def click(self, name: str) -> None:
        """Click a control in its middle."""
        QTest.mouseClick(self.find(name), LEFT)
        self.pause(0.05)

    def type(self, name: str, text: str) -> None:
        """Replace a field's text by typing and go on to the next field."""
        field = self.find(name)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        self.pause(0.05)

    def keys(self, name: str, text: str) -> None:
        """Type into a field."""
        QTest.keyClicks(self.find(name), text)
        self.pause(0.1)

    def row(self, name: str, row: int, *, last: bool = False) -> None:
        """Choose a row of a list; counted from the end with `last`."""
        rows = self.find(name, QListWidget)
        assert isinstance(rows, QListWidget)
        rows.setCurrentRow(rows.count() - 1 - row if last else row)
        self.pause(0.1)

    def run(self, command: str) -> None:
        """Run a command by its id, as its shortcut would."""
        self.context.commands.run(command)
        self.pause(0.1)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        """Press a key on a widget, by default the canvas."""
        QTest.keyClick(on or self.canvas, key, modifiers)
        self.pause(0.05)

    def point(self, node: str) -> QPoint:
        """A spot of a layer, named as on the canvas or by its id."""
        item = self.canvas.canvas_scene.nodes[self.node(node)]
        return self.canvas.mapFromScene(item.rect.center() + QPointF(0, -16))

    def node(self, name: str) -> str:
        """The id of a layer."""
        nodes = self.window.document.graph.nodes
        return name if name in nodes else next(node.id for node in nodes.values() if node.name == name)

    def press(self, at: QPoint) -> None:
        """Mouse down on the canvas."""
        QTest.mousePress(self.canvas.viewport(), LEFT, NONE, at)

    def move(self, at: QPoint) -> None:
        """Mouse moves on the canvas with the button held."""
        place = QPointF(self.canvas.viewport().mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), place, Qt.MouseButton.NoButton, LEFT, NONE)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def release(self, at: QPoint) -> None:
        """Mouse up on the canvas."""
        QTest.mouseRelease(self.canvas.viewport(), LEFT, NONE, at)

    def select(self, node: str) -> None:
        """Click a layer."""
        self.press(self.point(node))
        self.release(self.point(node))
        self.pause(0.1)

    def drag(self, layer: str, to: QPoint, *, drop: bool = True) -> None:
        """Drag a layer out of the palette onto the canvas: the events that the platform sends when somebody does."""
        mime = QMimeData()
        mime.setData(MIME, layer.encode())
        port, copy, point = self.canvas.viewport(), Qt.DropAction.CopyAction, QPointF(to)
        QApplication.sendEvent(port, QDragEnterEvent(to, copy, mime, LEFT, NONE))
        QApplication.sendEvent(port, QDragMoveEvent(to, copy, mime, LEFT, NONE))
        self.pause(0.1)
        if drop:
            QApplication.sendEvent(port, QDropEvent(point, copy, mime, LEFT, NONE))
        self.pause(0.1)

    @contextmanager
    def dialog(self, opening: Callable[[], object]) -> Iterator[QDialog]:
        """Open a dialog without handing over the event loop; it is closed at the end."""
        found: list[QDialog] = []
        before = QDialog.exec

        def opened(dialog: QDialog) -> int:
            found.append(dialog)
            dialog.open()
            return 0

        QDialog.exec = opened  # type: ignore[method-assign]
        try:
            opening()
        finally:
            QDialog.exec = before  # type: ignore[method-assign]
        dialog = found[0]
        frame = dialog.frameGeometry()
        frame.moveCenter(self.window.geometry().center())
        dialog.move(frame.topLeft())
        self.pause(0.3)
        try:
            yield dialog
        finally:
            dialog.reject()
            dialog.deleteLater()
            self.pause(0.05)

    # Camera

    def shoot(self, name: str) -> Path:
        """Save a picture of the window with whatever floats above it."""
        self.pause(0.05)
        picture = self.window.grab()
        painter = QPainter(picture)
        origin = self.window.mapToGlobal(QPoint(0, 0))
        for above in (QApplication.activeModalWidget(), QApplication.activePopupWidget()):
            if above is not None and above is not self.window:
                self._paint_above(painter, above, above.mapToGlobal(QPoint(0, 0)) - origin)
        painter.end()
        path = self.out / f"{name}{self.suffix}.png"
        if not picture.save(str(path), "PNG"):
            raise OSError(f"“{path}” cannot be written.")
        return path

    def both(self, name: str) -> None:
        """The same picture in both themes."""
        for theme in THEMES:
            self.application.choose_theme(theme)
            self.pause(0.1)
            self.shoot(f"{name}-{theme}")

    def _paint_above(self, painter: QPainter, above: QWidget, at: QPoint) -> None:
        if isinstance(above, QDialog):
            painter.fillRect(self.window.rect(), QColor(0, 0, 0, 70))
        painter.drawPixmap(at, above.grab())
        if isinstance(above, QDialog):
            painter.setPen(self.application.themes.current.line)
            painter.drawRect(QRect(at, above.size()).adjusted(-1, -1, 0, 0))


def _complain(_kind: QtMsgType, _context: object, text: str) -> None:
    """Pass on what Qt has to say, except what a screen in memory cannot do."""
    if "This plugin does not support" not in text:
        print(text, file=sys.stderr)
