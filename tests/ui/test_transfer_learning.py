"""Transfer learning in the window: weights of another task are loaded, the body frozen, the head replaced, and then trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QPushButton, QSpinBox

import netbuilder as nb
from netbuilder.app.runs import Run
from netbuilder.core.build import Builder
from netbuilder.core.document import Document
from netbuilder.templates.declare import find
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.section import Section

LATER = 30_000
CLASSES = 3


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    """The state of a small residual network that tells ten classes apart, as `torch.save` writes it."""
    torch.manual_seed(5)
    state = nb.compile(nb.template("resnet18", classes=10, width=25, image_size=32)).state_dict()
    path = tmp_path / "learned.pth"
    torch.save({name: value + 0.01 if value.is_floating_point() else value for name, value in state.items()}, path)
    return path


@pytest.fixture
def window(open_window: Callable[[Document], MainWindow]) -> MainWindow:
    project = find("resnet18").project(classes=10, width=25, image_size=32)
    data = {"source": {"name": "gratings", "classes": CLASSES, "size": 32, "channels": 3, "count": 60}, "validation": 12, "test": 12}
    window = open_window(Document(project))
    window.document.configure(training={"epochs": 1, "batch_size": 12, "device": "cpu"}, data=data)
    return window


def trigger(window: MainWindow, command: str) -> None:
    window.context.commands.refresh()
    action = window.context.commands.action(command)
    assert action.isEnabled(), command
    action.trigger()


def test_a_published_network_learns_other_classes(window: MainWindow, learned: Path, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(learned), ""))
    trigger(window, "file.load_weights")
    qtbot.waitUntil(lambda: window.session.inspected is not None, timeout=LATER)
    replace_head(window, qtbot)
    rate_of(window, "fc", "2")
    trigger(window, "view.training")
    QTest.mouseClick(window.findChild(QPushButton, "training.fine_tune"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state in ("finished", "failed"), timeout=LATER)
    assert window.session.runner.error == ""
    before, after = torch.load(learned), dict(Run(window.session.runner.folder).model("last").state_dict())
    changed = {name for name, value in after.items() if not torch.equal(before[name], value)}
    assert changed == {"fc.weight", "fc.bias"}
    assert after["fc.weight"].shape == (CLASSES, 128)
    written = nb.source(window.document.graph)
    assert "self.fc = nn.Linear(128, 3)\n" in written
    assert "self.bn1 = nn.BatchNorm2d(16).requires_grad_(False)" in written
    note = next(text for text in Run(window.session.runner.folder).notes() if text.startswith("Begins with the weights"))
    assert "“fc” changed and starts anew" in note


def test_a_dialog_that_is_dismissed_twice_is_gone(window: MainWindow, qtbot) -> None:
    listeners = len(window.session.data_changed)
    trigger(window, "network.replace_head")
    dialog = window.findChild(QSpinBox, "head.classes").window()
    dialog.reject()
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(QSpinBox, "head.classes") is None)
    window.session.data_changed.emit()
    assert len(window.session.data_changed) == listeners


def replace_head(window: MainWindow, qtbot) -> None:
    """As many classes as the data has, and everything else frozen."""
    trigger(window, "network.replace_head")
    dialog = window.findChild(QSpinBox, "head.classes").window()
    count = dialog.findChild(QSpinBox, "head.classes")
    qtbot.waitUntil(lambda: count.value() == CLASSES, timeout=LATER)
    QTest.keyClick(dialog.findChild(QCheckBox, "head.freeze"), Qt.Key.Key_Space)
    QTest.mouseClick(dialog.findChild(QPushButton, "head.replace"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    graph = window.document.graph
    assert [node.name for node in graph.nodes.values() if window.session.analysis.answers[node.id].parameters and not node.training] == [
        "fc"
    ]
    assert graph.by_name["fc"].settings["out_features"] == CLASSES
    assert window.document.undo_label == "Replace the head for 3 classes"


def rate_of(window: MainWindow, layer: str, factor: str) -> None:
    """Type a layer's own rate into the inspector."""
    window.context.selection.set([window.document.graph.by_name[layer].id])
    section = window.inspector.findChild(Section, "section.learning")
    QTest.mouseClick(section.header, Qt.MouseButton.LeftButton)
    field = section.findChild(QLineEdit, "field.learning_rate")
    field.selectAll()
    QTest.keyClicks(field, factor)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.document.graph.by_name[layer].training["learning_rate"] == float(factor)


def test_freezing_is_a_step_to_take_back(window: MainWindow) -> None:
    first = window.document.graph
    assert not window.context.commands.action("network.thaw").isEnabled()
    trigger(window, "network.freeze")
    frozen = [node.name for node in window.document.graph.nodes.values() if node.training.get("frozen")]
    assert "conv1" in frozen
    assert "fc" not in frozen
    trigger(window, "network.thaw")
    assert window.document.graph == first
    window.context.selection.set([first.by_name["conv1"].id])
    trigger(window, "network.freeze")
    assert window.document.undo_label == "Freeze all but “conv1”"
    trigger(window, "edit.undo")
    trigger(window, "edit.undo")
    assert "frozen" in window.document.graph.by_name["conv1"].training


def test_there_must_be_weights_to_train_from(window: MainWindow) -> None:
    window.context.commands.refresh()
    assert not window.context.commands.action("train.fine_tune").isEnabled()


def test_a_head_that_cannot_be_resized_is_told_in_the_dialog(open_window: Callable[[Document], MainWindow]) -> None:
    net = Builder()
    x = net.add("input", shape=(4,))
    net.add("output", net.add("add", *(net.add("linear", x, out_features=3) for _ in range(2))), name="end")
    window = open_window(Document(net.graph()))
    trigger(window, "network.replace_head")
    dialog = window.findChild(QSpinBox, "head.classes").window()
    assert dialog.findChild(QSpinBox, "head.classes").value() == 3
    QTest.mouseClick(dialog.findChild(QPushButton, "head.replace"), Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("“end” cannot be made to end in 3 scores" in text and "by hand" in text for text in told)
    dialog.reject()
    assert window.document.undo_label is None
