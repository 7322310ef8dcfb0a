"""Two thousand random events: no exception, nothing left hanging, and undoing everything returns the start."""

from __future__ import annotations

import random

import pytest
from hand import Hand
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from test_sync import picture, rebuilt

from netbuilder.core import graph
from netbuilder.ui.canvas.view import CanvasView

KEYS = [
    Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_C, Qt.Key.Key_F, Qt.Key.Key_Space,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_D, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_R,
    Qt.Key.Key_H, Qt.Key.Key_F2, Qt.Key.Key_A, Qt.Key.Key_Period,
]  # fmt: skip
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 3 + [
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
]


def wheel(canvas: CanvasView, at: QPoint, by: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(at), QPoint(), QPoint(0, by), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas.viewport(), event)


def act(canvas: CanvasView, hand: Hand, chance: random.Random) -> None:
    """One random event at a random place, rather often at a node or port."""
    point = QPoint(chance.randrange(canvas.width()), chance.randrange(canvas.height()))
    if canvas.canvas_scene.nodes and chance.random() < 0.6:
        id_ = chance.choice(list(canvas.canvas_scene.nodes))
        point = chance.choice([hand.node, hand.output, hand.input])(id_)
    modifiers = chance.choice(MODIFIERS)
    kind = chance.randrange(12)
    if kind < 3:
        hand.move(point, modifiers)
    elif kind < 5:
        hand.press(point, modifiers)
    elif kind < 7:
        hand.release(point, modifiers)
    elif kind < 10:
        hand.key(chance.choice(KEYS), modifiers)
    elif kind == 10:
        wheel(canvas, point, chance.choice([-120, 120]), modifiers)
    else:
        chance.choice([canvas.document.undo, canvas.document.redo, canvas.fit])()


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_random_events(lenet: CanvasView, hand: Hand, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "_chance", random.Random(seed))
    first = lenet.graph
    chance = random.Random(seed)
    for _ in range(2000):
        if len(lenet.graph.nodes) > 60:
            lenet.document.undo()
        act(lenet, hand, chance)
    lenet.cancel()
    if lenet.lists.picker is not None:
        lenet.lists.picker.dismiss()
    lenet.setFocus()
    while any(item.heat is not None for item in lenet.canvas_scene.nodes.values()):
        lenet.context.commands.run("canvas.heat_next")
    assert lenet.context.session.previews.trial is None
    assert lenet.feedback.empty
    assert picture(lenet.canvas_scene) == picture(rebuilt(lenet))
    assert lenet.selection.ids <= lenet.graph.nodes.keys()
    while lenet.document.undo() is not None:
        pass
    assert lenet.graph == first
