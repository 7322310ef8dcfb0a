"""A node dragged with Ctrl leaves its wires, and the gap is closed, all in one step."""

from __future__ import annotations

from hand import Hand
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from netbuilder.core.graph import Port
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.item import WireState

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_node_dragged_out_leaves_a_healed_wire(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.drag(hand.node("n3"), QPoint(460, 470), CTRL)
    assert lenet.graph.links[Port("n4", "in")] == Port("n2", "out")
    assert "n3" not in lenet.graph.inputs_of
    assert "n3" not in lenet.graph.outputs_of
    assert lenet.graph.nodes["n3"].position != before.nodes["n3"].position
    assert lenet.selected_ids == {"n3"}
    lenet.document.undo()
    assert lenet.graph == before


def test_it_shows_what_will_be_and_esc_gives_it_up(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.press(hand.node("n4"), CTRL)
    hand.move(QPoint(460, 470), CTRL)
    trial = lenet.context.session.previews.trial
    assert trial is not None
    assert trial.change("n5").after == "16×24×24"
    assert lenet.canvas_scene.wires[Port("n5", "in")].state & WireState.DIMMED
    assert not lenet.feedback.empty
    QTest.keyClick(lenet, Qt.Key.Key_Escape)
    assert lenet.graph is before
    assert lenet.feedback.empty
    assert not lenet.canvas_scene.wires[Port("n5", "in")].state & WireState.DIMMED
    assert lenet.context.session.previews.trial is None


def test_it_goes_from_one_wire_into_another_in_one_stroke(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    wire = lenet.canvas_scene.wires[Port("n11", "in")].path.pointAtPercent(0.5)
    hand.drag(hand.node("n3"), lenet.mapFromScene(wire), CTRL)
    links = lenet.graph.links
    assert links[Port("n4", "in")] == Port("n2", "out")
    assert (links[Port("n3", "in")], links[Port("n11", "in")]) == (Port("n10", "out"), Port("n3", "out"))
    lenet.document.undo()
    assert lenet.graph == before


def test_a_chain_comes_along_whole(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n3", "n4"])
    hand.drag(hand.node("n3"), QPoint(460, 470), CTRL)
    links = lenet.graph.links
    assert links[Port("n5", "in")] == Port("n2", "out")
    assert links[Port("n4", "in")] == Port("n3", "out")
    assert Port("n3", "in") not in links


def test_by_keyboard_it_goes_aside(lenet: CanvasView) -> None:
    before = lenet.graph
    lenet.selection.set(["n3"])
    lenet.context.commands.run("canvas.take_out")
    assert lenet.graph.links[Port("n4", "in")] == Port("n2", "out")
    taken = lenet.canvas_scene.nodes["n3"].rect
    assert not any(taken.intersects(item.rect) for id_, item in lenet.canvas_scene.nodes.items() if id_ != "n3")
    lenet.document.undo()
    assert lenet.graph == before
