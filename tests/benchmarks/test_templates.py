"""How fast templates are made, analysed and put on the canvas, DenseNet-121 and Inception v3 beside ResNet-18."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from pytestqt.qtbot import QtBot

from netbuilder.app.run_store import RunStore
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.layers.declare import catalogue
from netbuilder.net import block_flow
from netbuilder.net.analysis import analyze
from netbuilder.net.flow import flow
from netbuilder.templates import template, templates
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.selection import Selection
from netbuilder.ui.theme import Themes

pytestmark = pytest.mark.benchmark
BASELINE = "resnet18"


def _quiet(text: str, kind: str = "info", place: str | None = None) -> None:
    """No toasts."""


def forget() -> None:
    """Nothing is remembered of earlier analyses."""
    flow.cache_clear()
    block_flow._memo.clear()


def best(work: Callable[[], object], prepare: Callable[[], object] = forget, repeats: int = 5) -> float:
    """Fewest milliseconds of several tries, each begun anew."""
    times = []
    for _ in range(repeats):
        prepare()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1e3 * min(times)


def test_analysis_of_every_template() -> None:
    catalogue()
    templates()
    graphs = {entry.name: entry.graph() for entry in templates()}
    took = {name: best(lambda graph=graph: analyze(graph)) for name, graph in graphs.items()}
    print()
    for name in sorted(took, key=lambda name: -took[name])[:8]:
        print(f"{name}: made in {best(lambda name=name: template(name)):.1f} ms, analysed in {took[name]:.1f} ms,")
        print(f"  {took[name] / took[BASELINE]:.1f} times {BASELINE}")
    assert not any(analyze(graph).errors for graph in graphs.values())


def test_opening_on_the_canvas(qtbot: QtBot, tmp_path: Path) -> None:
    """Network, analysis, canvas and first frame, as when somebody picks the template; the shut blocks, then a block opened."""
    times: dict[str, float] = {}
    for name in ("lenet5", "densenet121", "inception-v3", BASELINE):
        forget()
        start = perf_counter()
        session = Session(Document(template(name)), runs=RunStore(tmp_path))
        canvas = CanvasView(UiContext(session, Selection(), Themes("dark"), CommandRegistry(), None, _quiet))  # type: ignore[arg-type]
        qtbot.addWidget(canvas)
        canvas.resize(1440, 900)
        canvas.show()
        canvas.grab()
        times[name] = 1e3 * (perf_counter() - start)
        block = next((node.id for node in canvas.graph.nodes.values() if node.layer == "block"), None)
        start = perf_counter()
        if block is not None:
            canvas.levels.open(block)
            canvas.grab()
        opened = 1e3 * (perf_counter() - start)
        share = times[name] / times["lenet5"]
        print(f"\n{name}: on the canvas in {times[name]:.0f} ms ({share:.1f} times lenet5), a block opened in {opened:.0f} ms")
        assert canvas.canvas_scene.nodes
        session.close()
