"""Wires under real mouse events: drawn, moved, refused, selected, given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from netbuilder.core.build import Builder
from netbuilder.core.graph import Port
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.item import WireState


def test_a_wire_is_drawn_from_output_to_input_and_from_input_to_output(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    for layer in ("input", "relu", "sigmoid"):
        builder.add(layer)
    canvas = make_canvas(builder.graph())
    for index, id_ in enumerate(canvas.graph.nodes):
        canvas.canvas_scene.place(id_, (index * 260.0, 0.0))
    canvas.fit()
    hand = Hand(canvas)
    hand.drag(hand.output("n1"), hand.input("n2"))
    assert canvas.graph.links == {Port("n2", "in"): Port("n1", "out")}
    hand.drag(hand.input("n3"), hand.output("n2"))
    assert canvas.graph.links[Port("n3", "in")] == Port("n2", "out")
    assert canvas.document.undo_label == "Connect"


def test_dropping_on_the_body_of_a_node_takes_its_free_input(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    first = builder.add("input")
    left, right = builder.add("relu", first), builder.add("tanh", first)
    merged = builder.add("add")
    builder.wire(left, merged, "in1")
    canvas = make_canvas(builder.graph())
    hand = Hand(canvas)
    hand.drag(hand.output(right), hand.node(merged))
    assert canvas.graph.inputs_of[merged] == {"in1": Port(left, "out"), "in2": Port(right, "out")}


@pytest.mark.parametrize("zoom", [1.0, 0.15])
@pytest.mark.parametrize("wanted", ["above", "below"])
def test_seen_from_afar_the_node_under_the_pointer_is_meant(make_canvas: Callable[..., CanvasView], zoom: float, wanted: str) -> None:
    builder = Builder()
    first = builder.add("input")
    last = builder.add("relu", first)
    outputs = {name: builder.add("output", name=name) for name in ("above", "below")}
    canvas = make_canvas(builder.graph())
    for id_, place in {first: (0, 0), last: (240, 0), outputs["above"]: (480, 0), outputs["below"]: (480, 100)}.items():
        canvas.canvas_scene.place(id_, place)
    canvas.set_zoom(zoom)
    canvas.centerOn(300, 50)
    hand, card = Hand(canvas), canvas.canvas_scene.nodes[outputs[wanted]].rect
    for x, y in ((0.05, 0.3), (0.2, 0.5), (0.5, 0.9), (0.9, 0.5)):
        at = canvas.mapFromScene(card.x() + x * card.width(), card.y() + y * card.height())
        hand.drag(hand.output(last), at)
        assert canvas.graph.inputs_of == {last: {"in": Port(first, "out")}, outputs[wanted]: {"in": Port(last, "out")}}
        canvas.document.undo()


def test_a_body_is_met_near_its_output_too_when_seen_from_afar(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    first, last = builder.add("input"), builder.add("relu")
    canvas = make_canvas(builder.graph())
    canvas.canvas_scene.place(last, (400, 0))
    canvas.set_zoom(0.15)
    canvas.centerOn(300, 50)
    hand, card = Hand(canvas), canvas.canvas_scene.nodes[last].rect
    hand.drag(hand.output(first), canvas.mapFromScene(card.x() + 0.8 * card.width(), card.center().y()))
    assert canvas.graph.inputs_of == {last: {"in": Port(first, "out")}}


def test_a_loop_is_refused_at_the_pointer_and_nothing_is_recorded(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.press(hand.output("n6"))
    hand.move(hand.input("n3") + QPoint(1, 1))
    assert lenet.canvas_scene.nodes["n2"].state & State.DIMMED
    assert not lenet.canvas_scene.nodes["n8"].state & State.DIMMED
    hand.release(hand.input("n3") + QPoint(1, 1))
    bubble = lenet.overlays.bubble
    assert bubble.isVisible()
    assert "loop" in bubble.text()
    assert lenet.graph is before
    assert lenet.document.undo_label is None
    assert not any(item.state & State.DIMMED for item in lenet.canvas_scene.nodes.values())


def test_output_to_output_says_what_a_wire_is(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.drag(hand.output("n1"), hand.output("n3"))
    assert "from an output to an input" in lenet.overlays.bubble.text()
    assert lenet.graph is before


def test_escape_gives_up_a_wire(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.press(hand.output("n1"))
    hand.move(hand.input("n8"))
    assert not lenet.feedback.empty
    QTest.keyClick(lenet, Qt.Key.Key_Escape)
    hand.release(hand.input("n8"))
    assert lenet.graph is before
    assert lenet.feedback.empty


def test_the_end_of_a_wire_moves_to_another_input_in_one_step(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.drag(hand.input("n3"), hand.input("n4"))
    assert Port("n3", "in") not in lenet.graph.links
    assert lenet.graph.links[Port("n4", "in")] == Port("n2", "out")
    lenet.document.undo()
    assert lenet.graph == before


def test_the_end_of_a_wire_dropped_in_the_void_offers_layers_and_to_remove_it(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.drag(hand.input("n3"), QPoint(460, 470))
    hand.key(Qt.Key.Key_Escape)
    assert lenet.graph is before
    hand.drag(hand.input("n3"), QPoint(460, 470))
    hand.choose("dropout")
    (added,) = lenet.selected_ids
    assert lenet.graph.links[Port(added, "in")] == Port("n2", "out")
    assert Port("n3", "in") not in lenet.graph.links
    lenet.document.undo()
    assert lenet.graph == before
    hand.drag(hand.input("n3"), QPoint(460, 470))
    hand.key(Qt.Key.Key_Return)
    assert lenet.graph.nodes == before.nodes
    assert Port("n3", "in") not in lenet.graph.links
    assert lenet.document.undo_label == "Disconnect"


def test_a_stroke_cuts_the_wires_that_it_crosses_in_one_step(lenet: CanvasView, hand: Hand) -> None:
    before, both = lenet.graph, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    middle = lenet.canvas_scene.wires[Port("n3", "in")].path.pointAtPercent(0.5)
    start, below = (hand.at(middle.x(), middle.y() + by) for by in (-50, 150))
    hand.press(start, both)
    hand.move(below, both)
    hand.key(Qt.Key.Key_Escape)
    hand.release(below, both)
    assert lenet.graph is before
    hand.press(start, both)
    hand.move(below, both)
    hand.release(below, both)
    gone = before.links.keys() - lenet.graph.links.keys()
    assert Port("n3", "in") in gone
    assert len(gone) >= 2
    assert lenet.document.undo_label == "Cut wires"
    lenet.document.undo()
    assert lenet.graph == before


def test_a_new_wire_dropped_in_the_void_offers_layers_that_fit(lenet: CanvasView, hand: Hand) -> None:
    hand.drag(hand.output("n8"), QPoint(460, 470))
    picker = lenet.lists.picker
    assert picker is not None
    names = picker.shown
    assert names.index("linear") < names.index("conv2d"), "400 numbers fit a linear layer, not a convolution"
    hand.choose("dropout")
    added = (lenet.selected_ids - {"n8"}).pop()
    assert lenet.graph.nodes[added].layer == "dropout"
    assert lenet.graph.links[Port(added, "in")] == Port("n8", "out")
    assert lenet.lists.picker is None


def test_a_layer_of_the_list_is_taken_with_a_click_that_leaves_the_keyboard_there(lenet: CanvasView, hand: Hand, qtbot) -> None:
    lenet.activateWindow()
    qtbot.waitUntil(lenet.isActiveWindow)
    hand.drag(hand.output("n8"), QPoint(460, 470))
    picker = lenet.lists.picker
    assert picker is not None
    qtbot.waitUntil(picker.field.hasFocus)
    row = picker.list.visualItemRect(picker.list.item(picker.shown.index("linear"))).center()
    window = lenet.window().windowHandle()  # as the mouse comes from outside, so that a click may move the focus
    for spot in (picker.mapTo(lenet.window(), QPoint(3, 3)), picker.list.viewport().mapTo(lenet.window(), row)):
        assert lenet.lists.picker is picker, "its border is no way out"
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert lenet.graph.nodes[(lenet.selected_ids - {"n8"}).pop()].layer == "linear"


def test_escape_closes_the_list_and_adds_nothing(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    QTest.mouseDClick(lenet.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(460, 470))
    assert lenet.lists.picker is not None
    hand.key(Qt.Key.Key_Escape)
    assert lenet.lists.picker is None
    assert lenet.graph is before


def test_a_wire_is_selected_by_a_click_and_deleted(lenet: CanvasView, hand: Hand) -> None:
    hand.click(hand.at(186, 36))
    assert lenet.selected_wires == {Port("n2", "in")}
    assert lenet.canvas_scene.wires[Port("n2", "in")].state & WireState.SELECTED
    hand.key(Qt.Key.Key_Delete)
    assert Port("n2", "in") not in lenet.graph.links
    assert len(lenet.graph.nodes) == 12


def test_hovering_a_wire_says_what_flows_along_it(lenet: CanvasView, hand: Hand) -> None:
    QTest.mouseMove(lenet.viewport(), hand.at(186 + 204, 36))
    assert lenet.canvas_scene.wires[Port("n3", "in")].state & WireState.HOVERED
    card = lenet.hover.card
    assert card is not None
    assert card.isVisible()
    assert lenet.rect().contains(card.geometry())
    for words in ("batch × 6 feature maps × 28 × 28", "float32", "18 kB a sample", "1.1 MB in a batch of 64", "conv2d_1 → tanh_1"):
        assert words in card.text()
    QTest.mouseMove(lenet.viewport(), hand.node("n5"))
    assert not card.isVisible()


def test_a_wire_onto_its_own_layer_or_backwards_is_explained_while_it_is_drawn(lenet: CanvasView, hand: Hand) -> None:
    before, bubble = lenet.graph, lenet.overlays.bubble
    hand.press(hand.output("n3"))
    hand.move(hand.node("n3"))
    assert bubble.isVisible()
    assert "cannot feed itself" in bubble.text()
    hand.move(hand.input("n2"))
    assert "loop" in bubble.text()
    hand.move(hand.output("n2"))
    assert "both outputs" in bubble.text()
    hand.move(hand.input("n5"))
    assert not bubble.isVisible()
    hand.move(hand.node("n3"))
    hand.release(hand.node("n3"))
    assert bubble.isVisible()
    assert lenet.graph is before


def test_a_wire_taken_back_to_its_port_is_given_up(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.press(hand.output("n3"))
    hand.move(hand.at(400, 300))
    hand.move(hand.output("n3"))
    hand.release(hand.output("n3"))
    assert lenet.graph is before
    assert lenet.lists.picker is None
    assert not lenet.overlays.bubble.isVisible()


def test_a_double_click_on_a_wire_selects_its_branch(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    first = builder.add("relu", builder.add("input"))
    left = builder.add("tanh", builder.add("sigmoid", first))
    merged = builder.add("add", left, first)
    builder.add("output", builder.add("relu", merged))
    canvas = make_canvas(builder.graph())
    canvas.actions_.arrange()
    hand = Hand(canvas)
    spot = canvas.mapFromScene(canvas.canvas_scene.wires[Port(left, "in")].path.pointAtPercent(0.5))
    hand.click(spot)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    hand.release(spot)
    assert {canvas.graph.nodes[id_].layer for id_ in canvas.selected_ids} == {"tanh", "sigmoid"}
    canvas.selection.set([merged])
    canvas.context.commands.run("canvas.select_branch")
    assert {canvas.graph.nodes[id_].layer for id_ in canvas.selected_ids} == {"add", "relu", "output"}


def test_a_variadic_layer_grows_a_port_for_each_wire(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    first = builder.add("input")
    left, right, third = builder.add("relu", first), builder.add("tanh", first), builder.add("sigmoid", first)
    merged = builder.add("concat", left, right)
    canvas = make_canvas(builder.graph())
    hand = Hand(canvas)
    assert canvas.canvas_scene.nodes[merged].look.inputs == ("in1", "in2", "in3")
    hand.drag(hand.output(third), hand.input(merged, "in3"))
    assert canvas.canvas_scene.nodes[merged].look.inputs == ("in1", "in2", "in3", "in4")


def test_a_message_is_as_high_as_its_words_need(lenet: CanvasView) -> None:
    long = "This wire would close a loop: C1 → tanh_1 → S2 → C1. Data must flow one way; connect to a layer that does not feed this one."
    short = "There is no other layer that this one could feed."
    heights = []
    for text in (short, long, short):
        lenet.say(text, QPoint(40, 40))
        bubble = lenet.overlays.bubble
        assert bubble.height() >= bubble.heightForWidth(bubble.width())
        heights.append(bubble.height())
    assert heights[0] == heights[2] < heights[1]
