"""What cannot be is refused in the window, with the place and a way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Document, Project
from netbuilder.core.graph import BlockParameter, Graph
from netbuilder.net.results import Severity
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.problem_note import ProblemNote

LATER = 20_000
NET: list[Any] = [("input", {"shape": (2,)}), ("linear", {"out_features": 2}, "scores"), "output"]
Open = Callable[[Document], MainWindow]


@pytest.fixture
def samples(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Two classes of points from four groups, or three where labels go beyond what the network knows."""
    classes = 3 if "3 classes" in request.node.name else 2
    random = np.random.default_rng(0)
    path = tmp_path / "points.npz"
    x, y = random.normal(size=(24, 2)).astype(np.float32), np.arange(24) % classes
    np.savez(path, x_train=x, y_train=y, groups_train=np.repeat(np.arange(4), 6))
    return {"source": {"name": "npz", "file": str(path), "groups": "groups"}, "validation": 6}


def notes(window: MainWindow) -> list[ProblemNote]:
    """The list of problems as it stands."""
    QTest.qWait(0)
    return [note for note in window.problems.findChildren(ProblemNote) if note.isVisible()]


def the_note(window: MainWindow, qtbot: QtBot) -> ProblemNote:
    """The only problem, once the data is there."""
    window.show_tab("problems")
    window.session.load_data()
    qtbot.waitUntil(lambda: window.session.dataset() is not None and window.problems.isVisible(), timeout=LATER)
    qtbot.waitUntil(lambda: len(notes(window)) == 1, timeout=LATER)
    (note,) = notes(window)
    assert window.session.problems()[0].severity is Severity.ERROR
    return note


def texts(note: ProblemNote) -> list[str]:
    return [found.text() for found in note.findChildren(QLabel) if found.text()]


@pytest.mark.parametrize(
    ("layers", "training", "place", "message", "remedy"),
    [
        ([*NET[:2], "softmax", "output"], {}, "softmax_1", "turns scores into probabilities, but cross-entropy expects scores", "Remove"),
        ([*NET[:2], "sigmoid", ("output", {"task": "labels"})], {}, "sigmoid_1", "binary cross-entropy expects scores", "Remove"),
        (NET, {"loss": {"name": "cross-entropy", "class_weights": (1.0, 2.0, 3.0)}}, "output_1", "There are 3 class weights", "Give one"),
        (NET, {"loss": "focal"}, "output_1", "ends in 2 scores, but “points” has 3 classes", "Give the last layer 3 outputs"),
    ],
)
def test_targets_that_do_not_fit_the_loss(
    open_window: Open, qtbot: QtBot, samples: Any, layers: list[Any], training: Any, place: str, message: str, remedy: str
) -> None:
    window = open_window(Document(Project("Bad", chain(layers), {"epochs": 1, **training}, samples)))
    heading, told, way, *_ = texts(the_note(window, qtbot))
    assert heading == place
    assert message in told
    assert remedy in way
    window.context.commands.refresh()
    assert not window.context.commands.action("train.start").isEnabled()


def branches(kind: str) -> Graph:
    net = Builder()
    x = net.add("input", shape=(3, 8, 8))
    arms = [net.add("conv2d", x, out_channels=maps, kernel_size=size) for maps, size in ((4, 3), (6, 5))]
    net.add("output", net.add("linear", net.add("flatten", net.add(kind, *arms, name="meet")), out_features=2))
    return net.graph()


@pytest.mark.parametrize("kind", ["add", "concat", "stack", "multiply"])
def test_branches_that_do_not_match(open_window: Open, qtbot: QtBot, kind: str) -> None:
    window = open_window(Document(Project("Branches", branches(kind))))
    window.show_tab("problems")
    qtbot.waitUntil(lambda: len(notes(window)) == 1, timeout=LATER)
    (note,) = notes(window)
    heading, told, _way, *_ = texts(note)
    assert heading == "meet"
    assert "gets 4×6×6 and 6×4×4 (input 2)" in told
    QTest.mouseClick(note.findChild(QPushButton, "fix.0"), Qt.MouseButton.LeftButton)
    assert window.session.analysis.errors == ()


def test_more_folds_than_groups(open_window: Open, qtbot: QtBot, samples: Any) -> None:
    window = open_window(Document(Project("Folds", chain(NET), {"epochs": 1}, samples)))
    window.session.load_data()
    qtbot.waitUntil(lambda: window.session.dataset() is not None, timeout=LATER)
    window.train_bar.show()
    window.context.commands.refresh()
    window.context.commands.action("train.folds").trigger()
    count = window.findChild(QSpinBox, "series.count")
    dialog = count.window()
    count.setValue(9)
    QTest.keyClick(dialog.findChild(QCheckBox, "series.grouped"), Qt.Key.Key_Space)
    QTest.mouseClick(dialog.findChild(QPushButton, "series.start"), Qt.MouseButton.LeftButton)
    assert "9 folds need as many groups, but there are 4. Give at most 4." in [found.text() for found in dialog.findChildren(QLabel)]
    assert window.session.state == "idle"
    dialog.reject()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("$abs(channels)", "abs"),
        ("$channels.real", "."),
        ("$chanels * 2", "chanels"),
        ("$__import__('os')", "'"),
        ("$channels // 0", "zero"),
        ("$10 ** 10 ** 10", "cannot be worked out"),
    ],
)
def test_expressions_that_cannot_be_worked_out(open_window: Open, text: str, says: str) -> None:
    inner, net = Builder(), Builder()
    at = inner.add("conv2d", inner.add("input", name="x"), name="conv", out_channels="$channels", kernel_size=3)
    inner.add("output", at, name="y")
    use = net.use(inner.block("Brick", BlockParameter("channels", 8)), net.add("input", shape=(1, 28, 28)), name="brick")
    net.add("output", net.add("linear", net.add("flatten", use), out_features=10))
    window = open_window(Document(net.graph()))
    window.canvas.levels.open(use)
    window.context.selection.set([window.canvas.graph.by_name["conv"].id])
    field = window.inspector.findChild(QLineEdit, "field.out_channels")
    before = window.document.graph
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    error = window.inspector.findChild(QLabel, "error.out_channels").text()
    shown = [error, *(problem.message for problem in window.session.problems())]
    assert any(says in each for each in shown), shown
    assert window.document.graph == before or window.session.analysis.errors
