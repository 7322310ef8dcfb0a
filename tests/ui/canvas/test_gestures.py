"""Every gesture with real mouse events: what it does, and that Esc leaves no trace."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QFocusEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from netbuilder.core.build import Builder, chain
from netbuilder.core.edits import move
from netbuilder.core.graph import Port
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.nodes.paint import State
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.item import WireState

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def drop(canvas: CanvasView, layer: str, at: QPoint, *, leave: bool = False) -> None:
    """A drag from the palette."""
    data = QMimeData()
    data.setData(MIME, layer.encode())
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    viewport = canvas.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(at, copy, data, left, none))
    QApplication.sendEvent(viewport, QDragMoveEvent(at, copy, data, left, none))
    if not leave:
        QApplication.sendEvent(viewport, QDropEvent(QPointF(at), copy, data, left, none))


def test_a_click_selects_and_a_click_on_the_void_deselects(lenet: CanvasView, hand: Hand) -> None:
    hand.click(hand.node("n2"))
    assert lenet.selected_ids == {"n2"}
    hand.click(hand.node("n3"))
    assert lenet.selected_ids == {"n3"}
    hand.click(QPoint(460, 470))
    assert lenet.selected_ids == frozenset()


@pytest.mark.parametrize("modifier", [SHIFT, CTRL])
def test_shift_and_ctrl_toggle(lenet: CanvasView, hand: Hand, modifier: Qt.KeyboardModifier) -> None:
    hand.click(hand.node("n2"))
    hand.click(hand.node("n3"), modifier)
    assert lenet.selected_ids == {"n2", "n3"}
    hand.click(hand.node("n2"), modifier)
    assert lenet.selected_ids == {"n3"}


def test_a_rubber_band_selects_what_it_touches(lenet: CanvasView, hand: Hand) -> None:
    start, end = hand.at(-20, -20), hand.at(400, 60)
    hand.press(start)
    hand.move(end)
    assert lenet.canvas_scene.nodes["n1"].state & State.SELECTED
    assert lenet.selected_ids == frozenset()
    hand.release(end)
    assert lenet.selected_ids == {"n1", "n2"}
    assert lenet.feedback.empty


def test_dragging_the_selection_is_one_step_on_the_grid(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    hand.click(hand.node("n2"))
    hand.click(hand.node("n3"), SHIFT)
    start = hand.node("n2")
    hand.drag(start, start + QPoint(37, 83))
    for id_ in ("n2", "n3"):
        moved, old = lenet.graph.nodes[id_].position, before.nodes[id_].position
        assert (moved[0] - old[0], moved[1] - old[1]) != (0, 0)
        assert all((new - was) % 1 == 0 for new, was in zip(moved, old, strict=True))
    assert lenet.document.undo_label == "Move"
    lenet.document.undo()
    assert lenet.graph == before
    assert lenet.document.undo_label is None


def test_a_node_dragged_near_another_row_aligns_and_shows_a_guide(lenet: CanvasView, hand: Hand) -> None:
    start = hand.node("n8")
    hand.press(start)
    hand.move(start + QPoint(3, 137))
    hand.move(start + QPoint(3, 137))
    assert lenet.canvas_scene.nodes["n8"].pos() == QPointF(612, 268)
    assert len(lenet.feedback.guides) == 2
    hand.release(start + QPoint(3, 137))
    assert lenet.graph.nodes["n8"].position == (612, 268)


def test_escape_puts_dragged_nodes_back(lenet: CanvasView, hand: Hand) -> None:
    before, start = lenet.graph, hand.node("n5")
    old = lenet.canvas_scene.nodes["n5"].pos()
    hand.press(start)
    hand.move(start + QPoint(50, 60))
    assert lenet.canvas_scene.nodes["n5"].pos() != old
    QTest.keyClick(lenet, Qt.Key.Key_Escape)
    assert lenet.canvas_scene.nodes["n5"].pos() == old
    hand.release(start + QPoint(50, 60))
    assert lenet.graph is before
    assert lenet.document.undo_label is None
    assert lenet.feedback.empty


def test_a_layer_from_the_palette_is_placed_on_the_grid(lenet: CanvasView) -> None:
    drop(lenet, "dropout", QPoint(460, 470))
    (added,) = lenet.selected_ids
    node = lenet.graph.nodes[added]
    assert node.layer == "dropout"
    assert node.position[0] % 8 == node.position[1] % 8 == 0
    assert not lenet.canvas_scene.wires_of(added)


def test_a_layer_dropped_on_a_wire_is_inserted_and_makes_room(lenet: CanvasView, hand: Hand) -> None:
    before = lenet.graph
    drop(lenet, "dropout", hand.at(186, 36))
    (added,) = lenet.selected_ids
    assert lenet.graph.links[Port(added, "in")] == Port("n1", "out")
    assert lenet.graph.links[Port("n2", "in")] == Port(added, "out")
    rects = [item.rect for item in lenet.canvas_scene.nodes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[i + 1 :])
    lenet.document.undo()
    assert lenet.graph == before


def test_a_drag_given_up_leaves_nodes_where_the_document_has_them_by_then(lenet: CanvasView, hand: Hand) -> None:
    hand.press(hand.node("n2"))
    hand.move(hand.node("n2") + QPoint(50, 30))
    lenet.level.apply(move({"n2": (204.0, 2040.0)}), "Move")
    lenet.cancel()
    assert lenet.canvas_scene.nodes["n2"].pos() == QPointF(204, 2040)


def test_a_wire_lights_up_while_a_layer_hovers_and_a_leaving_drag_leaves_nothing(lenet: CanvasView, hand: Hand) -> None:
    drop(lenet, "dropout", hand.at(186, 36), leave=True)
    assert lenet.canvas_scene.wires[Port("n2", "in")].state & WireState.INSERT
    QApplication.sendEvent(lenet.viewport(), QDragLeaveEvent())
    assert lenet.canvas_scene.wires[Port("n2", "in")].state == WireState.PLAIN
    assert lenet.feedback.empty
    assert len(lenet.graph.nodes) == 12


def test_panning_and_zooming(lenet: CanvasView, hand: Hand) -> None:
    fixed = hand.at(300, 200)
    before = lenet.mapToScene(fixed)
    lenet.zoom(1.5, fixed)
    after = lenet.mapToScene(fixed)
    assert abs(before.x() - after.x()) < 1.5
    assert abs(before.y() - after.y()) < 1.5
    lenet.zoom(1e6)
    assert lenet.scale_factor == pytest.approx(4.0)
    lenet.zoom(1e-6)
    assert lenet.scale_factor == pytest.approx(0.03)
    lenet.fit()
    assert lenet.scale_factor == 1.0


def test_the_fitted_view_keeps_nodes_clear_of_the_minimap(make_canvas: Callable[..., CanvasView]) -> None:
    for length, wrap in ((4, 4), (12, 4), (40, 8), (100, 25)):
        canvas = make_canvas(chain(["relu"] * length, wrap=wrap))
        covered = canvas.overlays.minimap.geometry()
        for item in canvas.canvas_scene.nodes.values():
            assert not canvas.mapFromScene(item.rect).boundingRect().intersects(covered)


def test_a_small_canvas_has_no_minimap_and_a_smaller_find_bar(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(chain(["relu"] * 12, wrap=4), size=(300, 180))
    assert canvas.overlays.minimap.isHidden()
    canvas.overlays.finder.open()
    assert canvas.rect().contains(canvas.overlays.finder.geometry())
    canvas.resize(900, 500)
    assert not canvas.overlays.minimap.isHidden()
    assert canvas.overlays.finder.width() > 300


def test_the_minimap_shows_each_family_in_its_colour(lenet: CanvasView) -> None:
    picture = lenet.overlays.minimap.grab().toImage()
    seen = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
    colours = lenet.canvas_scene.colours
    assert {colours.category(item.category).rgba() for item in lenet.canvas_scene.nodes.values()} <= seen


def test_the_minimap_takes_one_there(lenet: CanvasView) -> None:
    lenet.zoom(3.0)
    before = lenet.visible_rect().center()
    QTest.mouseClick(lenet.overlays.minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 20))
    after = lenet.visible_rect().center()
    assert after.x() < before.x()
    assert after.y() < before.y()


def test_a_layer_dropped_on_a_wire_between_rows_covers_nothing(lenet: CanvasView) -> None:
    graph = lenet.graph
    ends = [(graph.nodes[source.node].position, target) for target, source in graph.links.items()]
    (x, y), target = next((at, target) for at, target in ends if graph.nodes[target.node].position[1] > at[1])
    place = intents.place_in_wire(graph, target, (x - 40, y + 50))
    assert place == (x + 204, y), "at the end of the row that the wire comes from"
    assert intents.place_in_wire(graph, target, (x + 400, y + 50)) == (x + 400, y + 50)


def test_a_loose_node_dropped_on_a_wire_is_put_into_it(make_canvas: Callable[..., CanvasView]) -> None:
    builder = Builder()
    builder.add("output", builder.add("input"))
    loose = builder.add("relu")
    canvas = make_canvas(builder.graph())
    canvas.document.apply(move({"n1": (0, 0), "n2": (408, 0), loose: (204, 200)}), "Move")
    canvas.fit()
    before, hand = canvas.graph, Hand(canvas)
    start, end = hand.node(loose), hand.at(288, 36)
    hand.press(start)
    hand.move(start + (end - start) * 0.5)
    hand.move(end)
    assert canvas.canvas_scene.wires[Port("n2", "in")].state & WireState.INSERT
    hand.release(end)
    assert canvas.graph.links == {Port(loose, "in"): Port("n1", "out"), Port("n2", "in"): Port(loose, "out")}
    assert canvas.graph.nodes[loose].position == (204, 0)
    canvas.document.undo()
    assert canvas.graph == before
    assert canvas.canvas_scene.wires[Port("n2", "in")].state == WireState.PLAIN


def test_a_wired_node_dragged_over_a_wire_keeps_its_own(lenet: CanvasView, hand: Hand) -> None:
    links = lenet.graph.links
    start = hand.node("n6")
    hand.drag(start, start + QPoint(-20, -67))
    assert lenet.document.undo_label == "Move"
    assert lenet.graph.links == links


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton])
def test_the_middle_button_or_space_pans(lenet: CanvasView, hand: Hand, button: Qt.MouseButton) -> None:
    before, graph = lenet.visible_rect().topLeft(), lenet.graph
    if button == Qt.MouseButton.LeftButton:
        QTest.keyPress(lenet, Qt.Key.Key_Space)
    point = hand.node("n6")
    QTest.mousePress(lenet.viewport(), button, Qt.KeyboardModifier.NoModifier, point)
    QTest.mouseMove(lenet.viewport(), point + QPoint(60, 30))
    QTest.mouseRelease(lenet.viewport(), button, Qt.KeyboardModifier.NoModifier, point + QPoint(60, 30))
    QTest.keyRelease(lenet, Qt.Key.Key_Space)
    assert lenet.visible_rect().topLeft() == before - QPointF(60, 30)
    assert lenet.graph is graph
    assert not lenet.selected_ids


def test_the_context_menu_selects_what_it_is_about(lenet: CanvasView, hand: Hand) -> None:
    def names(at: QPoint) -> list[str]:
        QApplication.sendEvent(lenet.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, lenet.viewport().mapToGlobal(at)))
        menu = lenet.findChildren(QMenu, "canvas.menu")[-1]
        found = [action.objectName() for action in menu.actions() if not action.isSeparator()]
        menu.hide()
        return found

    assert "action.canvas.duplicate" in names(hand.node("n2"))
    assert lenet.selected_ids == {"n2"}
    assert names(hand.at(186, 36)) == ["action.canvas.insert", "action.canvas.select_branch", "action.canvas.delete"]
    assert lenet.selected_wires == {Port("n2", "in")}
    assert "action.canvas.paste" in names(QPoint(460, 470))


def test_a_drag_whose_release_went_elsewhere_is_given_up(lenet: CanvasView, hand: Hand) -> None:
    graph, start = lenet.graph, hand.node("n2")
    away = start + QPoint(60, 90)
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    nothing_held = QMouseEvent(QEvent.Type.MouseMove, QPointF(away), QPointF(lenet.viewport().mapToGlobal(away)), none, none, keys)
    hand.press(start)
    hand.move(away)
    QApplication.sendEvent(lenet.viewport(), nothing_held)
    assert not lenet.busy
    hand.press(start)
    hand.move(away)
    QApplication.sendEvent(lenet, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    assert not lenet.busy
    hand.press(start)
    hand.move(away)
    hand.click(hand.node("n3"))
    assert not lenet.busy
    assert lenet.selected_ids == {"n3"}
    assert lenet.graph is graph
