"""Arranged networks as they are drawn: wires from different ports neither cross nor run upon each other, nor pass through nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QPainterPath, QPainterPathStroker

import netbuilder as nb
from netbuilder.core.build import Builder
from netbuilder.core.edits import move
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Direction, Graph, Port
from netbuilder.core.layout import arrange
from netbuilder.ui.canvas.scene import CanvasScene
from netbuilder.ui.canvas.view import CanvasView

Piece = tuple[float, float, float, float]
MakeCanvas = Callable[[Graph], CanvasView]

DIRECTIONS = pytest.mark.parametrize("direction", ["right", "down"])


def unfolded(graph: Graph) -> Graph:
    """Every layer as a node of its own."""
    while blocks := [id_ for id_, node in graph.nodes.items() if node.layer == "block"]:
        for id_ in blocks:
            graph = expand(id_)(graph)
    return graph


def arranged(graph: Graph, direction: Direction) -> Graph:
    """Every layer as a node of its own, arranged from nothing."""
    graph = unfolded(graph)
    nodes = {id_: replace(node, position=(0.0, 0.0)) for id_, node in graph.nodes.items()}
    graph = graph.evolve(nodes=nodes, direction=direction)
    return move(arrange(graph))(graph)


def pieces(path: QPainterPath) -> list[Piece]:
    spots = [(point.x(), point.y()) for polygon in path.toSubpathPolygons() for point in polygon.toList()]
    return [(*one, *other) for one, other in pairwise(spots) if one != other]


def near(one: Piece, other: Piece) -> bool:
    """Whether the rectangles around two pieces touch, or almost."""
    return all(
        min(one[along], one[along + 2]) <= max(other[along], other[along + 2]) + 3
        and min(other[along], other[along + 2]) <= max(one[along], one[along + 2]) + 3
        for along in (0, 1)
    )


def cross(one: Piece, other: Piece) -> bool:
    """Whether two pieces cross, not only touch."""

    def side(line: Piece, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return all(side(a, b[0], b[1]) * side(a, b[2], b[3]) < -1e-6 for a, b in ((one, other), (other, one)))


def merge(one: Piece, other: Piece) -> bool:
    """Whether two level or two upright pieces run on top of each other for a while."""
    for along in (0, 1):
        across = 1 - along
        ends = (one[across], one[across + 2], other[across], other[across + 2])
        low = max(min(piece[along], piece[along + 2]) for piece in (one, other))
        high = min(max(piece[along], piece[along + 2]) for piece in (one, other))
        if max(ends) - min(ends) < 3 and high - low > 8:
            return True
    return False


def meetings(scene: CanvasScene, meet: Callable[[Piece, Piece], bool]) -> Iterator[tuple[Port, Port]]:
    """Pairs of wires from different ports that meet like that."""
    ways = {target: pieces(wire.path) for target, wire in scene.wires.items()}
    for target, wire in scene.wires.items():
        for other in scene.near(wire.bounds)[1]:
            port = other.link.target
            if port > target and other.link.source != wire.link.source and other.bounds.intersects(wire.bounds):
                here = [(one, two) for one in ways[target] for two in ways[port] if near(one, two)]
                if any(meet(one, two) for one, two in here):
                    yield target, port


def pierced(scene: CanvasScene) -> Iterator[tuple[Port, str]]:
    """Wires that pass through nodes to which they do not belong."""
    for target, wire in scene.wires.items():
        ends, stroke = (wire.link.source.node, target.node), QPainterPathStroker().createStroke(wire.path)
        nodes = [item for item in scene.near(wire.bounds)[0] if item.node_id not in ends and item.rect.intersects(wire.bounds)]
        yield from ((target, item.node_id) for item in nodes if stroke.intersects(item.rect))


def nested() -> Graph:
    """A chain with skips inside skips, all to the lower ports."""
    net = Builder()
    at = net.add("input", shape=(8, 8, 8))
    firsts = []
    for _ in range(4):
        at = net.add("relu", at)
        firsts.append(at)
    at = net.add("relu", at)
    for first in reversed(firsts):
        at = net.add("relu", net.add("concat", at, first))
    net.add("output", at)
    return net.graph()


@DIRECTIONS
@pytest.mark.parametrize("name", ["unet", "googlenet", "inception-v3", "densenet121", "resnet50"])
def test_no_wires_of_a_template_meet(make_canvas: MakeCanvas, name: str, direction: Direction) -> None:
    scene = make_canvas(arranged(nb.template(name), direction)).canvas_scene
    assert not list(meetings(scene, cross))
    assert not list(meetings(scene, merge))
    assert not list(pierced(scene))


@pytest.mark.parametrize("name", ["googlenet", "inception-v3"])
def test_blocks_that_were_expanded_leave_no_wire_through_a_node(make_canvas: MakeCanvas, name: str) -> None:
    assert not list(pierced(make_canvas(unfolded(nb.template(name))).canvas_scene))


@DIRECTIONS
def test_skips_inside_skips_have_lanes_of_their_own(make_canvas: MakeCanvas, direction: Direction) -> None:
    canvas = make_canvas(arranged(nested(), direction))
    for by in (0.0, -96.0):
        places = {id_: canvas.graph.nodes[id_].position for id_ in ("n1", "n2")}
        canvas.level.apply(move({id_: (x + by, y) if direction == "right" else (x, y + by) for id_, (x, y) in places.items()}), "Move")
        assert not list(meetings(canvas.canvas_scene, cross))
        assert not list(meetings(canvas.canvas_scene, merge))


def test_a_lane_that_is_free_again_is_taken(make_canvas: MakeCanvas) -> None:
    graph = arranged(nested(), "right")
    skips = sorted((port for port in graph.links if port.name == "in2"), key=lambda port: graph.nodes[port.node].position)
    inner, outer = skips[0], skips[1]
    canvas = make_canvas(graph)
    before = canvas.canvas_scene.wires[outer].bounds.bottom()
    canvas.level.apply(lambda graph: graph.evolve(links={to: source for to, source in graph.links.items() if to != inner}), "Cut")
    after = canvas.canvas_scene.wires[outer].bounds.bottom()
    assert after < before
