"""What is dragged to the edge of the view takes the paper along; the wheel may turn meanwhile."""

from __future__ import annotations

import pytest
from hand import Hand
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.auto_scroll import Creeping
from netbuilder.ui.canvas.view import CanvasView


@pytest.fixture
def creeping(lenet: CanvasView) -> Creeping:
    return lenet.mouse._creeping


def test_a_node_dragged_to_the_edge_goes_on_with_the_paper(lenet: CanvasView, hand: Hand, creeping: Creeping) -> None:
    seen, before = lenet.visible_rect(), lenet.graph.nodes["n12"].position
    hand.press(hand.node("n12"))
    hand.move(QPoint(600, 300))
    assert not creeping._timer.isActive()
    edge = QPoint(lenet.viewport().width() - 4, 300)
    hand.move(edge)
    assert creeping._timer.isActive()
    for _ in range(30):
        creeping.step()
    assert lenet.visible_rect().left() > seen.left() + 100
    hand.release(edge)
    assert not creeping._timer.isActive()
    assert lenet.graph.nodes["n12"].position[0] > before[0] + 100
    lenet.document.undo()
    assert lenet.graph.nodes["n12"].position == before


def test_a_wire_reaches_an_input_that_was_out_of_sight(lenet: CanvasView, hand: Hand, creeping: Creeping) -> None:
    lenet.set_zoom(2.0)
    lenet.reveal("n1")
    lenet.camera.go_to(lenet.canvas_scene.nodes["n1"].rect.center())
    goal = lenet.canvas_scene.nodes["n10"].input_place("in")
    assert not lenet.visible_rect().contains(goal)
    hand.press(hand.output("n1"))
    hand.move(QPoint(500, 300))
    hand.move(QPoint(lenet.viewport().width() - 12, lenet.viewport().height() - 4))
    for _ in range(200):
        if lenet.visible_rect().adjusted(60, 60, -60, -60).contains(goal):
            break
        creeping.step()
    hand.move(hand.input("n10"))
    hand.release(hand.input("n10"))
    assert lenet.graph.links[Port("n10", "in")] == Port("n1", "out")


def test_a_press_at_the_edge_and_esc_move_nothing(lenet: CanvasView, hand: Hand, creeping: Creeping) -> None:
    lenet.pan(-int(lenet.mapFromScene(QPointF(0, 0)).x()), 0)
    seen = lenet.visible_rect()
    hand.press(QPoint(8, 60))
    hand.move(QPoint(14, 66))
    assert not creeping._timer.isActive()
    hand.move(QPoint(300, 200))
    hand.move(QPoint(4, 200))
    assert creeping._timer.isActive()
    hand.key(Qt.Key.Key_Escape)
    assert not creeping._timer.isActive()
    assert lenet.visible_rect() == seen
    hand.release(QPoint(4, 200))


def test_what_is_dragged_stays_at_the_pointer_while_the_wheel_turns(lenet: CanvasView, hand: Hand) -> None:
    hand.press(hand.node("n3"))
    at = QPoint(500, 300)
    hand.move(at)
    none, no = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(QPointF(at), QPointF(at), QPoint(), QPoint(0, -240), none, no, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(lenet.viewport(), wheel)
    held = lenet.mapFromScene(lenet.canvas_scene.nodes["n3"].rect).boundingRect()
    assert held.adjusted(-8, -8, 8, 8).contains(at)
    hand.key(Qt.Key.Key_Escape)
    hand.release(at)
