"""Arranging, aligning and carrying many layers, by commands and by the pointer; each is one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from netbuilder.core.alignment import WAYS
from netbuilder.core.build import chain
from netbuilder.core.edits import move
from netbuilder.ui import motion
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.gestures.move import MoveGesture
from netbuilder.ui.canvas.view import CanvasView


@pytest.mark.parametrize("way", [name for name, _, _ in WAYS])
def test_selected_layers_line_up_in_one_step(lenet: CanvasView, way: str) -> None:
    before = lenet.graph
    lenet.selection.set(["n1", "n3", "n12"])
    lenet.context.commands.run(f"canvas.{way}")
    assert lenet.graph != before
    lenet.document.undo()
    assert lenet.graph == before


def test_lining_up_needs_two_layers(lenet: CanvasView) -> None:
    lenet.selection.set(["n1"])
    lenet.context.commands.refresh()
    assert not lenet.context.commands.action("canvas.align_left").isEnabled()


def test_only_what_is_selected_is_arranged(lenet: CanvasView) -> None:
    before = lenet.graph
    lenet.selection.set(["n4", "n5"])
    lenet.context.commands.run("canvas.arrange")
    moved = {id_ for id_, node in lenet.graph.nodes.items() if node.position != before.nodes[id_].position}
    assert moved
    assert moved <= {"n4", "n5"}


def test_many_layers_are_carried_and_put_down(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(chain(["input", *["relu"] * 98, "output"], wrap=10))
    before = canvas.graph
    ids = [f"n{number}" for number in range(2, 90)]
    canvas.selection.set(ids)

    def drag() -> MoveGesture:
        gesture = MoveGesture(canvas, Pointer(QPointF(), QPoint()), "n2")
        gesture.move(Pointer(QPointF(0, 80), QPoint(0, 80), Qt.KeyboardModifier.AltModifier))
        canvas.grab()
        assert canvas.canvas_scene.carried is not None
        return gesture

    drag().cancel()
    assert canvas.graph == before
    assert canvas.canvas_scene.carried is None
    drag().finish(Pointer(QPointF(0, 80), QPoint(0, 80)))
    assert canvas.graph.nodes["n2"].position[1] == before.nodes["n2"].position[1] + 80
    assert canvas.canvas_scene.nodes["n2"].pos().y() == canvas.graph.nodes["n2"].position[1]
    assert canvas.graph.nodes["n95"] == before.nodes["n95"]
    canvas.document.undo()
    assert canvas.graph == before


@pytest.mark.parametrize("count", [40, 900])
def test_the_minimap_shows_the_layers(make_canvas: Callable[..., CanvasView], count: int) -> None:
    canvas = make_canvas(chain(["input", *["relu"] * count], wrap=30))
    picture = canvas.overlays.minimap.grab().toImage()
    wanted = canvas.canvas_scene.colours.category(canvas.canvas_scene.nodes["n2"].category)
    near = 0
    for x in range(picture.width()):
        for y in range(picture.height()):
            colour = picture.pixelColor(x, y)
            near += abs(colour.red() - wanted.red()) + abs(colour.green() - wanted.green()) + abs(colour.blue() - wanted.blue()) < 90
    assert near > 40


def test_the_drawing_turns_and_back_in_one_step_each(lenet: CanvasView) -> None:
    lenet.actions_.arrange()
    before = lenet.graph
    lenet.context.commands.run("canvas.turn")
    scene, graph = lenet.canvas_scene, lenet.graph
    assert graph.direction == "down"
    assert all(graph.nodes[s.node].position[1] < graph.nodes[t.node].position[1] for t, s in list(graph.links.items())[:5])
    lenet.sync.settle()
    item = scene.nodes["n2"]
    assert item.output_place("out") == QPointF(item.rect.center().x(), item.rect.bottom())
    lenet.context.commands.run("canvas.turn")
    assert lenet.graph == before
    lenet.document.undo()
    assert lenet.graph == graph
    assert scene.nodes["n2"].input_place("in").y() == scene.nodes["n2"].rect.top()


def test_in_a_drawing_that_flows_down_keys_and_new_layers_go_down(lenet: CanvasView) -> None:
    lenet.actions_.turn()
    hand = Hand(lenet)
    lenet.selection.set(["n2"])
    hand.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert lenet.selected_ids == {"n3"}
    hand.key(Qt.Key.Key_Tab)
    hand.choose("dropout")
    (added,) = lenet.selected_ids
    x, y = lenet.graph.nodes["n3"].position
    assert lenet.graph.nodes[added].position == (x, y + 120)
    assert lenet.graph.nodes["n4"].position == (x, y + 240)


def test_layers_glide_to_their_places_and_any_press_lets_them_arrive(lenet: CanvasView, qtbot: QtBot) -> None:
    lenet.attempt(move({"n5": (900.0, 600.0)}), "Move")
    item = lenet.canvas_scene.nodes["n5"]
    lenet.actions_.arrange()
    end = lenet.graph.nodes["n5"].position
    assert item.pos().toTuple() != end
    qtbot.waitUntil(lambda: item.pos().toTuple() == end)
    lenet.actions_.turn()
    Hand(lenet).press(QPoint(4, 4))
    assert item.pos().toTuple() == lenet.graph.nodes["n5"].position


def test_with_reduced_motion_nothing_glides(lenet: CanvasView) -> None:
    motion.reduce(True)
    try:
        lenet.actions_.turn()
        assert all(item.pos().toTuple() == lenet.graph.nodes[id_].position for id_, item in lenet.canvas_scene.nodes.items())
    finally:
        motion.reduce(False)
