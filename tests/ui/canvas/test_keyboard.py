"""The canvas without a mouse: walking, nudging, adding, connecting, copying, deleting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from netbuilder.core.build import Builder, chain
from netbuilder.core.graph import Port
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.view import CanvasView

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_ctrl_arrows_walk_along_the_wires_and_between_rows(lenet: CanvasView, hand: Hand) -> None:
    hand.key(Qt.Key.Key_Right, CTRL)
    assert lenet.selected_ids == {"n1"}
    assert lenet.canvas_scene.nodes["n1"].state & State.FOCUSED
    for _ in range(4):
        hand.key(Qt.Key.Key_Right, CTRL)
    assert lenet.selected_ids == {"n5"}, "the wire leads into the next row"
    assert lenet.accessibleName() == "Network canvas: Conv2d conv2d_2, 16×10×10, 2,416 parameters"
    assert "output 16×10×10, 2,416 parameters, feeds tanh_2" in lenet.accessibleDescription()
    hand.key(Qt.Key.Key_Down, CTRL)
    assert lenet.selected_ids == {"n9"}
    hand.key(Qt.Key.Key_Up, CTRL)
    hand.key(Qt.Key.Key_Left, CTRL)
    assert lenet.selected_ids == {"n4"}
    hand.key(Qt.Key.Key_Left, CTRL | SHIFT)
    assert lenet.selected_ids == {"n3", "n4"}


def test_arrows_nudge_by_the_grid_in_one_step(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    lenet.selection.set(["n6"])
    x, y = before.nodes["n6"].position
    for _ in range(3):
        hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Down)
    assert lenet.graph.nodes["n6"].position == (x + 24, y + 8)
    hand.key(Qt.Key.Key_Left, SHIFT)
    assert lenet.graph.nodes["n6"].position == (x + 23, y + 8)
    lenet.document.undo()
    assert lenet.graph == before


def test_tab_adds_behind_the_selected_layer_into_its_wire(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    lenet.selection.set(["n9"])
    hand.key(Qt.Key.Key_Tab)
    hand.choose("dropout")
    (added,) = lenet.selected_ids
    assert lenet.graph.links[Port(added, "in")] == Port("n9", "out")
    assert lenet.graph.links[Port("n10", "in")] == Port(added, "out")
    lenet.document.undo()
    assert lenet.graph == before


def test_shift_enter_starts_a_branch(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n9"])
    hand.key(Qt.Key.Key_Tab)
    hand.choose("relu", shift=True)
    (added,) = lenet.selected_ids
    assert lenet.graph.links[Port(added, "in")] == Port("n9", "out")
    assert lenet.graph.links[Port("n10", "in")] == Port("n9", "out")


def test_the_list_is_searched_forgivingly(lenet: CanvasView, hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    hand.type("bat2")
    picker = lenet.lists.picker
    assert picker is not None
    assert picker.shown[0] == "batchnorm2d"
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Up)
    hand.key(Qt.Key.Key_Escape)
    assert lenet.hasFocus()


def test_c_connects_to_a_layer_chosen_by_name(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    for layer in ("input", "relu", "sigmoid"):
        builder.add(layer)
    canvas = make_canvas(builder.graph())
    hand = Hand(canvas)
    canvas.selection.set(["n1"])
    hand.key(Qt.Key.Key_C)
    hand.choose("sigm")
    assert canvas.graph.links == {Port("n3", "in"): Port("n1", "out")}
    hand.key(Qt.Key.Key_Return, SHIFT)
    picker = canvas.lists.picker
    assert picker is not None
    assert picker.shown == [Port("n2", "in")], "what is connected already is no choice"


def test_the_targets_of_a_connection_never_close_a_loop(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n6"])
    hand.key(Qt.Key.Key_C)
    picker = lenet.lists.picker
    assert picker is not None
    nodes = {key.node for key in picker.shown if isinstance(key, Port)}
    assert nodes == {"n8", "n9", "n10", "n11", "n12"}


def test_enter_asks_for_the_inspector(qtbot: QtBot, lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n2"])
    with qtbot.waitSignal(lenet.edit_requested, timeout=1000) as signal:
        hand.key(Qt.Key.Key_Return)
    assert signal.args == ["n2"]


def test_delete_heals_the_chain(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    lenet.selection.set(["n3", "n4"])
    hand.key(Qt.Key.Key_Delete)
    assert lenet.graph.links[Port("n5", "in")] == Port("n2", "out")
    assert lenet.selected_ids == frozenset()
    lenet.document.undo()
    assert lenet.graph == before


def test_copy_paste_duplicate_and_select_all(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n2", "n3"])
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    assert len(lenet.graph.nodes) == 14
    pasted = lenet.selected_ids
    assert len(pasted) == 2
    assert not pasted & {"n2", "n3"}
    hand.key(Qt.Key.Key_D, CTRL)
    assert len(lenet.graph.nodes) == 16
    hand.key(Qt.Key.Key_A, CTRL)
    assert len(lenet.selected_ids) == 16
    hand.key(Qt.Key.Key_X, CTRL)
    assert lenet.graph.nodes == {}
    assert lenet.overlays.hint.isVisible()
    hand.key(Qt.Key.Key_V, CTRL)
    assert len(lenet.graph.nodes) == 16


def test_escape_first_closes_a_message_then_deselects(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n2"])
    lenet.say("A message.")
    hand.key(Qt.Key.Key_Escape)
    assert not lenet.overlays.bubble.isVisible()
    assert lenet.selected_ids == {"n2"}
    hand.key(Qt.Key.Key_Escape)
    assert lenet.selected_ids == frozenset()


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_0])
def test_fit_by_key(lenet: CanvasView, hand: Hand, key: Qt.Key) -> None:
    lenet.zoom(3.0)
    hand.key(key, CTRL if key == Qt.Key.Key_0 else Qt.KeyboardModifier.NoModifier)
    assert lenet.scale_factor == 1.0


def test_plus_needs_no_shift_to_zoom_and_alt_arrows_move_nothing(lenet: CanvasView, hand: Hand) -> None:
    zoom, graph = lenet.scale_factor, lenet.graph
    hand.key(Qt.Key.Key_Equal, CTRL)
    assert lenet.scale_factor > zoom
    lenet.selection.set(["n6"])
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        hand.key(key, Qt.KeyboardModifier.AltModifier)
    assert lenet.graph == graph


def test_every_canvas_command_has_a_named_action(lenet: CanvasView) -> None:
    names = {f"action.{command.id}" for command in lenet.context.commands}
    assert {"action.canvas.add", "action.canvas.connect", "action.canvas.delete", "action.canvas.fit"} <= names
    for command in lenet.context.commands:
        assert lenet.context.commands.action(command.id).objectName() == f"action.{command.id}"


def test_a_long_chain_is_revealed_while_walking(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(chain(["relu"] * 30, wrap=30))
    canvas.set_zoom(1.0)
    hand = Hand(canvas)
    for _ in range(30):
        hand.key(Qt.Key.Key_Right, CTRL)
    (last,) = canvas.selected_ids
    assert last == "n30"
    assert canvas.visible_rect().contains(canvas.canvas_scene.nodes[last].rect)


def test_zooming_far_out_and_back_keeps_what_is_under_the_pointer(lenet: CanvasView) -> None:
    spot = QPoint(220, 120)
    before = lenet.mapToScene(spot)
    for factor in (0.8, 1.25):
        for _ in range(16):
            lenet.zoom(factor, spot)
    away = lenet.mapToScene(spot) - before
    assert abs(away.x()) + abs(away.y()) < 40
