"""The scene follows the document and nothing else: diffs equal a rebuild, and only what is named is touched."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from netbuilder.core.build import chain
from netbuilder.core.edits import Edit, add_node, connect, disconnect, move, new_node, remove_nodes, rename, set_settings
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.net.results import Severity
from netbuilder.ui.canvas import intents
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.scene import CanvasScene
from netbuilder.ui.canvas.sync import Sync
from netbuilder.ui.canvas.view import CanvasView

LAYERS = ("relu", "conv2d", "linear", "add", "concat", "flatten", "dropout", "input", "output", "unheard_of")


def picture(scene: CanvasScene) -> tuple[object, ...]:
    """All that a scene shows, comparable."""
    nodes = {id_: (item.look, item.pos().toTuple()) for id_, item in scene.nodes.items()}
    wires = {
        target: (wire.link, wire.label, [(e.x, e.y) for e in map(wire.path.elementAt, range(wire.path.elementCount()))])
        for target, wire in scene.wires.items()
    }
    return nodes, wires


def rebuilt(canvas: CanvasView) -> CanvasScene:
    scene = CanvasScene(canvas.canvas_scene.colours)
    Sync(canvas.context.session, scene, lambda: None).close()
    return scene


def random_edit(graph: Graph, chance: random.Random) -> Edit:
    ids = list(graph.nodes)
    place = (chance.randrange(-10, 30) * 40.0, chance.randrange(0, 12) * 40.0)
    kind = chance.randrange(7) if ids else 0
    pick = chance.choice(ids) if ids else ""
    if kind <= 1:
        return add_node(new_node(graph, chance.choice(LAYERS), position=place))
    if kind == 2:
        return remove_nodes([pick])
    if kind == 3:
        return move({pick: place})
    if kind == 4:
        return set_settings(pick, {"out_features": chance.randrange(0, 5)})
    if kind == 5 and graph.links:
        return disconnect(chance.choice(list(graph.links)))
    if kind == 5:
        return rename(pick, f"name{chance.randrange(10**6)}")
    other = graph.nodes[chance.choice(ids)]
    source, target = intents.first_output(graph, graph.nodes[pick]), intents.free_input(graph, other)
    if source is None or target is None:
        return move({pick: place})
    return connect(intents.Port(pick, source), intents.Port(other.id, target))


@pytest.mark.parametrize("seed", range(12))
def test_following_diffs_equals_building_from_nothing(make_canvas: Callable[..., CanvasView], seed: int) -> None:
    canvas = make_canvas(chain(["input", "relu", "linear", "output"]))
    chance = random.Random(seed)
    first = canvas.graph
    for _ in range(120):
        try:
            canvas.document.apply(random_edit(canvas.graph, chance), "Edit")
        except NetbuilderError:
            continue
        if chance.random() < 0.15:
            canvas.document.undo()
        assert picture(canvas.canvas_scene) == picture(rebuilt(canvas))
    while canvas.document.undo() is not None:
        pass
    assert canvas.graph == first
    assert picture(canvas.canvas_scene) == picture(rebuilt(canvas))


def test_a_setting_repaints_only_what_it_changes(make_canvas: Callable[..., CanvasView], monkeypatch: pytest.MonkeyPatch) -> None:
    layers = ["input", *(("dropout", {"p": 0.5}) for _ in range(998)), "output"]
    canvas = make_canvas(chain(layers, wrap=40))
    touched: set[str] = set()
    monkeypatch.setattr(NodeItem, "update", lambda item: touched.add(item.node_id))
    canvas.document.apply(set_settings("n500", {"p": 0.25}), "Change")
    assert touched == {"n500"}
    assert "0.25" in canvas.canvas_scene.nodes["n500"].look.settings


def test_a_shape_change_reaches_every_node_downstream(lenet: CanvasView) -> None:
    lenet.document.apply(set_settings("n5", {"kernel_size": 3}), "Change")
    assert lenet.canvas_scene.nodes["n5"].look.shape == "16×12×12"
    assert lenet.canvas_scene.nodes["n8"].look.shape == "576"
    assert lenet.canvas_scene.wires[intents.Port("n9", "in")].label == "576"


def test_a_kernel_larger_than_its_input_shows_an_error_badge(lenet: CanvasView) -> None:
    lenet.document.apply(set_settings("n5", {"kernel_size": 99}), "Change")
    shown = lenet.canvas_scene.nodes["n5"].look
    assert shown.severity is Severity.ERROR
    assert shown.messages
    at = lenet.mapFromScene(lenet.canvas_scene.nodes["n5"].rect.center())
    QApplication.sendEvent(lenet.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, lenet.viewport().mapToGlobal(at)))
    assert QToolTip.text() == "\n".join(shown.messages)
    lenet.document.undo()
    assert lenet.canvas_scene.nodes["n5"].look.severity is None


def test_a_renamed_project_is_shown(lenet: CanvasView) -> None:
    lenet.document.configure(name="A & B <c>")
    assert "A & B <c>" in lenet.overlays.breadcrumb.text()


def test_undo_of_a_selected_node_deselects_it(lenet: CanvasView) -> None:
    lenet.add_layer_at_centre("relu")
    assert lenet.selected_ids
    lenet.document.undo()
    assert lenet.selection.ids == frozenset()


def test_what_is_selected_lies_above_what_it_covers(lenet: CanvasView) -> None:
    scene = lenet.canvas_scene
    lenet.document.apply(move({"n2": lenet.graph.nodes["n3"].position}), "Move")
    covered = scene.nodes["n3"].rect
    for chosen in ("n2", "n3"):
        lenet.selection.set([chosen])
        painted, _ = scene.near(covered)
        assert painted[-1].node_id == chosen
        under_the_pointer = scene.node_at(covered.center())
        assert under_the_pointer is not None
        assert under_the_pointer.node_id == chosen
