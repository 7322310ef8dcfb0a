"""How fast templates are made, analysed and put on the canvas, DenseNet-121 and Inception v3 beside ResNet-18."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest

from netbuilder.layers.declare import catalogue
from netbuilder.net import blockflow
from netbuilder.net.analysis import analyze
from netbuilder.net.flow import flow
from netbuilder.templates import template, templates

pytestmark = pytest.mark.benchmark
BASELINE = "resnet18"


def forget() -> None:
    """Nothing is remembered of earlier analyses."""
    flow.cache_clear()
    blockflow._memo.clear()


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
