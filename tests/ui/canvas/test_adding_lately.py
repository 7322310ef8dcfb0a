"""What was added lately is offered first, where it fits, here and after the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from hand import Hand
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from netbuilder.app.preferences import Preferences
from netbuilder.app.recent_layers import Lately
from netbuilder.ui.canvas.adding.drop_target import MIME
from netbuilder.ui.canvas.view import CanvasView


def offered(canvas: CanvasView, hand: Hand) -> list[object]:
    canvas.setFocus()
    hand.key(Qt.Key.Key_Tab)
    picker = canvas.lists.picker
    assert picker is not None
    return picker.shown


def add(canvas: CanvasView, hand: Hand, text: str) -> None:
    offered(canvas, hand)
    hand.choose(text)


def test_layers_added_lately_come_first_where_they_fit(lenet: CanvasView, hand: Hand) -> None:
    lenet.selection.set(["n3"])
    add(lenet, hand, "dropout2d")
    lenet.selection.set(["n3"])
    add(lenet, hand, "batchnorm1d")
    lenet.selection.set(["n3"])
    assert offered(lenet, hand)[0] == "dropout2d"  # not the other: it takes no image
    lenet.lists.dismiss()
    lenet.selection.set(["n9"])
    assert offered(lenet, hand)[0] == "batchnorm1d"


def test_what_is_dragged_from_the_palette_counts_too(lenet: CanvasView, hand: Hand) -> None:
    mime, place = QMimeData(), hand.at(100, 380)
    mime.setData(MIME, b"gelu")
    keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(lenet.viewport(), QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, *keys))
    QApplication.sendEvent(lenet.viewport(), QDropEvent(place.toPointF(), Qt.DropAction.CopyAction, mime, *keys))
    lenet.selection.set(["n2"])
    assert offered(lenet, hand)[0] == "gelu"


def test_they_are_remembered_with_the_next_thing_that_is(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    preferences = Preferences(path)
    lately = Lately(preferences)
    for key in ("relu", "conv2d", "relu"):
        lately.add(key)
    assert not path.exists()  # adding a layer never waits for a disk
    preferences.change(theme=preferences.settings.theme)
    assert Lately(Preferences(path)).keys == ("relu", "conv2d")


@pytest.mark.parametrize("width", [928, 840, 1200])
def test_the_list_never_covers_the_layer_it_adds_to(lenet: CanvasView, hand: Hand, width: int) -> None:
    lenet.resize(width, 500)
    for id_ in lenet.graph.nodes:
        lenet.selection.set([id_])
        offered(lenet, hand)
        picker = lenet.lists.picker
        assert picker is not None
        card = lenet.mapFromScene(lenet.canvas_scene.nodes[id_].rect).boundingRect()
        assert lenet.rect().contains(picker.geometry())
        assert not picker.geometry().intersects(card), id_
        lenet.lists.dismiss()
