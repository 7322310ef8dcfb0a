"""How long the canvas takes to open, to pan and zoom, and to drag; printed beside plain Qt items of the same number."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QGraphicsView

from netbuilder.app.run_store import RunStore
from netbuilder.app.session import Session
from netbuilder.core.build import chain
from netbuilder.core.document import Document
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.gestures.move import MoveGesture
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.selection import Selection
from netbuilder.ui.theme import Themes

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.benchmark


@pytest.fixture
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    layers = ["input", *("relu" for _ in range(request.param - 2)), "output"]
    made = Session(Document(chain(layers, wrap=40)), runs=RunStore(tmp_path))
    yield made
    made.close()


def _quiet(text: str, kind: str = "info", place: str | None = None) -> None:
    """No toasts."""


def milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def p95(run: Callable[[int], object], times: int = 60) -> float:
    return quantiles([milliseconds(lambda i=i: run(i)) for i in range(times)], n=20)[-1]  # type: ignore[misc]


def plain(count: int) -> QGraphicsView:
    scene = QGraphicsScene()
    for index in range(count):
        scene.addItem(QGraphicsRectItem(QRectF(index % 40 * 204, index // 40 * 134, 168, 72)))
    view = QGraphicsView(scene)
    scene.setParent(view)
    return view


@pytest.mark.parametrize("session", [300, 2000], indirect=True, ids=["300", "2000"])
def test_open_pan_zoom_drag(qtbot, session: Session, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    count = len(session.document.graph.nodes)
    context = UiContext(session, Selection(), Themes("dark"), CommandRegistry(), None, _quiet)  # type: ignore[arg-type]
    views: list[CanvasView] = []
    opened = milliseconds(lambda: views.append(CanvasView(context)))
    base: list[QGraphicsView] = []
    opened_plain = milliseconds(lambda: base.append(plain(count)))
    canvas = views[0]
    for view in (canvas, base[0]):
        qtbot.addWidget(view)
        view.resize(1440, 900)
        view.show()
        with qtbot.waitExposed(view):
            pass
    canvas.fit()
    figures = {"open": opened, "open plain items": opened_plain, "frame fitted": p95(lambda _: canvas.viewport().repaint())}
    canvas.set_zoom(1.0)

    def pan(index: int) -> None:
        canvas.pan(7 if index % 20 < 10 else -7, 5 if index % 20 < 10 else -5)
        canvas.viewport().repaint()

    def zoom(index: int) -> None:
        canvas.zoom(1.1 if index % 40 >= 20 else 1 / 1.1)
        canvas.viewport().repaint()

    figures["pan at 100 %"] = p95(pan)
    figures["zoom"] = p95(zoom, 80)
    canvas.set_zoom(1.0)
    canvas.camera.go_to(canvas.canvas_scene.nodes["n50"].pos())
    context.selection.set(["n50", "n51", "n52"])
    gesture = MoveGesture(canvas, Pointer(QPointF(), QPoint()), "n50")

    def drag(index: int) -> None:
        gesture.move(Pointer(QPointF(index * 3, index * 2), QPoint(index * 3, index * 2)))
        canvas.viewport().repaint()

    figures["drag three nodes"] = p95(drag)
    gesture.cancel()
    with capsys.disabled():
        print(f"\ncanvas, {count} nodes, p95 in ms: " + ", ".join(f"{name} {value:.1f}" for name, value in figures.items()))
    assert len(canvas.canvas_scene.nodes) == count
