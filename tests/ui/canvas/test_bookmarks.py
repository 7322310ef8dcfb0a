"""Places to come back to, set and visited with keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hand import Hand
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QMenu

from netbuilder import templates
from netbuilder.core.edits import remove_nodes
from netbuilder.core.files import dumps, loads
from netbuilder.ui.canvas.view import CanvasView

SET = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
GO = Qt.KeyboardModifier.ControlModifier


def test_a_place_is_found_again_after_a_save(lenet: CanvasView, hand: Hand) -> None:
    lenet.set_zoom(1.5)
    lenet.camera.go_to(QPointF(300, 200))
    here = lenet.camera.sight
    hand.key(Qt.Key.Key_3, SET)
    lenet.fit()
    hand.key(Qt.Key.Key_3, GO)
    assert lenet.camera.sight.zoom == pytest.approx(here.zoom, abs=1e-3)
    assert (lenet.camera.sight.centre - here.centre).manhattanLength() < 3
    assert loads(dumps(lenet.document.project)) == lenet.document.project
    assert lenet.document.undo_label == "Set bookmark 3"
    menu = QMenu()
    lenet.actions_.bookmarks.fill(menu)
    assert menu.actions()[0].text().startswith("3: ")
    lenet.document.undo()
    lenet.actions_.bookmarks.fill(menu)
    assert menu.actions()[0].text() == "No bookmark is set yet"


def test_inside_a_block_and_after_it_is_gone(make_canvas: Callable[..., CanvasView]) -> None:
    canvas = make_canvas(templates.project("resnet18").graph)
    block = next(node.id for node in canvas.graph.nodes.values() if node.layer == "block")
    canvas.levels.open(block)
    canvas.actions_.bookmarks.set("1")
    canvas.levels.leave()
    canvas.actions_.bookmarks.go("1")
    assert canvas.level.uses == (block,)
    canvas.levels.leave()
    canvas.document.apply(remove_nodes([block]), "Remove")
    canvas.actions_.bookmarks.go("1")
    assert canvas.level.uses == ()


@pytest.mark.parametrize("kept", [7, {}, {"centre": "x", "zoom": 1}, {"centre": [1, 2], "zoom": "no"}, {"uses": 3}])
def test_rubbish_in_the_file_is_told(lenet: CanvasView, kept: object) -> None:
    before = lenet.camera.sight.zoom
    lenet.document.configure(bookmarks={"2": kept})
    lenet.actions_.bookmarks.go("2")
    assert lenet.camera.sight.zoom == before


def test_who_looks_past_all_layers_is_told_the_way_back(lenet: CanvasView) -> None:
    def told() -> str:
        QApplication.processEvents()
        return lenet.overlays.hint.text() if lenet.overlays.hint.isVisible() else ""

    assert told() == ""
    lenet.pan(5000, 3000)
    assert "The layers are elsewhere" in told()
    lenet.context.commands.run("canvas.fit")
    assert told() == ""
