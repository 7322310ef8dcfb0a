"""The user's whole job in one window with real events: train, pause, edit, undo, go on, save, reopen, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from netbuilder.core.document import Document, Project
from netbuilder.templates import project
from netbuilder.train.events import EpochDone, Event
from netbuilder.ui.application import Application
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.dialogs.export import ExportDialog
from netbuilder.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
PATIENCE = 60_000


def _small(epochs: int) -> Project:
    """LeNet-5 on so few digits that an epoch takes a moment."""
    whole = project("lenet5")
    return Project("LeNet-5", whole.graph, {**whole.training, "epochs": epochs}, {**whole.data, "limit": 600, "validation": 100})


class User:
    """Hands and eyes of somebody in front of a window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.events: list[Event] = []
        window.context.bridge.events.connect(self.events.extend)
        window.context.bridge.start()

    def until(self, true: Callable[[], bool]) -> None:
        """Let the event loop and all threads run until something holds."""
        loop, look, limit = QEventLoop(), QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if true() else None)
        limit.timeout.connect(loop.quit)
        look.start(5)
        limit.start(PATIENCE)
        loop.exec()
        look.stop()
        limit.stop()
        assert true(), self.window.session.runner.error or self.window.session.runner.state

    def find(self, name: str) -> QWidget:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.find(name), LEFT)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def select(self, name: str) -> None:
        rect = self.window.canvas.canvas_scene.nodes[self.node(name)].rect
        QTest.mouseClick(self.window.canvas.viewport(), LEFT, NONE, self.window.canvas.mapFromScene(rect.center()))

    def set(self, setting: str, text: str) -> None:
        field = self.find(f"field.{setting}")
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)

    def drop(self, layer: str, at: QPoint) -> None:
        mime = QMimeData()
        mime.setData(MIME, layer.encode())
        viewport, copy = self.window.canvas.viewport(), Qt.DropAction.CopyAction
        for event in (QDragEnterEvent(at, copy, mime, LEFT, NONE), QDragMoveEvent(at, copy, mime, LEFT, NONE)):
            QApplication.sendEvent(viewport, event)
        QApplication.sendEvent(viewport, QDropEvent(at.toPointF(), copy, mime, LEFT, NONE))

    def node(self, name: str) -> str:
        return next(node.id for node in self.window.document.graph.nodes.values() if node.name == name)

    def wire(self, source: str, target: str) -> QPoint:
        nodes, canvas = self.window.canvas.canvas_scene.nodes, self.window.canvas
        start, end = nodes[self.node(source)].output_place("out"), nodes[self.node(target)].input_place("in")
        return canvas.mapFromScene((start + end) / 2)

    def shape(self, name: str) -> tuple[int | None, ...]:
        return self.window.session.analysis.nodes[self.node(name)].output_shapes[0]

    def epochs(self) -> int:
        return sum(isinstance(event, EpochDone) for event in self.events)

    def is_(self, state: str) -> Callable[[], bool]:
        return lambda: self.window.context.bridge.state == state


@pytest.fixture
def user(open_window: Callable[[Document], MainWindow]) -> User:
    window = open_window(Document(_small(30)))
    for panel in window.later_panels():
        panel.make()
    return User(window)


def insert_dropout_and_undo(user: User) -> None:
    document = user.window.document
    drawn = document.graph
    user.drop("dropout", user.wire("C5", "tanh_3"))
    added = user.node("dropout_1")
    assert document.graph.inputs_of[user.node("tanh_3")]["in"].node == added
    assert document.graph.inputs_of[added]["in"].node == user.node("C5")
    user.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.graph == drawn


def change_a_stride(user: User) -> None:
    user.select("C3")
    user.set("stride", "2")
    assert user.shape("C3") == (None, 16, 5, 5)
    assert user.shape("S4") == (None, 16, 2, 2)
    assert user.shape("C5") == (None, 120)
    assert "⌊(14 + 2·0 - 5) / 2⌋ + 1 = 5" in user.find("card.shape").text.replace("−", "-")  # type: ignore[attr-defined]


