"""Frames and comments, drawn and edited with mouse and keys."""

from __future__ import annotations

from hand import Hand
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from netbuilder.core.files import dumps, loads
from netbuilder.core.graph import Frame
from netbuilder.ui.canvas.notes.paint import rect_of, title_rect
from netbuilder.ui.canvas.view import CanvasView


def only(canvas: CanvasView) -> Frame:
    return next(iter(canvas.graph.frames.values()))


def framed(canvas: CanvasView, text: str = "Features") -> Frame:
    """A frame around the first two layers, named by typing."""
    canvas.selection.set(list(canvas.graph.nodes)[:2])
    canvas.context.commands.run("canvas.frame")
    editor = canvas.ground.notes.editor
    assert editor is not None
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    return only(canvas)


def title(canvas: CanvasView) -> QPoint:
    return canvas.mapFromScene(rect_of(only(canvas)).topLeft() + QPointF(40, 16))


def test_a_frame_is_made_around_the_selection_and_named(lenet: CanvasView) -> None:
    frame = framed(lenet)
    assert frame.text == "Features"
    assert not frame.comment
    for id_ in list(lenet.graph.nodes)[:2]:
        assert rect_of(frame).contains(lenet.canvas_scene.nodes[id_].rect)
    assert loads(dumps(lenet.document.project)) == lenet.document.project
    lenet.document.undo()
    assert only(lenet).text == "Frame"
    lenet.document.undo()
    assert not lenet.graph.frames


def test_without_a_selection_the_title_of_a_frame_is_not_hidden_by_layers(lenet: CanvasView) -> None:
    lenet.context.commands.run("canvas.frame")
    assert not lenet.canvas_scene.nodes_in(title_rect(only(lenet), rect_of(only(lenet))))
    assert rect_of(only(lenet)).contains(lenet.canvas_scene.node_bounds())


def test_the_title_of_a_frame_larger_than_the_view_is_in_it(lenet: CanvasView) -> None:
    lenet.zoom(1.6)
    lenet.selection.set(lenet.graph.nodes)
    lenet.context.commands.run("canvas.frame")
    assert lenet.visible_rect().contains(rect_of(only(lenet)).topLeft())
    assert lenet.mapFromScene(rect_of(only(lenet)).topLeft()).y() >= lenet.overlays.breadcrumb.geometry().bottom()


def test_dragging_the_title_takes_what_is_inside_along_as_one_step(lenet: CanvasView, hand: Hand) -> None:
    frame, ids = framed(lenet), list(lenet.graph.nodes)
    before = {id_: node.position for id_, node in lenet.graph.nodes.items()}
    zoom = lenet.scale_factor
    hand.drag(title(lenet), title(lenet) + QPoint(round(80 * zoom), round(-40 * zoom)))
    by = only(lenet).position[0] - frame.position[0], only(lenet).position[1] - frame.position[1]
    assert by[0] > 60
    assert by[1] < -20
    for id_ in ids[:2]:
        assert lenet.graph.nodes[id_].position == (before[id_][0] + by[0], before[id_][1] + by[1])
    assert lenet.graph.nodes[ids[3]].position == before[ids[3]]
    assert lenet.canvas_scene.carried is None
    lenet.document.undo()
    assert {id_: node.position for id_, node in lenet.graph.nodes.items()} == before
    assert only(lenet) == frame


def test_dragging_a_corner_resizes_and_escape_leaves_it(lenet: CanvasView, hand: Hand) -> None:
    frame = framed(lenet)
    corner = lenet.mapFromScene(rect_of(frame).bottomRight())
    hand.press(corner)
    hand.move(corner + QPoint(60, 60))
    hand.key(Qt.Key.Key_Escape)
    hand.release(corner + QPoint(60, 60))
    assert only(lenet) == frame
    hand.drag(corner, corner + QPoint(60, 40))
    assert only(lenet).position == frame.position
    assert only(lenet).size[0] > frame.size[0] + 40
    lenet.document.undo()
    hand.drag(corner, lenet.mapFromScene(rect_of(frame).topLeft() - QPointF(300, 300)))
    assert only(lenet).size == (72.0, 44.0)


def test_the_inside_of_a_frame_still_selects_layers(lenet: CanvasView, hand: Hand) -> None:
    frame = framed(lenet)
    start = lenet.mapFromScene(rect_of(frame).bottomLeft() + QPointF(12, -12))
    hand.drag(start, lenet.mapFromScene(rect_of(frame).topRight() + QPointF(-12, 40)))
    assert len(lenet.selection.ids) == 2


