"""Large networks on the canvas: opening, frames at every zoom, dragging, memory, and what typing a number costs; figures are printed."""

from __future__ import annotations

import gc
import os
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtWidgets import QApplication

from netbuilder.app.run_store import RunStore
from netbuilder.app.session import Session
from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Document
from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Graph
from netbuilder.ui.canvas.gestures.base import Pointer
from netbuilder.ui.canvas.gestures.move import MoveGesture
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.selection import Selection
from netbuilder.ui.theme import Themes

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = [pytest.mark.benchmark, pytest.mark.slow]

ZOOMS = (0.03, 0.08, 0.11, 0.13, 0.2, 0.3, 0.49, 0.7, 1.0, 2.0)
NODE_GRAPH = os.environ.get("NODEGRAPHQT_PYTHON", "")
"""A Python that has NodeGraphQt 0.6.44; without it that comparison is skipped."""

Opener = Callable[[Graph], CanvasView]


def residual(cells: int, wrap: int = 60) -> Graph:
    """Five layers a cell with a wire around four of them: 1,000 cells are 5,000 layers and 6,000 wires."""
    net = Builder()
    last = net.add("input", shape=(8, 16, 16))
    for index in range(cells):
        inner = net.add("relu", net.add("batchnorm2d", net.add("conv2d", last, out_channels=8, kernel_size=3, padding=1)))
        if index == cells - 1:
            net.add("output", net.add("add", inner, last))
        else:
            last = net.add("relu", net.add("add", inner, last))
    return net.graph(wrap)


def milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def p95(run: Callable[[int], object], times: int = 40) -> float:
    return quantiles([milliseconds(lambda i=i: run(i)) for i in range(times)], n=20)[-1]  # type: ignore[misc]


def _quiet(text: str, kind: str = "info", place: str | None = None) -> None:
    """No toasts."""


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """No garbage collection within a frame: the window collects between them."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def opener(qtbot, tmp_path: Path) -> Iterator[Opener]:  # type: ignore[no-untyped-def]
    sessions: list[Session] = []

    def make(graph: Graph) -> CanvasView:
        sessions.append(Session(Document(graph), runs=RunStore(tmp_path)))
        context = UiContext(sessions[-1], Selection(), Themes("dark"), CommandRegistry(), None, _quiet)  # type: ignore[arg-type]
        canvas = CanvasView(context)
        qtbot.addWidget(canvas)
        canvas.resize(1440, 900)
        return canvas

    yield make
    for session in sessions:
        session.close()


def shown(canvas: CanvasView) -> CanvasView:
    canvas.show()
    while not canvas.windowHandle().isExposed():
        QApplication.processEvents()
    frame(canvas)
    return canvas


def frame(canvas: CanvasView) -> None:
    """Everything that is due, painted now."""
    canvas.viewport().update()
    QApplication.processEvents()


def pan(canvas: CanvasView) -> Callable[[int], None]:
    def step(index: int) -> None:
        way = 1 if index % 20 < 10 else -1
        canvas.pan(17 * way, 11 * way)
        frame(canvas)

    return step


def zoom(canvas: CanvasView) -> Callable[[int], None]:
    def step(index: int) -> None:
        canvas.zoom(1.02 if index % 20 < 10 else 1 / 1.02)
        frame(canvas)

    return step


def drag(canvas: CanvasView, ids: list[str]) -> float:
    canvas.selection.set(ids)
    gesture = MoveGesture(canvas, Pointer(QPointF(), QPoint()), ids[0])

    def step(index: int) -> None:
        gesture.move(Pointer(QPointF(index * 3, index * 2), QPoint(index * 3, index * 2)))
        QApplication.processEvents()

    figure = p95(step)
    gesture.cancel()
    return figure


def report(capsys: pytest.CaptureFixture[str], title: str, figures: dict[str, float]) -> None:
    with capsys.disabled():
        print(f"\n{title}: " + ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))


def test_five_thousand_layers_pan_zoom_and_drag(opener: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    graph = residual(1000)
    canvases: list[CanvasView] = []
    figures = {"open": milliseconds(lambda: canvases.append(shown(opener(graph))))}
    canvas = canvases[0]
    middle = canvas.canvas_scene.node_bounds().center()
    for factor in ZOOMS:
        canvas.set_zoom(factor)
        canvas.camera.go_to(middle)
        frame(canvas)
        figures[f"pan {factor:.0%}"] = p95(pan(canvas))
        canvas.set_zoom(factor)
        figures[f"zoom {factor:.0%}"] = p95(zoom(canvas))
    for factor in (1.0, 0.08):
        canvas.set_zoom(factor)
        canvas.camera.go_to(canvas.canvas_scene.nodes["n2503"].pos())
        frame(canvas)
        figures[f"drag one at {factor:.0%}"] = drag(canvas, ["n2503"])
    canvas.set_zoom(0.2)
    frame(canvas)
    figures["drag all"] = drag(canvas, list(graph.nodes))
    report(capsys, f"canvas, {len(graph.nodes)} layers and {len(graph.links)} wires, p95 in ms", figures)
    assert len(canvas.canvas_scene.wires) == len(graph.links) > 5900


def test_a_frame_costs_what_it_shows(opener: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    """The same part of a small network and of a large one, in turn."""
    steps: dict[str, Callable[[int], None]] = {}
    for cells in (100, 1000):
        canvas = shown(opener(residual(cells, wrap=30)))
        canvas.set_zoom(0.7)
        canvas.camera.go_to(canvas.canvas_scene.nodes["n200"].pos())
        frame(canvas)
        assert len(canvas.canvas_scene.nodes_in(canvas.visible_rect())) < 200
        steps[f"{cells * 5} layers"] = pan(canvas)
    costs: dict[str, list[float]] = {name: [] for name in steps}
    for i in range(200):
        for name in (list(steps), list(reversed(steps)))[i % 2]:
            costs[name].append(milliseconds(lambda i=i, step=steps[name]: step(i)))  # type: ignore[misc]
    small, large = (median(taken) for taken in costs.values())
    report(
        capsys, "median frame in ms with the same part on show", dict(zip(steps, (small, large), strict=True)) | {"ratio": large / small}
    )


def test_memory_for_a_node(opener: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    graph = residual(1000)
    shown(opener(residual(20)))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    resident = _resident()
    canvas = shown(opener(graph))
    python = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    report(capsys, "kB for each of 5,000 layers", {"Python objects": python / 5e6, "resident, traced": (_resident() - resident) / 5e6})
    assert canvas.canvas_scene.nodes


def _resident() -> int:
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if pages.exists() else 0


def test_typing_a_number_repaints_every_shape(opener: Opener, capsys: pytest.CaptureFixture[str]) -> None:
    wide: list[tuple[str, dict[str, object]]] = [("conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1})]
    for _ in range(998):
        wide.append(("batchnorm2d", {}) if len(wide) % 2 else ("relu", {}))
    canvas = shown(opener(chain([("input", {"shape": (3, 32, 32)}), *wide], wrap=40)))
    canvas.set_zoom(1.0)
    canvas.camera.go_to(canvas.canvas_scene.nodes["n300"].pos())
    frame(canvas)

    def type_number(index: int) -> None:
        canvas.attempt(set_setting("n2", "out_channels", 9 + index), "Change", merge="typing")
        QApplication.processEvents()

    report(capsys, "typing a number at the head of 1,000 layers, p95 in ms", {"to repainted shapes": p95(type_number)})
    assert canvas.canvas_scene.nodes["n900"].look.shape.startswith("48×")


PAIRS = 9
_OTHER = """
import gc, os, sys, time
from Qt import QtWidgets
from NodeGraphQt import BaseNode, NodeGraph
class Layer(BaseNode):
    __identifier__ = "bench"
    NODE_NAME = "Layer"
    def __init__(self):
        super().__init__()
        self.add_input("in"); self.add_output("out")
