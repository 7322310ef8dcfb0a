"""Blocks by mouse and keyboard: made, opened, edited inside, left and expanded again."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from test_fuzz import act
from test_sync import picture, rebuilt

from netbuilder.core.blocks import set_linked, set_repeat
from netbuilder.core.build import Builder, chain
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Block, BlockParameter, Graph, Port
from netbuilder.layers.declare import Category
from netbuilder.net.results import Severity
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.name_prompt import NamePrompt
from netbuilder.ui.canvas.view import CanvasView

Key = Qt.Key


def brick() -> Block:
    net = Builder()
    at = net.add("conv2d", net.add("input", name="x"), name="conv", out_channels="$channels", kernel_size=3, padding=1)
    net.add("output", net.add("relu", at, name="relu"), name="y")
    return net.block("Brick", BlockParameter("channels", 8))


def two_bricks() -> Graph:
    net = Builder()
    at = net.add("input", shape=(1, 28, 28))
    at = net.use(brick(), at, name="first")
    at = net.use(brick(), at, name="second", channels=16)
    net.add("output", net.add("linear", net.add("flatten", at), out_features=10))
    return net.graph()


@pytest.fixture
def bricks(make_canvas: Callable[..., CanvasView]) -> CanvasView:
    return make_canvas(two_bricks())


@pytest.fixture
def press() -> Callable[..., None]:
    def key(canvas: CanvasView, *keys: tuple[Key, Qt.KeyboardModifier] | Key) -> None:
        for each in keys:
            code, mods = each if isinstance(each, tuple) else (each, Qt.KeyboardModifier.NoModifier)
            QTest.keyClick(canvas, code, mods)

    return key


CTRL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def named(canvas: CanvasView, name: str) -> str:
    return canvas.graph.by_name[name].id


def prompt_of(canvas: CanvasView) -> NamePrompt:
    prompt = canvas.findChild(NamePrompt)
    assert prompt is not None
    return prompt


def test_ctrl_g_makes_a_block_and_ctrl_shift_g_puts_its_layers_back(lenet: CanvasView, press: Callable[..., None]) -> None:
    first, parameters = lenet.graph, lenet.level.analysis.parameters
    lenet.selection.set([named(lenet, "conv2d_1"), named(lenet, "tanh_1")])
    press(lenet, (Key.Key_G, CTRL))
    prompt = prompt_of(lenet)
    assert prompt.field.text() == "Conv2d-Tanh"
    assert prompt.field.hasFocus()
    QTest.keyClicks(prompt.field, "Stem")
    QTest.keyClick(prompt.field, Key.Key_Return)
    (made,) = lenet.selected_ids
    assert lenet.graph.nodes[made].block == "Stem"
    assert len(lenet.graph.nodes) == len(first.nodes) - 1
    assert lenet.level.analysis.parameters == parameters
    assert not lenet.level.analysis.errors
    assert lenet.document.steps == ("Make block “Stem”",)
    press(lenet, (Key.Key_G, CTRL | SHIFT))
    assert {node.layer for node in lenet.graph.nodes.values()} == {node.layer for node in first.nodes.values()}
    assert lenet.level.analysis.parameters == parameters
    assert len(lenet.selected_ids) == 2
    lenet.document.undo()
    lenet.document.undo()
    assert lenet.graph == first


def test_a_taken_name_is_refused_in_place_and_escape_gives_up(bricks: CanvasView, press: Callable[..., None]) -> None:
    first = bricks.graph
    bricks.selection.set([named(bricks, "flatten_1")])
    press(bricks, (Key.Key_G, CTRL))
    prompt = prompt_of(bricks)
    prompt.field.setText("Brick")
    QTest.keyClick(prompt.field, Key.Key_Return)
    assert prompt.isVisible()
    assert bricks.graph is first
    QTest.keyClick(prompt.field, Key.Key_Escape)
    assert not prompt.isVisible()
    assert bricks.hasFocus()
    assert bricks.graph is first


def test_a_selection_that_cannot_be_a_block_says_why(lenet: CanvasView, press: Callable[..., None]) -> None:
    lenet.selection.set([named(lenet, "conv2d_1"), named(lenet, "avgpool2d_1")])
    press(lenet, (Key.Key_G, CTRL))
    assert lenet.findChild(NamePrompt) is None
    assert "tanh_1" in lenet.overlays.bubble.text()
    assert lenet.overlays.bubble.isVisible()


def test_a_double_click_opens_a_block_and_alt_up_leaves_it(bricks: CanvasView, press: Callable[..., None]) -> None:
    second = named(bricks, "second")
    QTest.mouseDClick(bricks.viewport(), Qt.MouseButton.LeftButton, pos=Hand(bricks).node(second))
    assert bricks.level.path == ("Brick",)
    assert bricks.overlays.breadcrumb.text() == "LeNet-5 › Network › Brick"
    conv = named(bricks, "conv")
    assert bricks.canvas_scene.nodes.keys() == bricks.graph.nodes.keys()
    assert bricks.canvas_scene.nodes[conv].look.shape == "16×28×28"
    press(bricks, (Key.Key_Up, ALT))
    assert bricks.level.uses == ()
    assert bricks.selected_ids == {second}
    assert bricks.canvas_scene.nodes.keys() == bricks.graph.nodes.keys()


def test_enter_opens_and_a_crumb_goes_up(bricks: CanvasView, press: Callable[..., None]) -> None:
    bricks.selection.set([named(bricks, "first")])
    press(bricks, Key.Key_Return)
    assert bricks.level.path == ("Brick",)
    assert bricks.canvas_scene.nodes[named(bricks, "conv")].look.shape == "8×28×28"
    crumb = bricks.overlays.breadcrumb.findChild(QPushButton, "canvas.breadcrumb.0")
    assert crumb is not None
    QTest.mouseClick(crumb, Qt.MouseButton.LeftButton)
    assert bricks.level.uses == ()


def test_every_gesture_edits_the_definition(bricks: CanvasView, press: Callable[..., None]) -> None:
    """Typing a layer in, moving, copying and deleting inside change every use, each as one step; undo takes all back."""
    first = bricks.document.graph
    bricks.levels.open(named(bricks, "first"))
    bricks.selection.set([named(bricks, "conv")])
    bricks.add_layer_at_centre("batchnorm2d")
    assert any(node.layer == "batchnorm2d" for node in bricks.document.graph.blocks["Brick"].graph.nodes.values())
    assert len(bricks.canvas_scene.nodes) == 5
    assert bricks.document.graph.nodes is first.nodes
    hand, relu = Hand(bricks), named(bricks, "relu")
    hand.drag(hand.node(relu), hand.node(relu) + QPoint(40, 90))
    assert bricks.graph.nodes[relu].position != first.blocks["Brick"].graph.nodes[relu].position
    bricks.selection.set([relu])
    press(bricks, (Key.Key_D, CTRL))
    assert sum(node.layer == "relu" for node in bricks.graph.nodes.values()) == 2
    press(bricks, Key.Key_Delete)
    assert sum(node.layer == "relu" for node in bricks.graph.nodes.values()) == 1
    assert len(bricks.document.steps) == 4
    while bricks.document.undo():
        assert bricks.canvas_scene.nodes.keys() == bricks.graph.nodes.keys()
    assert bricks.document.graph == first


def test_undoing_the_definition_away_goes_up(lenet: CanvasView) -> None:
    lenet.selection.set([named(lenet, "conv2d_1"), named(lenet, "tanh_1")])
    lenet.actions_.blocks._make(lenet.selected_ids, "Stem")
    lenet.levels.open(next(iter(lenet.selected_ids)))
    assert lenet.level.path == ("Stem",)
    lenet.document.undo()
    assert lenet.level.uses == ()
    assert lenet.canvas_scene.nodes.keys() == lenet.graph.nodes.keys()
    assert lenet.overlays.breadcrumb.text() == "LeNet-5 › Network"


def test_undo_goes_to_where_the_edit_was(bricks: CanvasView) -> None:
    document, level = bricks.document, bricks.level
    bricks.levels.open(named(bricks, "second"))
    conv = named(bricks, "conv")
    level.apply(set_setting(conv, "bias", False), "Change bias")
    bricks.levels.leave()
    level.step(document.undo())
    assert level.path == ("Brick",)
    bricks.levels.leave()
    document.apply(set_setting(named(bricks, "linear_1"), "bias", False), "Change bias")
    bricks.levels.open(named(bricks, "first"))
    level.step(document.undo())
    assert level.uses == ()


def test_each_level_is_looked_at_as_before(bricks: CanvasView) -> None:
    bricks.zoom(1.7)
    sight = bricks.camera.sight
    bricks.levels.open(named(bricks, "first"))
    assert bricks.camera.fitted
    bricks.levels.leave()
    again = bricks.camera.sight
    assert again.zoom == pytest.approx(sight.zoom)
    assert (again.centre - sight.centre).manhattanLength() < 3


def test_a_block_inside_a_block_opens_too(make_canvas: Callable[..., CanvasView]) -> None:
    outer = Builder()
    outer.add("output", outer.use(brick(), outer.add("input", name="x"), name="inner", channels="$width * 2"), name="y")
    net = Builder()
    net.add("output", net.use(outer.block("Tower", BlockParameter("width", 4)), net.add("input", shape=(3, 8, 8)), name="tower", width=6))
    canvas = make_canvas(net.graph())
    canvas.levels.open(named(canvas, "tower"))
    assert canvas.canvas_scene.nodes[named(canvas, "inner")].look.shape == "12×8×8"
    canvas.levels.open(named(canvas, "inner"))
    assert canvas.level.path == ("Tower", "Brick")
    assert canvas.canvas_scene.nodes[named(canvas, "conv")].look.shape == "12×8×8"
    canvas.level.apply(set_setting(named(canvas, "conv"), "kernel_size", 1), "Change kernel size")
    assert canvas.document.graph.blocks["Brick"].graph.by_name["conv"].settings["kernel_size"] == 1
    canvas.levels.go_to(0)
    assert canvas.level.uses == ()


def test_a_block_looks_like_what_it_is_made_of(bricks: CanvasView) -> None:
    first, second = (bricks.canvas_scene.nodes[named(bricks, name)] for name in ("first", "second"))
    assert (first.look.title, first.look.glyph, first.look.stack) == ("Brick", "block", 1)
    assert (first.category, first.look.category) == (Category.CONVOLUTION, Category.CONVOLUTION)
    assert (second.look.settings, second.look.shape) == ("channels 16", "16×28×28")
    bricks.level.apply(set_repeat(second.node_id, 3), "Change repeats")
    assert (second.look.repeat, second.look.stack) == (3, 2)
    bricks.level.apply(set_linked(second.node_id, True), "Share weights")
    assert second.look.settings == "shared weights · channels 16"
    bricks.selection.set([first.node_id])
    bricks.levels.open(first.node_id)
    bricks.level.apply(set_setting(named(bricks, "conv"), "kernel_size", 99), "Change kernel size")
    bricks.levels.leave()
    look = bricks.canvas_scene.nodes[first.node_id].look
    assert look.severity is Severity.ERROR
    assert "Inside the block “Brick”, layer “conv”" in look.messages[0]


def test_a_layer_is_not_a_block(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(chain([("input", {"shape": (3,)}), "relu", "output"]))
    canvas.levels.open(named(canvas, "relu_1"))
    assert canvas.level.uses == ()
    assert "not a block" in canvas.overlays.bubble.text()


def drag_in(canvas: CanvasView, key: str, at: QPoint) -> None:
    """What the palette's drag does, with the events that Qt sends."""
    data = QMimeData()
    data.setData(MIME, key.encode())
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    canvas.dragEnterEvent(QDragEnterEvent(at, copy, data, left, none))
    canvas.dragMoveEvent(QDragMoveEvent(at, copy, data, left, none))
    canvas.dropEvent(QDropEvent(QPointF(at), copy, data, left, none))