def test_delete_takes_only_the_frame(lenet: CanvasView, hand: Hand) -> None:
    framed(lenet)
    count = len(lenet.graph.nodes)
    hand.click(title(lenet))
    assert lenet.ground.notes.chosen
    hand.key(Qt.Key.Key_Delete)
    assert not lenet.graph.frames
    assert len(lenet.graph.nodes) == count
    lenet.document.undo()
    hand.click(title(lenet))
    hand.click(hand.node(next(iter(lenet.graph.nodes))))
    assert not lenet.ground.notes.chosen


def test_a_comment_is_typed_again_by_a_double_click_and_coloured_by_its_menu(lenet: CanvasView) -> None:
    lenet.context.commands.run("canvas.comment")
    editor = lenet.ground.notes.editor
    assert editor is not None
    QTest.keyClicks(editor, "Try stride 2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "here")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert only(lenet).comment
    assert only(lenet).text == "Try stride 2\nhere"
    lenet.selection.clear()
    inside = lenet.mapFromScene(rect_of(only(lenet)).center())
    QTest.mouseDClick(lenet.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, inside)
    editor = lenet.ground.notes.editor
    assert editor is not None
    QTest.keyClicks(editor, "gone")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert only(lenet).text == "Try stride 2\nhere"
    lenet.ground.notes.choose([only(lenet).id])
    menu = QMenu()
    lenet.ground.notes.fill_menu(menu)
    next(act for act in menu.actions() if act.objectName() == "action.note.green").trigger()
    assert only(lenet).colour == "green"


def test_frames_are_chosen_moved_resized_and_named_by_keys(lenet: CanvasView, hand: Hand) -> None:
    framed(lenet)
    lenet.selection.clear()
    lenet.ground.notes.choose(())
    before, first = lenet.graph, next(iter(lenet.graph.nodes))
    frame, (x, y) = only(lenet), before.nodes[first].position
    hand.key(Qt.Key.Key_N)
    assert lenet.ground.notes.chosen == {frame.id}
    assert lenet.accessibleName() == "Network canvas: Frame Features"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        hand.key(key)
    assert only(lenet).position == (frame.position[0] + 16, frame.position[1] + 8)
    assert lenet.graph.nodes[first].position == (x + 16, y + 8)
    lenet.document.undo()
    assert lenet.graph == before
    hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert only(lenet).size == (frame.size[0] + 8, frame.size[1])
    hand.key(Qt.Key.Key_Return)
    editor = lenet.ground.notes.editor
    assert editor is not None
    QTest.keyClicks(editor, "Stem")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert only(lenet).text == "Stem"
    hand.key(Qt.Key.Key_Escape)
    assert not lenet.ground.notes.chosen


def test_frames_are_copied_with_what_stands_in_them(lenet: CanvasView, hand: Hand) -> None:
    framed(lenet)
    hand.click(title(lenet))
    for keys in (Qt.Key.Key_C, Qt.Key.Key_V):
        hand.key(keys, Qt.KeyboardModifier.ControlModifier)
    assert len(lenet.graph.frames) == 2
    assert len(lenet.graph.nodes) == 14
    lenet.document.undo()
    lenet.context.commands.run("canvas.select_all")
    for keys in (Qt.Key.Key_C, Qt.Key.Key_V):
        hand.key(keys, Qt.KeyboardModifier.ControlModifier)
    assert len(lenet.graph.frames) == 2
    assert len(lenet.graph.nodes) == 24


def test_words_are_typed_as_large_as_they_will_stand_there(lenet: CanvasView) -> None:
    sizes = []
    for zoom in (1.0, 2.0):
        lenet.set_zoom(zoom)
        lenet.context.commands.run("canvas.comment")
        editor = lenet.ground.notes.editor
        assert editor is not None
        sizes.append(editor.fontInfo().pixelSize())
        editor.finish()
    assert sizes == [12, 24]


def test_a_view_that_shows_everything_shows_a_new_frame_and_its_layers(lenet: CanvasView) -> None:
    lenet.fit()
    lenet.selection.set(lenet.graph.nodes)
    lenet.context.commands.run("canvas.frame")
    assert lenet.visible_rect().contains(rect_of(only(lenet)))
    assert lenet.visible_rect().contains(lenet.canvas_scene.node_bounds())
