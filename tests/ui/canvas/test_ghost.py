"""The ghost of an edit: shown while the button is held or a remedy is pointed at, gone afterwards, never recorded."""

from __future__ import annotations

from hand import Hand
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from netbuilder.core.edits import add_node, set_setting
from netbuilder.core.graph import Node
from netbuilder.net.trial import Change, Trial
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.nodes.paint import BADGE
from netbuilder.ui.canvas.view import CanvasView


def ghost(canvas: CanvasView) -> Trial | None:
    return canvas.hover.preview.trial if canvas.hover.preview is not None else None


def test_dragging_a_layer_over_a_wire_shows_the_shapes_behind_it(lenet: CanvasView, hand: Hand) -> None:
    before, wire = lenet.graph, hand.at(186 + 204, 36)
    mime = QMimeData()
    mime.setData(MIME, b"maxpool2d")
    keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(lenet.viewport(), QDragEnterEvent(QPoint(460, 470), Qt.DropAction.CopyAction, mime, *keys))
    assert ghost(lenet) is None
    QApplication.sendEvent(lenet.viewport(), QDragMoveEvent(wire, Qt.DropAction.CopyAction, mime, *keys))
    trial = ghost(lenet)
    assert trial is not None
    assert trial.change("n3") == Change("6×28×28", "6×14×14")
    note = lenet.hover.preview.note  # type: ignore[union-attr]
    assert note.isVisible()
    assert "shapes" in note.text()
    assert lenet.rect().contains(note.geometry())
    lenet.grab()
    QApplication.sendEvent(lenet.viewport(), QDragLeaveEvent())
    assert ghost(lenet) is None
    assert not note.isVisible()
    assert lenet.graph is before
    assert lenet.document.undo_label is None


def test_a_wire_held_over_an_input_shows_what_it_would_break(lenet: CanvasView, hand: Hand) -> None:
    hand.press(hand.input("n3"))
    hand.move(QPoint(460, 470))
    assert ghost(lenet) is None
    hand.move(hand.input("n9"))
    trial = ghost(lenet)
    assert trial is not None
    assert any(problem.node == "n9" for problem in trial.come)
    assert "problem" in lenet.hover.preview.note.text()  # type: ignore[union-attr]
    lenet.grab()
    QTest.keyClick(lenet, Qt.Key.Key_Escape)
    assert ghost(lenet) is None


def test_a_recorded_edit_ends_the_trial(lenet: CanvasView) -> None:
    previews = lenet.context.session.previews
    assert previews.show(set_setting("n2", "padding", 0)) is not None
    assert ghost(lenet) is not None
    lenet.document.apply(set_setting("n2", "padding", 1), "Set padding")
    assert ghost(lenet) is None


def test_the_menu_of_a_layer_mends_it_and_shows_how_beforehand(lenet: CanvasView, hand: Hand) -> None:
    lenet.document.apply(set_setting("n5", "kernel_size", 40), "Set kernel size")
    spot = hand.node("n5")
    QApplication.sendEvent(lenet.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, lenet.viewport().mapToGlobal(spot)))
    menu = lenet.findChildren(QMenu, "canvas.menu")[-1]
    fix = next(action for action in menu.actions() if action.objectName() == "fix.0")
    menu.hovered.emit(fix)
    trial = ghost(lenet)
    assert trial is not None
    assert trial.gone
    fix.trigger()
    menu.hide()
    assert ghost(lenet) is None
    assert lenet.document.undo_label == fix.text()
    assert not lenet.level.analysis.answers["n5"].problems
    lenet.document.undo()
    assert lenet.graph.nodes["n5"].settings["kernel_size"] == 40


def test_the_keyboard_opens_the_remedies_of_the_current_layer(lenet: CanvasView) -> None:
    lenet.selection.set(["n5"])
    lenet.context.commands.run("canvas.mend")
    assert "no problem" in lenet.overlays.bubble.text()
    lenet.document.apply(set_setting("n5", "kernel_size", 40), "Set kernel size")
    lenet.context.commands.run("canvas.mend")
    menu = lenet.findChildren(QMenu, "canvas.menu")[-1]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert not lenet.level.analysis.answers["n5"].problems


def test_a_problem_that_has_no_remedy_is_told(lenet: CanvasView, hand: Hand) -> None:
    lenet.document.apply(add_node(Node("alone", "conv2d", "alone", position=(820.0, 0.0))), "Add")
    scene = lenet.canvas_scene
    hand.click(lenet.mapFromScene(scene.nodes["alone"].rect.topLeft() + BADGE))
    assert lenet.overlays.bubble.text() == "Conv2d “alone” has no input. Connect a layer to it."
