"""What a gesture shows is gone from the screen when it is over; pictures are those of the screen, not painted for the test."""

from __future__ import annotations

from hand import Hand
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QImage
from PySide6.QtWidgets import QApplication

from netbuilder.core.edits import set_setting
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.view import CanvasView


def screen(canvas: CanvasView) -> QImage:
    QApplication.processEvents()
    QApplication.processEvents()
    return canvas.screen().grabWindow(canvas.winId()).toImage()


def test_a_layer_dragged_over_a_wire_and_away_leaves_nothing(lenet: CanvasView, hand: Hand) -> None:
    mime, keys = QMimeData(), (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    mime.setData(MIME, b"conv2d")
    before = screen(lenet)
    QApplication.sendEvent(lenet.viewport(), QDragEnterEvent(QPoint(460, 470), Qt.DropAction.CopyAction, mime, *keys))
    for place in (hand.at(186 + 204, 36), QPoint(800, 450)):
        QApplication.sendEvent(lenet.viewport(), QDragMoveEvent(place, Qt.DropAction.CopyAction, mime, *keys))
        assert screen(lenet) != before
    QApplication.sendEvent(lenet.viewport(), QDragLeaveEvent())
    assert screen(lenet) == before


def test_the_ghost_of_an_edit_leaves_nothing(lenet: CanvasView) -> None:
    previews, scene = lenet.context.session.previews, lenet.canvas_scene
    before = screen(lenet)
    previews.show(set_setting("n2", "padding", 0))
    assert screen(lenet) != before
    scene.update(scene.nodes["n1"].rect)  # has the view painted before Qt looks at its items
    previews.show(None)
    assert screen(lenet) == before


def test_a_rectangle_drawn_to_select_leaves_nothing(lenet: CanvasView, hand: Hand) -> None:
    before = screen(lenet)
    hand.press(QPoint(20, 480))
    hand.move(QPoint(700, 300))
    assert screen(lenet) != before
    hand.move(QPoint(22, 478))
    lenet.cancel()
    assert screen(lenet) == before


def test_a_dragged_layer_is_not_written_over_by_the_ghost_of_what_it_covers(lenet: CanvasView, hand: Hand) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier
    hand.press(hand.node("n3"), ctrl)
    hand.move(hand.node("n10"), ctrl)
    assert lenet.context.session.previews.trial is not None
    held = lenet.canvas_scene.nodes["n3"]
    with_ghost = lenet.grab(lenet.mapFromScene(held.rect.adjusted(20, 8, -20, -30)).boundingRect()).toImage()
    lenet.context.session.previews.show(None)
    assert lenet.grab(lenet.mapFromScene(held.rect.adjusted(20, 8, -20, -30)).boundingRect()).toImage() == with_ghost
    lenet.cancel()
