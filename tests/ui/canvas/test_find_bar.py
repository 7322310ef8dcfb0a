"""Finding layers on the canvas, with keys."""

from __future__ import annotations

from collections.abc import Callable

from hand import Hand
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from netbuilder import templates
from netbuilder.core.edits import remove_nodes
from netbuilder.ui.canvas.view import CanvasView


def found(canvas: CanvasView) -> str:
    return canvas.graph.nodes[str(canvas.selection.only)].layer


def test_typing_finds_and_enter_walks(lenet: CanvasView, hand: Hand) -> None:
    hand.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = lenet.overlays.finder
    assert bar.field.hasFocus()
    QTest.keyClicks(bar.field, "28×28")
    assert bar.told.text() == "1 of 3"
    walked = [found(lenet)]
    for _ in range(3):
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        walked.append(found(lenet))
    assert walked == ["input", "conv2d", "tanh", "input"]
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert found(lenet) == "tanh"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert lenet.hasFocus()
    assert found(lenet) == "tanh"
    lenet.context.commands.run("canvas.find_next")
    assert found(lenet) == "input"


def test_nothing_found_is_said_and_an_edit_is_followed(lenet: CanvasView) -> None:
    bar = lenet.overlays.finder
    bar.open()
    QTest.keyClicks(bar.field, "lstm")
    assert bar.told.text() == "none"
    bar.field.clear()
    assert bar.told.text() == ""
    QTest.keyClicks(bar.field, "linear")
    assert bar.told.text() == "1 of 3"
    lenet.document.apply(remove_nodes([str(lenet.selection.only)]), "Remove")
    assert bar.told.text() == "0 of 2"
    bar.step(1)
    assert bar.told.text() == "1 of 2"


def test_a_layer_in_a_block_is_shown_there(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(templates.project("resnet18").graph)
    bar = canvas.overlays.finder
    bar.open()
    QTest.keyClicks(bar.field, "conv2d")
    inside = next(number for number, spot in enumerate(bar._spots) if spot.uses)
    for _ in range(inside):
        bar.step(1)
    assert canvas.level.uses == bar._spots[inside].uses
    assert canvas.selection.only == bar._spots[inside].node
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.level.uses == bar._spots[inside - 1].uses