def test_a_block_of_the_library_is_dropped_on_a_wire_and_defined_once(lenet: CanvasView) -> None:
    wire = lenet.canvas_scene.wires[Port(named(lenet, "tanh_1"), "in")]
    drag_in(lenet, "library:conv-bn-relu", lenet.mapFromScene(wire.path.pointAtPercent(0.5)))
    (placed,) = lenet.selected_ids
    node = lenet.graph.nodes[placed]
    assert (node.block, node.name) == ("Conv-BN-ReLU", "Conv_BN_ReLU_1")
    assert lenet.graph.links[Port(named(lenet, "tanh_1"), "in")] == Port(placed, "y")
    assert lenet.graph.links[Port(placed, "x")].node == named(lenet, "conv2d_1")
    assert lenet.document.steps == ("Insert Conv-BN-ReLU",)
    drag_in(lenet, "block:Conv-BN-ReLU", QPoint(600, 440))
    assert len(lenet.graph.blocks) == 1
    assert sum(node.block == "Conv-BN-ReLU" for node in lenet.graph.nodes.values()) == 2


@pytest.mark.parametrize(
    ("block", "settings"),
    [
        ("residual-unit", {"channels": 6}),
        ("inverted-residual-changing", {}),
        ("inverted-residual", {"channels": 6}),
        ("squeeze-and-excitation", {"channels": 6, "reduction": 6}),
        ("conv-bn-relu", {}),
    ],
)
def test_a_dropped_block_takes_the_channels_that_arrive(lenet: CanvasView, block: str, settings: dict[str, int]) -> None:
    wire = lenet.canvas_scene.wires[Port(named(lenet, "tanh_1"), "in")]
    drag_in(lenet, f"library:{block}", lenet.mapFromScene(wire.path.pointAtPercent(0.5)))
    (placed,) = lenet.selected_ids
    assert dict(lenet.graph.nodes[placed].settings) == settings
    assert not lenet.level.analysis.answers[placed].problems
    assert len(lenet.document.steps) == 1


