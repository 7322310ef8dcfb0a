"""Random edits in a whole window: nothing raises, every view keeps up, and undoing everything returns the start."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from netbuilder.core.edits import Edit, add_node, connect, disconnect, move, new_node, remove_nodes, set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.layers.ports import input_ports, output_ports
from netbuilder.ui.main_window import MainWindow

LAYERS = ("relu", "conv2d", "linear", "add", "flatten", "dropout", "maxpool2d")


def random_edit(graph: Graph, chance: random.Random) -> Edit:
    node = chance.choice(list(graph.nodes.values()))
    kind = chance.randrange(6)
    if kind == 0:
        return add_node(new_node(graph, chance.choice(LAYERS), position=(chance.randrange(40) * 40.0, chance.randrange(20) * 40.0)))
    if kind == 1 and len(graph.nodes) > 5:
        return remove_nodes([node.id])
    if kind == 2:
        return move({node.id: (chance.randrange(40) * 40.0, chance.randrange(20) * 40.0)})
    if kind == 3 and graph.links:
        return disconnect(chance.choice(list(graph.links)))
    if kind == 4:
        return set_setting(node.id, chance.choice(["out_channels", "kernel_size", "p"]), chance.randrange(1, 9))
    other = chance.choice(list(graph.nodes.values()))
    inputs, outputs = input_ports(node, graph), output_ports(other, graph)
    if not inputs or not outputs:
        return move({node.id: (0.0, 0.0)})
    return connect(Port(other.id, outputs[0]), Port(node.id, inputs[0]))


@pytest.mark.parametrize("tab", ["problems", "source"])
def test_undo_and_redo_all_with_every_view_open(window: MainWindow, tab: str) -> None:
    window.show_tab(tab)
    document, chance, first = window.document, random.Random(7), window.document.graph
    for number in range(50):
        window.context.selection.set(chance.sample(list(document.graph.nodes), chance.randrange(1, 3)))
        try:
            document.apply(random_edit(document.graph, chance), f"Edit {number}")
        except NetbuilderError:
            continue
        QApplication.processEvents()
    last, steps = document.graph, 0
    while document.undo_label is not None:
        QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        steps += 1
    assert steps >= 25
    assert document.graph == first
    assert not window.session.problems()
    while document.redo_label is not None:
        window.context.commands.run("edit.redo")
        QApplication.processEvents()
    assert document.graph == last
    assert set(window.canvas.canvas_scene.nodes) == set(last.nodes)
    assert set(window.canvas.canvas_scene.wires) == set(last.links)
