"""Colouring by a quantity: right numbers, readable without colour, kept true by edits and trainings, cheap to pan."""

from __future__ import annotations

from math import isclose

import pytest
from hand import Hand
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolTip

from netbuilder.core.edits import remove_nodes, set_setting
from netbuilder.train.events import Preview, Started
from netbuilder.ui.canvas.heat.heat_map import HeatMap
from netbuilder.ui.canvas.heat.quantities import QUANTITIES, STEPS, Live, find_quantity
from netbuilder.ui.canvas.view import CanvasView


def heat(canvas: CanvasView, name: str) -> HeatMap:
    canvas.context.commands.run(f"canvas.heat_{name}")
    found = canvas.findChild(HeatMap)
    assert isinstance(found, HeatMap)
    return found


def test_the_largest_layer_is_the_hottest_and_says_its_share(lenet: CanvasView) -> None:
    heat(lenet, "parameters")
    nodes = lenet.canvas_scene.nodes
    assert nodes["n9"].look.heat == STEPS
    assert nodes["n9"].look.parameters == "48.1 k · 78 %"
    assert nodes["n3"].look.heat == 0
    assert nodes["n3"].look.parameters == ""
    assert 0 < (nodes["n2"].look.heat or 0) < (nodes["n5"].look.heat or 0) < STEPS
    lenet.grab()


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_every_quantity_has_a_legend_with_the_ends_of_its_scale(lenet: CanvasView, quantity: object) -> None:
    map_ = heat(lenet, quantity.name)  # type: ignore[attr-defined]
    legend = map_.legend
    assert legend.isVisible()
    assert legend.title.text().startswith(quantity.title)  # type: ignore[attr-defined]
    assert legend.low.text()
    assert lenet.rect().contains(legend.geometry())
    for item in lenet.canvas_scene.nodes.values():
        assert not legend.geometry().intersects(lenet.mapFromScene(item.rect).boundingRect())
    for zoom in (1.0, 0.4, 0.2, 0.1):
        lenet.set_zoom(zoom)
        lenet.grab()


def test_h_goes_through_all_quantities_and_back_to_none(lenet: CanvasView) -> None:
    map_: HeatMap | None = None
    for quantity in QUANTITIES:
        QTest.keyClick(lenet, Qt.Key.Key_H)
        found = lenet.findChild(HeatMap)
        assert isinstance(found, HeatMap)
        map_ = found
        assert map_.quantity is quantity
        assert lenet.context.commands.action(f"canvas.heat_{quantity.name}").isChecked()
    QTest.keyClick(lenet, Qt.Key.Key_H)
    assert map_ is not None
    assert map_.quantity is None
    assert not map_.legend.isVisible()
    assert all(item.look.heat is None for item in lenet.canvas_scene.nodes.values())
    assert lenet.canvas_scene.nodes["n9"].look.parameters == "48,120"


def test_the_legend_can_be_closed_and_stays_in_its_corner(lenet: CanvasView) -> None:
    legend = heat(lenet, "macs").legend
    lenet.resize(1100, 600)
    assert legend.geometry().right() == lenet.width() - 13
    close = legend.findChild(QPushButton, "canvas.heat_legend.close")
    assert isinstance(close, QPushButton)
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not legend.isVisible()


def test_edits_keep_it_true(lenet: CanvasView) -> None:
    heat(lenet, "memory")
    before = lenet.canvas_scene.nodes["n2"].look
    lenet.document.apply(set_setting("n2", "out_channels", 60), "Set")
    after = lenet.canvas_scene.nodes["n2"].look
    assert after.parameters != before.parameters
    lenet.document.apply(remove_nodes(["n12"]), "Remove")
    lenet.add_layer_at_centre("relu")
    assert all(item.look.heat is not None for item in lenet.canvas_scene.nodes.values())


def test_only_what_differs_is_painted_anew(lenet: CanvasView) -> None:
    heat(lenet, "parameters")
    lenet.grab()
    pictures = {id_: item.picture for id_, item in lenet.canvas_scene.nodes.items()}
    assert all(picture is not None for picture in pictures.values())
    lenet.camera.pan(40, 20)
    lenet.grab()
    assert all(item.picture is pictures[id_] for id_, item in lenet.canvas_scene.nodes.items())


