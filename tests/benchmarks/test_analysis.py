"""How fast a graph of 1,000 layers is analysed: from scratch, after an edit that keeps shapes, after one that changes all."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest
from msgspec.structs import replace

from netbuilder.core.build import chain
from netbuilder.core.edits import compound, connect, move, set_setting
from netbuilder.core.graph import Graph, Port
from netbuilder.net.analysis import analyze
from netbuilder.net.flow import flow

pytestmark = pytest.mark.benchmark
LAYERS = 1_000


def mixed(layers: int = LAYERS) -> Graph:
    """A deep plain network: convolution, normalisation, activation, dropout, now and then a residual addition."""
    kinds = [
        ("conv2d", {"out_channels": 16, "kernel_size": 3, "padding": 1}),
        ("batchnorm2d", {}),
        ("relu", {}),
        ("dropout", {"p": 0.1}),
        ("conv2d", {"out_channels": 24, "kernel_size": 1}),
        ("tanh", {}),
        ("maxpool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
        ("sigmoid", {}),
    ]
    body = [kinds[n % len(kinds)] for n in range(layers - 4)]
    return chain([("input", {"shape": (3, 64, 64)}), *body, ("flatten", {}), ("linear", {"out_features": 10}), ("output", {})])


def fresh(graph: Graph) -> Graph:
    """The same value without anything worked out before."""
    return replace(graph)


def best(work: Callable[[], object], repeats: int = 15) -> float:
    """Fewest milliseconds of several tries."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1e3 * min(times)


def test_analysis_of_a_thousand_layers() -> None:
    graph = mixed()
    middle = next(id_ for id_, node in graph.nodes.items() if node.layer == "dropout" and int(id_[1:]) > LAYERS // 2)
    first = next(iter(graph.nodes))

    def scratch() -> None:
        flow.cache_clear()
        analyze(fresh(graph))

    known = analyze(graph)
    assert not known.errors
    edits = {
        "a setting that keeps shapes": set_setting(middle, "p", 0.2),
        "a kernel that sees more": compound(set_setting("n2", "kernel_size", 5), set_setting("n2", "padding", 2)),
        "a move": move({middle: (7.0, 7.0)}),
        "a wire that keeps shapes": connect(Port(f"n{LAYERS // 2 - 3}", "out"), Port(middle, "in")),
    }
    baseline = best(scratch)
    print(f"\nfrom scratch, nothing remembered: {baseline:.2f} ms")
    print(f"from scratch, rules remembered: {best(lambda: analyze(fresh(graph))):.2f} ms")
    for name, edit in edits.items():
        edited = edit(graph)
        took = best(lambda edited=edited: analyze(fresh(edited), known))
        print(f"{name}: {took:.3f} ms, {baseline / took:.0f} times faster than from scratch")

    def everything() -> None:
        flow.cache_clear()
        analyze(set_setting(first, "shape", (3, 48, 48))(graph), known)

    print(f"all shapes change: {best(everything):.2f} ms, {best(everything) / baseline:.2f} of from scratch")
    assert analyze(edits["a move"](graph), known).answers is known.answers
