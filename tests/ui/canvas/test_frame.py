"""The kept picture of the canvas is the one that would be drawn anew, and only what changed is drawn."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from netbuilder.core.edits import move, remove_nodes, set_setting
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.nodes.picture import Pictures
from netbuilder.ui.canvas.painting.far_view import FarView
from netbuilder.ui.canvas.painting.network_painter import NetworkPainter
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.canvas.wires.item import WireItem


def picture(canvas: CanvasView) -> QImage:
    return canvas.viewport().grab().toImage()


def sharp_picture(canvas: CanvasView, qtbot: QtBot) -> QImage:
    """The picture when nothing is left rough."""
    taken: list[QImage] = []

    def is_sharp() -> bool:
        taken.append(picture(canvas))
        return not canvas.ground.is_rough

    qtbot.waitUntil(is_sharp)
    return taken[-1]


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
def test_whatever_happens_the_picture_is_right(lenet: CanvasView, qtbot: QtBot, zoom: float) -> None:
    chance = random.Random(3)
    lenet.set_zoom(zoom)
    sharp_picture(lenet, qtbot)
    for _ in range(25):
        step(lenet, chance)
        kept = sharp_picture(lenet, qtbot)
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


@pytest.mark.parametrize(("start", "end"), [(0.9, 1.0), (0.45, 0.55), (0.2, 0.9), (0.9, 0.2), (3.0, 0.6), (3.0, 0.4)])
def test_a_fast_zoom_draws_no_picture_and_is_sharp_when_it_pauses(
    lenet: CanvasView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, start: float, end: float
) -> None:
    lenet.set_zoom(start)
    sharp_picture(lenet, qtbot)
    monkeypatch.setattr("netbuilder.ui.canvas.painting.network_painter._PATIENCE", -1.0)
    with monkeypatch.context() as patient:
        patient.setattr(Pictures, "picture", None)
        lenet.zoom(end / start, QPoint(300, 200))
        rough = picture(lenet)
        assert lenet.ground.is_rough
    sharp = sharp_picture(lenet, qtbot)
    assert sharp != rough
    assert sharp == drawn_anew(lenet)


def test_many_wires_are_sharp_when_a_fast_zoom_pauses(lenet: CanvasView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netbuilder.ui.canvas.painting.network_painter._MANY", 0)
    lenet.set_zoom(0.7)
    sharp = sharp_picture(lenet, qtbot)
    lenet.zoom(1.1)
    sharp_picture(lenet, qtbot)
    lenet.zoom(1 / 1.1)
    assert picture(lenet) != sharp
    assert sharp_picture(lenet, qtbot) == sharp


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[QRect]:
    """The parts of the view that are drawn, where every step of a zoom takes long to draw."""
    parts: list[QRect] = []
    paint = NetworkPainter.paint

    def noted(self: NetworkPainter, painter: QPainter, *what: object) -> None:
        parts.append(painter.worldTransform().mapRect(painter.clipBoundingRect()).toAlignedRect())
        paint(self, painter, *what)  # type: ignore[arg-type]

    monkeypatch.setattr(NetworkPainter, "paint", noted)
    monkeypatch.setattr("netbuilder.ui.canvas.painting.frame._DEAR", -1.0)
    monkeypatch.setattr("netbuilder.ui.canvas.painting.network_painter._PATIENCE", 60.0)
    return parts


def difference(one: QImage, other: QImage) -> float:
    shades = [np.frombuffer(image.constBits(), np.uint8).astype(float) for image in (one, other)]
    return float(np.abs(shades[0] - shades[1]).mean())


@pytest.mark.parametrize("factor", [1.1, 0.9])
def test_steps_of_a_dear_zoom_scale_what_was_drawn(lenet: CanvasView, qtbot: QtBot, drawn: list[QRect], factor: float) -> None:
    lenet.set_zoom(0.8)
    before = sharp_picture(lenet, qtbot)
    drawn.clear()
    lenet.zoom(factor, QPoint(300, 200))
    rough = picture(lenet)
    assert sum(part.width() * part.height() for part in drawn) < 0.3 * lenet.width() * lenet.height()
    sharp = sharp_picture(lenet, qtbot)
    assert difference(rough, sharp) < 0.4 * difference(before, sharp)
    assert sharp == drawn_anew(lenet)


def test_a_long_dear_zoom_is_drawn_anew_now_and_then(lenet: CanvasView, qtbot: QtBot, drawn: list[QRect]) -> None:
    for factor in (1.05, 1 / 1.05):
        lenet.set_zoom(0.7)
        sharp_picture(lenet, qtbot)
        drawn.clear()
        for _ in range(18):
            lenet.zoom(factor)
            picture(lenet)
        whole = [part for part in drawn if part.width() >= lenet.width() and part.height() >= lenet.height()]
        assert 1 <= len(whole) <= 8


def test_what_changes_during_a_dear_zoom_is_shown(lenet: CanvasView, qtbot: QtBot, drawn: list[QRect]) -> None:
    lenet.set_zoom(0.8)
    sharp_picture(lenet, qtbot)
    lenet.zoom(1.1)
    picture(lenet)
    drawn.clear()
    picture(lenet)
    assert not drawn
    lenet.selection.set(["n3"])
    assert alike(picture(lenet), drawn_anew(lenet))
    lenet.zoom(1.1)
    picture(lenet)
    lenet.pan(30, 20)
    assert alike(picture(lenet), drawn_anew(lenet))


def test_the_far_view_is_ready_before_anybody_looks() -> None:
    asked: list[QRectF] = []

    def find(rect: QRectF) -> tuple[list[NodeItem], list[WireItem]]:
        asked.append(rect)
        return [], []

    view, space = FarView(find), QRectF(0, 0, 10_000, 5_000)
    while view.prepare(space):
        pass
    assert len(asked) == len(view.squares(space))
    view.forget(QRectF(100, 100, 50, 50))
    assert view.prepare(space)
    assert not view.prepare(space)
    assert not view.prepare(QRectF(0, 0, 1e7, 1e7))