@pytest.mark.timeout(240)
def test_the_whole_job(user: User, application: Application, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    window, document = user.window, user.window.document
    user.click("button.train.start")
    user.until(lambda: user.epochs() >= 1)
    user.click("button.train.start")
    user.until(user.is_("paused"))

    insert_dropout_and_undo(user)
    change_a_stride(user)

    user.click("button.train.start")
    user.until(user.is_("finished"))
    assert "all others go on with theirs: C5." in " ".join(getattr(event, "message", "") for event in user.events)
    assert window.session.runner.training is not None
    assert window.session.runner.training.project.graph == document.graph

    path = tmp_path / "mine.netb"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    user.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not document.modified

    dialog = ExportDialog(window.context, window)
    dialog.open()
    dialog.list.setCurrentRow(1)
    dialog.set_path(tmp_path / "mine.pt")
    QTest.mouseClick(dialog.findChild(QPushButton, "export.go"), LEFT)
    user.until(lambda: dialog.report is not None or dialog.outcome.text().startswith("✕"))
    assert "Verified" in dialog.outcome.text()
    dialog.reject()
    _same_weights(window, tmp_path / "mine.pt")

    project_, tab = document.project, window.tabs.current
    window.context.commands.run("view.toggle_bottom")
    assert window.close()
    again = application.open(path)
    assert again is not None
    assert again.document.project == project_
    assert again.tabs.current == tab
    assert not again.part_visible("bottom")
    assert again.part_visible("inspector")


def _same_weights(window: MainWindow, path: Path) -> None:
    """The file holds what the best epoch of the run holds."""
    import torch

    from netbuilder.app.runs import Run

    folder = window.session.runner.folder
    assert folder is not None
    module, stored = Run(folder).model("best"), torch.load(path, weights_only=True)
    for name, value in module.state_dict().items():
        assert torch.equal(stored[name], value), name


def test_start_leaves_the_focus_on_the_canvas(user: User) -> None:
    user.select("C1")
    assert user.window.canvas.hasFocus()
    user.click("button.train.start")
    user.until(user.is_("running"))
    assert user.window.canvas.hasFocus()
    user.press(Qt.Key.Key_F5)
    user.until(user.is_("paused"))


def test_a_run_ends_when_its_network_is_edited(user: User) -> None:
    from netbuilder.app.runs import Run

    user.click("button.train.start")
    user.until(lambda: user.epochs() >= 1)
    user.click("button.train.start")
    user.until(user.is_("paused"))
    first = user.window.session.runner.folder
    user.drop("dropout", user.wire("C5", "tanh_3"))
    user.click("button.train.start")
    user.until(user.is_("finished"))
    assert first is not None
    assert user.window.session.runner.folder != first
    assert Run(first).summary["status"] == "edited"


@pytest.mark.parametrize("layer", ["dropout", "relu"])
def test_a_fitted_drawing_stays_wholly_in_view_when_a_layer_joins(user: User, layer: str) -> None:
    canvas = user.window.canvas
    canvas.fit()
    user.drop(layer, user.wire("C5", "tanh_3"))
    assert canvas.visible_rect().contains(canvas.canvas_scene.bounds())


def test_mistakes_are_told_with_place_and_remedy_and_can_be_taken_back(user: User) -> None:
    window, drawn = user.window, user.window.document.graph
    user.select("C3")
    user.set("kernel_size", "40")
    problem = next(iter(window.session.analysis.errors))
    assert problem.node == user.node("C3")
    assert "40×40" in problem.message
    assert problem.fixes
    assert not user.find("button.train.start").isEnabled()
    window.context.commands.run("edit.undo")
    assert window.document.graph == drawn
    assert user.find("button.train.start").isEnabled()
