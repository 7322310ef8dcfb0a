"""The kept picture of the canvas is the one that would be drawn anew, and only what changed is drawn."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from netbuilder.core.edits import move, remove_nodes, set_setting
from netbuilder.ui.canvas.network_painter import NetworkPainter
from netbuilder.ui.canvas.view import CanvasView


def picture(canvas: CanvasView) -> QImage:
    return canvas.viewport().grab().toImage()


def drawn_anew(canvas: CanvasView) -> QImage:
    canvas.canvas_scene.update()
    return picture(canvas)


def alike(one: QImage, other: QImage) -> bool:
    """Whether no eye can tell them apart: smooth curves that a clip cuts differ by a shade or two there."""
    shades = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return bool(np.abs(shades[0] - shades[1]).max() <= 8)


def step(canvas: CanvasView, chance: random.Random) -> None:
    """A pan, an edit, a selection or the pointer somewhere."""
    kind, ids = chance.randrange(6), list(canvas.graph.nodes)
    at = QPointF(chance.randrange(canvas.width()), chance.randrange(canvas.height()))
    if kind < 2:
        canvas.pan(chance.randrange(-90, 90), chance.randrange(-60, 60))
    elif kind == 2:
        canvas.attempt(move({chance.choice(ids): (chance.randrange(60) * 8.0, chance.randrange(40) * 8.0)}), "Move")
    elif kind == 3:
        canvas.selection.set(chance.sample(ids, min(2, len(ids))))
    elif kind == 4:
        canvas.attempt(set_setting("n2", "out_channels", chance.randrange(1, 20)), "Change")
        if len(ids) > 9:
            canvas.attempt(remove_nodes([ids[-1]]), "Delete")
    else:
        nothing = Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, at, at, nothing, nothing, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(canvas.viewport(), event)


@pytest.mark.parametrize("zoom", [0.09, 0.2, 0.37, 1.0])
def test_whatever_happens_the_picture_is_right(lenet: CanvasView, zoom: float) -> None:
    chance = random.Random(3)
    lenet.set_zoom(zoom)
    picture(lenet)
    for _ in range(25):
        step(lenet, chance)
        kept = picture(lenet)
        assert alike(kept, drawn_anew(lenet))


def test_moving_the_paper_draws_two_strips(lenet: CanvasView, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(lenet)
    areas: list[float] = []
    paint = NetworkPainter.paint

    def noted(self: NetworkPainter, painter: QPainter, *what: object) -> None:
        areas.append(painter.clipBoundingRect().width() * painter.clipBoundingRect().height())
        paint(self, painter, *what)  # type: ignore[arg-type]

    monkeypatch.setattr(NetworkPainter, "paint", noted)
    lenet.pan(10, 4)
    picture(lenet)
    assert 0 < sum(areas) < 0.05 * lenet.width() * lenet.height()
    areas.clear()
    lenet.feedback.band(lenet.visible_rect())
    picture(lenet)
    assert not areas


def test_a_fast_zoom_is_sharp_when_it_pauses(lenet: CanvasView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    lenet.set_zoom(0.9)
    picture(lenet)
    monkeypatch.setattr("netbuilder.ui.canvas.network_painter._PATIENCE", -1.0)
    lenet.zoom(1.1, QPoint(300, 200))
    rough = picture(lenet)
    monkeypatch.setattr("netbuilder.ui.canvas.network_painter._UNHURRIED", 60.0)
    qtbot.waitUntil(lambda: picture(lenet) != rough)
    assert picture(lenet) == drawn_anew(lenet)