app = QtWidgets.QApplication([])
kept = []
def once():
    start = time.perf_counter()
    graph = NodeGraph()
    kept.append(graph)
    graph.register_node(Layer)
    nodes = [graph.create_node("bench.Layer", pos=[i % 40 * 204, i // 40 * 134], push_undo=False) for i in range(300)]
    for a, b in zip(nodes, nodes[1:]):
        a.output(0).connect_to(b.input(0), push_undo=False)
    graph.widget.resize(1440, 900)
    graph.widget.show()
    while not graph.widget.windowHandle().isExposed():
        app.processEvents()
    graph.viewer().viewport().update()
    app.processEvents()
    return (time.perf_counter() - start) * 1000
for line in sys.stdin:
    took = once()
    kept.pop().widget.hide()
    gc.collect()
    app.processEvents()
    print(took, flush=True)
os._exit(0)
"""


@pytest.fixture
def other() -> Iterator[Callable[[], float]]:
    """Opens 300 nodes in NodeGraphQt and tells how many milliseconds that took; either collects garbage when it does so for its users."""
    with subprocess.Popen([NODE_GRAPH, "-c", _OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, told = process.stdin, process.stdout

        def once() -> float:
            asked.write("again\n")
            asked.flush()
            return float(next(line for line in told if line[:1].isdigit()))

        yield once
        asked.close()


@pytest.mark.skipif(not NODE_GRAPH, reason="NODEGRAPHQT_PYTHON names no Python with NodeGraphQt")
def test_opening_beside_nodegraphqt(opener: Opener, other: Callable[[], float], capsys: pytest.CaptureFixture[str]) -> None:
    """Both open the same network in turn, each alone on the screen; the first opening of either, which loads code, counts for neither."""
    graph = chain(["input", *["relu"] * 298, "output"], wrap=40)

    def ours() -> float:
        canvases: list[CanvasView] = []
        took = milliseconds(lambda: canvases.append(shown(opener(graph))))
        canvases[0].close()
        canvases[0].deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        canvases.clear()
        gc.collect()
        QApplication.processEvents()
        return took

    pairs = [(other(), ours()) for _ in range(PAIRS + 1)][1:]
    theirs, mine, ratios = zip(*((a, b, a / b) for a, b in pairs), strict=True)
    figures = {"NodeGraphQt": median(theirs), "ours": median(mine), "ratio": median(ratios)}
    tenths = quantiles(ratios, n=10, method="inclusive")
    report(capsys, f"opening 300 layers, median of {PAIRS} pairs, ms", {**figures, "ratio p10": tenths[0], "ratio p90": tenths[-1]})
