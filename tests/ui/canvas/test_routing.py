"""The ways of wires: long ones run straight in free lanes and never through a node."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise, product

import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

import netbuilder as nb
from netbuilder.core.build import Builder
from netbuilder.core.clipboard import duplicate_connected
from netbuilder.core.edits import move
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Graph
from netbuilder.core.layout import arrange, turn
from netbuilder.ui.canvas.geometry import Box, box_of
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.labels import Label, WireLabels
from netbuilder.ui.canvas.wires.routing import way_between

SOURCE, TARGET = QRectF(0, 0, 168, 72), QRectF(1020, 0, 168, 72)


def between(x: float, y: float) -> QRectF:
    return QRectF(x, y, 168, 72)


def boxes(*rects: QRectF) -> list[Box]:
    return [box_of(rect) for rect in rects]


def way(*obstacles: QRectF, drop: float = 0.0) -> QPainterPath | QLineF:
    return way_between(QPointF(168, 36), QPointF(1020, 36 + drop), SOURCE, TARGET.translated(0, drop), boxes(*obstacles))


def touches(path: QPainterPath, rect: QRectF) -> bool:
    return QPainterPathStroker().createStroke(path).intersects(rect)


def test_nothing_in_the_way_is_a_line() -> None:
    for path in (way(), way(between(408, 134))):
        assert isinstance(path, QLineF)
        assert path == QLineF(168, 36, 1020, 36)


@pytest.mark.parametrize("drop", [0.0, 12.0, 134.0])
def test_a_long_wire_passes_what_stands_between(drop: float) -> None:
    obstacles = [between(204 * column, 0) for column in (1, 2, 3, 4)]
    path = way(*obstacles, drop=drop)
    assert isinstance(path, QPainterPath)
    assert not any(touches(path, rect) for rect in obstacles)


def test_a_wire_over_a_single_column_passes_what_stands_there() -> None:
    source, between_them, target = between(0, 268), between(204, 134), between(408, 0)
    path = way_between(QPointF(168, 304), QPointF(408, 36), source, target, boxes(between_them))
    assert isinstance(path, QPainterPath)
    assert not touches(path, between_them)
    free = way_between(QPointF(168, 304), QPointF(408, 36), source, target, [])
    assert isinstance(free, QPainterPath)
    assert free.elementCount() == 4, "one curve where nothing stands"


def test_it_runs_at_the_height_of_its_source_and_turns_before_its_target() -> None:
    path = way(between(408, 134), drop=134.0)
    assert isinstance(path, QPainterPath)
    assert path.pointAtPercent(0.5).y() == 36


def unfolded(name: str) -> Graph:
    graph = nb.template(name)
    while blocks := [id_ for id_, node in graph.nodes.items() if node.layer == "block"]:
        for id_ in blocks:
            graph = expand(id_)(graph)
    return move(arrange(graph))(graph)


@pytest.mark.parametrize("name", ["resnet18", "unet", "googlenet", "densenet121"])
def test_no_skip_of_a_template_passes_through_a_node(make_canvas, name: str) -> None:  # type: ignore[no-untyped-def]
    canvas: CanvasView = make_canvas(unfolded(name))
    scene = canvas.canvas_scene
    crossed = [
        (wire.link, item.node_id)
        for wire in scene.wires.values()
        for item in scene.near(wire.bounds)[0]
        if item.node_id not in (wire.link.source.node, wire.link.target.node) and touches(wire.path, item.rect)
    ]
    assert not crossed


def cross(one: QPainterPath, other: QPainterPath) -> bool:
    pieces = [[QLineF(*ends) for polygon in path.toSubpathPolygons() for ends in pairwise(polygon.toList())] for path in (one, other)]
    return any(a.intersects(b)[0] == QLineF.IntersectionType.BoundedIntersection for a, b in product(*pieces))


def test_wires_to_the_ports_of_one_node_do_not_cross(make_canvas) -> None:  # type: ignore[no-untyped-def]
    net = Builder()
    first = net.add("input", shape=(8, 8, 8))
    branches = [net.add("relu", net.add("relu", first)) for _ in range(4)]
    net.add("concat", *branches)
    graph = net.graph()
    for direction in ("right", "down"):
        turned = turn(direction)(graph)
        scene = make_canvas(turned).canvas_scene
        joined = [wire.path for wire in scene.wires.values() if turned.nodes[wire.link.target.node].layer == "concat"]
        for one, other in combinations(joined, 2):
            assert not cross(one, other)


def note_labels(monkeypatch: pytest.MonkeyPatch) -> list[QRectF]:
    """The places of the labels that are painted from now on."""
    written: list[QRectF] = []

    def paint(_self: object, _painter: object, labels: Iterable[Label], _end: float, **_how: bool) -> bool:
        written.extend(rect for rect, _ in labels)
        return True

    monkeypatch.setattr(WireLabels, "paint", paint)
    return written


def test_labels_of_wires_in_one_lane_are_not_written_over_each_other(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    edit, _ = duplicate_connected(lenet.graph, ["n5"], (24.0, 104.0))
    lenet.level.apply(edit, "Duplicate")
    chips = [wire.chip[0] for wire in lenet.canvas_scene.wires.values() if wire.line is None and wire.chip is not None]
    assert any(one.intersects(other) for one, other in combinations(chips, 2)), "two wires share a lane here"
    written = note_labels(monkeypatch)
    lenet.canvas_scene.update()
    lenet.grab()
    assert written
    assert not any(one.intersects(other) for one, other in combinations(written, 2))


def test_labels_do_not_depend_on_which_part_is_painted(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    wires = list(lenet.canvas_scene.wires.values())[:3]
    for wire, height in zip(wires, (-21, -5, 12), strict=True):
        lane = QPainterPath(QPointF(40, height))
        lane.lineTo(840, height)
        wire.set_way(lane)
    chips = [wire.chip[0] for wire in wires if wire.chip is not None]
    assert [one.intersects(other) for one, other in combinations(chips, 2)] == [True, False, True], "each lies on the next one only"
    written = note_labels(monkeypatch)
    lenet.canvas_scene.update()
    lenet.grab()
    whole = list(written)
    assert chips[0] in whole
    assert chips[1] not in whole
    written.clear()
    wires[2].update()
    lenet.grab()
    assert written
    assert all(chip in whole for chip in written)
