"""Pictures of a network with several outputs in training: a curve for each of them."""

from __future__ import annotations

from msgspec.structs import replace
from stage import Stage

from netbuilder.core.build import Builder
from netbuilder.templates.declare import find


def outputs(stage: Stage) -> None:
    """Two answers to one question, the second before the last layers, in both themes."""
    whole = find("playground-2d").project()
    build = Builder()
    first = build.add("tanh", build.add("linear", build.add("input", shape=(2,)), out_features=8))
    second = build.add("tanh", build.add("linear", first, out_features=8))
    for name, source, weight in (("main", second, 1.0), ("aside", first, 0.3)):
        build.add("output", build.add("linear", source, out_features=2), name=name, loss_weight=weight)
    stage.open(replace(whole, name="Two answers", graph=build.graph()))
    stage.run("view.training")
    stage.runner.start()
    stage.until_end()
    stage.both("several-outputs")