def test_what_a_training_measures_is_shown_and_asked_for_only_meanwhile(lenet: CanvasView) -> None:
    map_ = heat(lenet, "time")
    watch = lenet.context.session.runner.watch
    assert watch.times
    assert not watch.dead
    assert "start a training" in map_.legend.low.text()
    map_._on_events([Preview(1, 1, times={"n2": 3e-4, "n5": 1e-4})])
    assert lenet.canvas_scene.nodes["n2"].look.parameters == "300 µs · 75 %"
    assert lenet.canvas_scene.nodes["n2"].look.heat == STEPS
    map_._on_events([Started("cpu", 10, 1)])
    assert map_.live == Live()
    heat(lenet, "dead")
    assert watch.dead
    assert not watch.times
    map_._on_events([Preview(1, 1, dead={"n3": 0.25, "n6": 0.0})])
    assert lenet.canvas_scene.nodes["n3"].look.parameters == "25 %"
    assert lenet.canvas_scene.nodes["n6"].look.parameters == "0 %"
    map_.show("")
    assert not watch.dead


def test_saturated_units_come_with_every_layers_outputs_in_its_tooltip(lenet: CanvasView) -> None:
    map_ = heat(lenet, "saturated")
    watch = lenet.context.session.runner.watch
    assert watch.saturated
    map_._on_events([Preview(1, 1, saturated={"n3": 0.125, "n6": 0.0}, outputs={"n2": (0.0123, 1.5), "n3": (-0.5, 0.25)})])
    nodes = lenet.canvas_scene.nodes
    assert (nodes["n3"].look.parameters, nodes["n6"].look.parameters) == ("12 %", "0 %")
    assert nodes["n3"].look.heat == STEPS
    place = lenet.mapFromScene(nodes["n2"].rect.center())
    assert lenet.hover.explain(QHelpEvent(QEvent.Type.ToolTip, place, lenet.viewport().mapToGlobal(place)))
    assert QToolTip.text() == "Outputs: mean 0.012, standard deviation 1.5"
    map_.show("")
    assert not watch.saturated
    assert not lenet.hover.explain(QHelpEvent(QEvent.Type.ToolTip, place, lenet.viewport().mapToGlobal(place)))


def test_a_network_that_squeezes_nothing_says_so_instead_of_waiting(lenet: CanvasView) -> None:
    map_ = heat(lenet, "saturated")
    map_._on_events([Preview(1, 1, outputs={"n2": (0.0, 1.0)})])
    assert map_.legend.low.text() == "no layer squeezes its values"


def test_a_logarithmic_scale_spreads_small_values() -> None:
    quantity = find_quantity("macs")
    assert quantity is not None
    heats = quantity.heats({"a": 10, "b": 1000, "c": 100_000, "d": 0})
    assert [heats[id_].step for id_ in "abcd"] == [1, 10, 20, 0] or isclose(heats["b"].step, 10.5, abs_tol=1)
    assert heats["d"].text == ""


def test_gestures_work_on_a_coloured_network(lenet: CanvasView, hand: Hand) -> None:
    heat(lenet, "parameters")
    hand.drag(hand.node("n9"), hand.node("n9") + QPoint(0, 40))
    assert lenet.selected_ids == {"n9"}
    lenet.grab()


def test_outputs_colour_the_network_by_their_mean_and_their_deviation(lenet: CanvasView) -> None:
    map_ = heat(lenet, "mean")
    assert lenet.context.session.runner.watch.saturated
    map_._on_events([Preview(1, 1, outputs={"n2": (0.25, 1.5), "n3": (-0.5, 0.25)})])
    nodes = lenet.canvas_scene.nodes
    assert (nodes["n2"].look.parameters, nodes["n3"].look.parameters) == ("0.25", "−0.5")
    assert (nodes["n2"].look.heat, nodes["n3"].look.heat) == (STEPS // 2, STEPS)
    heat(lenet, "deviation")
    assert (nodes["n2"].look.parameters, nodes["n3"].look.parameters) == ("1.5", "0.25")
    assert nodes["n2"].look.heat == STEPS


def test_inside_an_opened_block_its_layers_are_coloured_and_measured(lenet: CanvasView) -> None:
    lenet.actions_.blocks._make(frozenset({"n2", "n3", "n4"}), "Stem")
    block = next(node.id for node in lenet.graph.nodes.values() if node.layer == "block")
    map_ = heat(lenet, "macs")
    lenet.levels.open(block)
    looks = {item.look.title: item.look for item in lenet.canvas_scene.nodes.values()}
    assert looks["Conv2d"].heat == STEPS
    assert looks["Conv2d"].parameters.endswith(" %")
    heat(lenet, "time")
    watch = lenet.context.session.runner.watch
    assert watch.inside == (block,)
    map_._on_events([Preview(1, 1, times={"n2": 1e-4}), Preview(2, 1, times={"n2": 3e-4}, inside=(block,))])
    assert lenet.canvas_scene.nodes["n2"].look.parameters == "300 µs · 100 %"
    lenet.levels.leave()
    assert watch.inside == ()
    assert map_.live == Live()