def test_ports_of_a_block_say_which_they_are(lenet: CanvasView) -> None:
    drag_in(lenet, "library:u-net-down", QPoint(600, 440))
    (placed,) = lenet.selected_ids
    item = lenet.canvas_scene.nodes[placed]
    assert [lenet.hover.port_name(item.output_place(name)) for name in item.outline.outputs] == ["bridge", "y"]
    assert lenet.hover.port_name(item.input_place("x")) is None


def test_a_block_dropped_into_itself_is_refused(bricks: CanvasView) -> None:
    bricks.levels.open(named(bricks, "first"))
    first = bricks.document.graph
    drag_in(bricks, "block:Brick", QPoint(400, 400))
    assert bricks.document.graph is first
    assert "would contain itself" in bricks.overlays.bubble.text()


def test_a_block_is_found_by_typing(lenet: CanvasView, press: Callable[..., None]) -> None:
    lenet.selection.set([named(lenet, "conv2d_1")])
    press(lenet, Key.Key_Tab)
    Hand(lenet).choose("squeeze-and")
    (placed,) = lenet.selected_ids
    assert lenet.graph.nodes[placed].block == "Squeeze-and-excitation"
    assert lenet.graph.links[Port(placed, "x")].node == named(lenet, "conv2d_1")


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_random_events_at_every_level(bricks: CanvasView, seed: int) -> None:
    first = bricks.document.graph
    chance, hand = random.Random(seed), Hand(bricks)
    for _ in range(800):
        if len(bricks.graph.nodes) > 40:
            bricks.document.undo()
        if chance.random() < 0.03 and not bricks.busy:
            blocks = [id_ for id_ in bricks.graph.nodes if bricks.levels.is_block(id_)]
            bricks.levels.open(chance.choice(blocks)) if blocks and chance.random() < 0.7 else bricks.levels.leave()
        act(bricks, hand, chance)
    bricks.cancel()
    bricks.lists.dismiss()
    while any(item.heat is not None for item in bricks.canvas_scene.nodes.values()):
        bricks.context.commands.run("canvas.heat_next")
    assert picture(bricks.canvas_scene) == picture(rebuilt(bricks))
    assert bricks.selection.ids <= bricks.graph.nodes.keys()
    while bricks.document.undo() is not None:
        pass
    assert bricks.document.graph == first
    assert bricks.canvas_scene.nodes.keys() == bricks.graph.nodes.keys()
