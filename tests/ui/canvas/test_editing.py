"""Editing on the node itself, lasso, copies that are dragged off, copies with their wires, touchpad and pen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QNativeGestureEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from netbuilder.core.build import Builder
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Port
from netbuilder.ui.canvas.quick_edit import QuickEdit
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.stylesheet import stylesheet

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


def editor(canvas: CanvasView) -> QuickEdit:
    found = canvas.findChild(QuickEdit)
    assert isinstance(found, QuickEdit)
    return found


def opened(canvas: CanvasView, *ids: str) -> QuickEdit:
    canvas.selection.set(ids)
    canvas.context.commands.run("canvas.quick_edit")
    return editor(canvas)


def test_f2_edits_the_main_setting_with_a_ghost_and_one_step(lenet: CanvasView) -> None:
    field = opened(lenet, "n2")
    assert field.isVisible()
    assert field.name.text() == "out channels"
    assert field.field.text() == "6"
    QTest.keyClicks(field.field, "12")
    assert lenet.context.session.previews.trial is not None
    assert lenet.graph.nodes["n2"].settings["out_channels"] == 6, "nothing is recorded before Enter"
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert not field.isVisible()
    assert lenet.graph.nodes["n2"].settings["out_channels"] == 12
    assert lenet.context.session.previews.trial is None
    lenet.document.undo()
    assert lenet.graph.nodes["n2"].settings["out_channels"] == 6


def test_arrows_count_tab_goes_on_and_escape_changes_nothing(lenet: CanvasView) -> None:
    field = opened(lenet, "n2")
    QTest.keyClick(field.field, Qt.Key.Key_Up)
    QTest.keyClick(field.field, Qt.Key.Key_Up, SHIFT)
    assert field.field.text() == "17"
    QTest.keyClick(field.field, Qt.Key.Key_Tab)
    assert lenet.graph.nodes["n2"].settings["out_channels"] == 17
    assert field.name.text() == "kernel size"
    assert field.field.text() == "5 × 5"
    QTest.keyClick(field.field, Qt.Key.Key_Down)
    assert field.field.text() == "4 × 4"
    QTest.keyClick(field.field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert lenet.graph.nodes["n2"].settings["kernel_size"] == 5
    assert lenet.context.session.previews.trial is None


def test_rubbish_is_answered_with_what_is_expected(lenet: CanvasView) -> None:
    field = opened(lenet, "n2")
    QTest.keyClicks(field.field, "many")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert field.isVisible()
    assert "many" in lenet.overlays.bubble.text()
    QTest.keyClick(field.field, Qt.Key.Key_Escape)
    assert lenet.document.undo_label is None


def test_several_layers_of_a_kind_are_edited_together_in_one_step(lenet: CanvasView) -> None:
    first = lenet.graph
    field = opened(lenet, "n2", "n5")
    assert field.name.text() == "out channels of 2"
    assert field.field.text() == ""
    assert field.field.placeholderText() == "several values"
    QTest.keyClicks(field.field, "8")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert {lenet.graph.nodes[id_].settings["out_channels"] for id_ in ("n2", "n5")} == {8}
    lenet.document.undo()
    assert lenet.graph == first


def test_several_values_that_nobody_touched_stay(lenet: CanvasView) -> None:
    field = opened(lenet, "n2", "n5")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert lenet.document.undo_label is None


def test_a_click_on_the_number_of_the_selected_layer_edits_it(lenet: CanvasView, hand: Hand) -> None:
    number = lenet.mapFromScene(lenet.canvas_scene.nodes["n2"].rect.topLeft() + QPointF(60, 33))
    hand.click(number)
    assert lenet.findChild(QuickEdit) is None
    hand.click(number)
    assert editor(lenet).isVisible()
    QTest.keyClick(editor(lenet).field, Qt.Key.Key_Escape)
    lenet.selection.set(["n3"])
    lenet.context.commands.run("canvas.quick_edit")
    assert "no numbers" in lenet.overlays.bubble.text()


@pytest.mark.parametrize("other", ["n3", "n5"])
def test_asking_for_another_layer_takes_what_was_typed(lenet: CanvasView, other: str) -> None:
    field = opened(lenet, "n2")
    field.field.clear()
    QTest.keyClicks(field.field, "9")
    opened(lenet, other)
    assert lenet.graph.nodes["n2"].settings["out_channels"] == 9
    assert field.isVisible() == (other == "n5")
    lenet.setFocus()
    assert lenet.document.undo() is not None
    assert lenet.document.undo_label is None


def test_a_lasso_selects_what_it_encloses(lenet: CanvasView, hand: Hand) -> None:
    corners = [hand.at(-10, 130), hand.at(380, 130), hand.at(380, 215), hand.at(-10, 215)]
    hand.press(corners[0], ALT)
    for corner in corners[1:]:
        hand.move(corner, ALT)
    assert not lenet.feedback.empty
    lenet.grab()
    hand.release(corners[0], ALT)
    assert lenet.selected_ids == {"n5", "n6"}
    assert lenet.feedback.empty


def test_a_lasso_may_begin_on_a_wire(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    wire = lenet.canvas_scene.wires[Port("n3", "in")]
    start = lenet.mapFromScene(wire.path.pointAtPercent(0.5))
    hand.press(start, ALT)
    hand.move(start + QPoint(60, 200), ALT)
    hand.release(start + QPoint(60, 200), ALT)
    assert lenet.graph is before


def test_escape_gives_up_a_lasso(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n1"])
    hand.press(hand.at(-10, 110), ALT)
    hand.move(hand.at(700, 300), ALT)
    QTest.keyClick(lenet, Qt.Key.Key_Escape)
    assert lenet.selected_ids == {"n1"}
    assert lenet.feedback.empty


def test_alt_drags_a_copy_off_and_the_original_stays(lenet: CanvasView, hand: Hand) -> None:
    first = lenet.graph
    lenet.selection.set(["n2", "n3"])
    hand.press(hand.node("n2"), ALT)
    hand.move(hand.node("n2") + QPoint(20, 300), ALT)
    lenet.grab()
    hand.release(hand.node("n2") + QPoint(20, 300), ALT)
    added = lenet.graph.nodes.keys() - first.nodes.keys()
    assert lenet.selected_ids == added
    assert sorted(lenet.graph.nodes[id_].layer for id_ in added) == ["conv2d", "tanh"]
    assert len(lenet.graph.links) == len(first.links) + 1
    assert all(lenet.graph.nodes[id_] == node for id_, node in first.nodes.items())
    lenet.document.undo()
    assert lenet.graph == first


def test_a_copy_with_its_connections_is_fed_by_what_feeds_the_original(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    source = builder.add("input")
    conv = builder.add("conv2d", source)
    relu = builder.add("relu", conv)
    builder.add("output", relu)
    canvas = make_canvas(builder.graph())
    canvas.selection.set([conv, relu])
    canvas.context.commands.run("canvas.duplicate_connected")
    copies = {canvas.graph.nodes[id_].layer: id_ for id_ in canvas.selected_ids}
    assert canvas.graph.links[Port(copies["conv2d"], "in")] == Port(source, "out")
    assert canvas.graph.links[Port(copies["relu"], "in")] == Port(copies["conv2d"], "out")
    assert canvas.graph.links[Port(conv, "in")] == Port(source, "out")
    assert canvas.document.undo_label == "Duplicate with connections"
    canvas.document.undo()
    assert set(canvas.graph.nodes) == {source, conv, relu, *builder.graph().nodes}


def two_fingers(canvas: CanvasView, by: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    centre = QPointF(canvas.viewport().rect().center())
    phase = Qt.ScrollPhase.ScrollUpdate
    event = QWheelEvent(centre, centre, by, by * 8, Qt.MouseButton.NoButton, modifiers, phase, False)
    QApplication.sendEvent(canvas.viewport(), event)


def test_two_fingers_pan_and_with_ctrl_they_zoom(lenet: CanvasView) -> None:
    before, zoom = lenet.visible_rect().topLeft(), lenet.scale_factor
    two_fingers(lenet, QPoint(30, -20))
    assert lenet.scale_factor == zoom
    moved = (lenet.visible_rect().topLeft() - before) * zoom
    assert moved.toPoint() == QPoint(-30, 20)
    two_fingers(lenet, QPoint(0, 10), Qt.KeyboardModifier.ControlModifier)
    assert lenet.scale_factor > zoom


def test_a_tilted_wheel_goes_sideways(lenet: CanvasView) -> None:
    before, zoom = lenet.visible_rect().topLeft(), lenet.scale_factor
    place, phase = QPointF(300, 200), Qt.ScrollPhase.NoScrollPhase
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(lenet.viewport(), QWheelEvent(place, place, QPoint(15, 0), QPoint(120, 0), none, keys, phase, False))
    assert lenet.scale_factor == zoom
    assert ((lenet.visible_rect().topLeft() - before) * zoom).toPoint() == QPoint(-120, 0)


@pytest.mark.parametrize("factor", [0.25, -0.2])
def test_a_pinch_zooms_around_its_middle(lenet: CanvasView, factor: float) -> None:
    spot, zoom = QPoint(300, 200), lenet.scale_factor
    fixed = lenet.mapToScene(spot)
    pad = QPointingDevice(
        "pad", 1, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger, QInputDevice.Capability.Position, 5, 0
    )
    where = QPointF(spot)
    kind = Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(lenet.viewport(), QNativeGestureEvent(kind, pad, 2, where, where, where, factor, QPointF()))
    assert lenet.scale_factor == pytest.approx(zoom * (1 + factor))
    assert (lenet.mapToScene(spot) - fixed).manhattanLength() < 3 / zoom
    assert lenet.document.undo_label is None


def test_a_pen_is_left_to_qt_which_makes_a_mouse_of_it(lenet: CanvasView) -> None:
    kinds, cans = QInputDevice.DeviceType, QInputDevice.Capability
    pen = QPointingDevice("pen", 2, kinds.Stylus, QPointingDevice.PointerType.Pen, cans.Position | cans.Pressure, 1, 1)
    spot, none = QPointF(300, 200), Qt.KeyboardModifier.NoModifier
    buttons = Qt.MouseButton.LeftButton
    event = QTabletEvent(QEvent.Type.TabletPress, pen, spot, spot, 0.5, 0, 0, 0, 0, 0, none, buttons, buttons)
    QApplication.sendEvent(lenet.viewport(), event)
    assert not event.isAccepted(), "only a pen event that nobody takes becomes a mouse event"
    assert not lenet.busy


def test_the_field_stands_whole_in_its_frame(lenet: CanvasView) -> None:
    lenet.setStyleSheet(stylesheet(lenet.context.themes.current))
    field = opened(lenet, "n2")
    assert field.rect().contains(field.field.geometry())
    assert field.field.minimumSizeHint().height() <= field.height()


def test_a_click_on_a_badge_offers_what_mends_it(lenet: CanvasView, hand: Hand) -> None:
    lenet.level.apply(set_setting("n5", "kernel_size", 40), "Set kernel size")
    item = lenet.canvas_scene.nodes["n5"]
    badge = lenet.mapFromScene(item.rect.topRight() + QPointF(-6, -4))  # the part that stands out above the card
    QTest.mouseMove(lenet.viewport(), badge)
    assert lenet.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    hand.click(badge)
    assert lenet.selected_ids == {"n5"}
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "Use a 14×14 kernel"
    menu.actions()[0].trigger()
    menu.close()
    assert not lenet.level.analysis.answers["n5"].problems
    hand.click(badge)
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize("chosen", [["n5"], ["n2", "n3"], ["n1", "n12"]])
def test_copies_with_their_wires_cover_nothing(lenet: CanvasView, chosen: list[str]) -> None:
    lenet.selection.set(chosen)
    lenet.context.commands.run("canvas.duplicate_connected")
    nodes = lenet.canvas_scene.nodes
    copies = lenet.selected_ids
    assert len(copies) == len(chosen)
    assert not [id_ for id_ in copies for other in nodes.keys() - copies if nodes[id_].rect.intersects(nodes[other].rect)]
