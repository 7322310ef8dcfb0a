"""Every problem that a layer can raise has a remedy, and applying it removes the problem."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import fields

from netbuilder.core.edits import Edit
from netbuilder.core.graph import Graph, Node, Port, Value
from netbuilder.layers.declare import Layer, LayerError, catalogue, find
from netbuilder.layers.settings import read
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Problem, Severity
from netbuilder.net.trial import attempt

Spec = tuple[tuple[int, ...], str]
SPECS: tuple[Spec, ...] = (
    ((7,), "float32"), ((28, 28), "float32"), ((1, 28, 28), "float32"), ((3, 32, 32), "float32"), ((6, 5, 5), "float32"),
    ((64, 1, 1), "float32"), ((4, 8, 16, 16), "float32"), ((20,), "int64"), ((20, 64), "float32"), ((1, 3, 1, 7), "float32"),
)  # fmt: skip
VALUES = (0, 1, 2, 3, 7, 40, -1, 5, (2, 3), (1,), (0, 2, 1), (4, 7), (1, 2, 3, 4), "same", True)


def network(kind: type[Layer], settings: Mapping[str, Value], specs: list[Spec]) -> Graph:
    """Inputs of these shapes, the layer, and an output."""
    ports = [f"in{n + 1}" for n in range(len(specs))] if kind.about.variadic else list(kind.about.inputs)
    nodes = {f"i{n}": Node(f"i{n}", "input", f"i{n}", {"shape": shape, "dtype": dtype}) for n, (shape, dtype) in enumerate(specs)}
    nodes["x"] = Node("x", kind.about.name, "x", settings)
    links = {Port("x", port): Port(f"i{n}", "out") for n, port in enumerate(ports[: len(specs)])}
    for number, name in enumerate(kind.about.outputs):
        nodes[f"o{number}"] = Node(f"o{number}", "output", f"o{number}")
        links[Port(f"o{number}", "in")] = Port("x", name)
    return Graph(nodes, links)


def cases(kind: type[Layer], chance: random.Random, many: int) -> Iterator[tuple[Mapping[str, Value], list[Spec]]]:
    inputs = 2 if kind.about.variadic else len(kind.about.inputs)
    for _ in range(many if inputs else 0):
        settings: dict[str, Value] = {}
        for field in chance.sample(fields(kind), min(len(fields(kind)), chance.randrange(3))):
            settings[field.encode_name] = chance.choice(VALUES)
        try:
            read(kind, settings)
        except LayerError:
            settings = {}
        first = chance.choice(SPECS)
        yield settings, [first, *(chance.choice((first, first, *SPECS)) for _ in range(inputs - 1))]


def removes(edit: Edit, graph: Graph, problem: Problem) -> bool:
    trial = attempt(edit, analyze(graph))
    return trial is not None and any(gone.node == "x" and gone.message == problem.message for gone in trial.gone)


@pytest.mark.parametrize("name", [n for n, kind in catalogue().items() if (kind.about.inputs or kind.about.variadic) and n != "python"])
def test_every_error_of_every_layer_has_a_fix_that_removes_it(name: str) -> None:
    kind = catalogue()[name]
    for settings, specs in cases(kind, random.Random(name), 12):
        graph = network(kind, settings, specs)
        for problem in analyze(graph).problems:
            if problem.node == "x" and problem.severity is Severity.ERROR:
                assert any(removes(fix.edit, graph, problem) for fix in problem.fixes), (settings, specs, problem.message)


def labels(name: str, settings: Mapping[str, Value], *specs: tuple[int, ...]) -> list[str]:
    kind = find(name)
    assert kind is not None
    graph = network(kind, settings, [(shape, "float32") for shape in specs])
    found = [problem for problem in analyze(graph).problems if problem.node == "x"]
    assert all(removes(fix.edit, graph, problem) for problem in found for fix in problem.fixes)
    return [fix.label for problem in found for fix in problem.fixes]


@pytest.mark.parametrize(
    ("name", "settings", "shapes", "label"),
    [
        ("linear", {"out_features": 10}, [(16, 5, 5)], "Insert Flatten"),
        ("conv2d", {}, [(784,)], "Reshape to 1×28×28"),
        ("conv2d", {"kernel_size": 7}, [(16, 5, 5)], "Use a 5×5 kernel"),
        ("conv2d", {"kernel_size": 7}, [(16, 5, 5)], "Use padding 1"),
        ("conv2d", {"stride": 2}, [(16, 28, 28)], "Set padding to 1"),
        ("maxpool2d", {}, [(16, 1, 1)], "Use AdaptiveMaxPool2d instead"),
        ("batchnorm1d", {}, [(16, 5, 5)], "Use BatchNorm2d instead"),
        ("conv2d", {"groups": 3, "out_channels": 16}, [(16, 5, 5)], "Use 4 groups"),
        ("add", {}, [(64, 56, 56), (128, 28, 28)], "Project to 128 channels with a 1×1 convolution of stride 2 at input 1"),
        ("add", {}, [(64, 56, 56), (64, 54, 54)], "Pad to 56×56 at input 2"),
        ("add", {}, [(120,), (84,)], "Project to 120 with a Linear layer at input 2"),
        ("add", {}, [(64, 7, 7), (84,)], "Pool and project to 84 at input 1"),
        ("concat", {}, [(64, 56, 56), (32, 28, 28)], "Interpolate to 56×56 at input 2"),
        ("multiheadattention", {"num_heads": 3}, [(20, 64)] * 3, "Use 4 heads"),
        ("embedding", {}, [(20,)], "Feed it whole numbers (int64)"),
        ("reshape", {"shape": (16, 5, 4)}, [(400,)], "Use 16×5×5"),
        ("lstm", {}, [(1, 28, 28)], "Reshape to 28×28"),
    ],
)
def test_the_arithmetic_proposes_what_a_person_would(
    name: str, settings: Mapping[str, Value], shapes: list[tuple[int, ...]], label: str
) -> None:
    assert label in labels(name, settings, *shapes)


def test_a_fix_is_one_step_that_leaves_names_and_other_wires_alone() -> None:
    kind = find("add")
    assert kind is not None
    graph = network(kind, {}, [((64, 56, 56), "float32"), ((128, 28, 28), "float32")])
    problem = next(problem for problem in analyze(graph).problems if problem.node == "x")
    mended = problem.fixes[0].edit(graph)
    assert not analyze(mended).errors
    assert graph.nodes.items() <= mended.nodes.items()
    assert {target for target in graph.links if graph.links[target] != mended.links[target]} == {Port("x", "in1")}


def test_stretched_inputs_may_be_meant() -> None:
    kind = find("add")
    assert kind is not None
    graph = network(kind, {}, [((64, 1, 1), "float32"), ((64, 5, 5), "float32")])
    warning = next(problem for problem in analyze(graph).problems if problem.node == "x")
    assert warning.severity is Severity.WARNING
    assert not warning.fixes


def test_settings_that_cannot_be_read_return_to_their_default_and_an_unknown_layer_becomes_identity() -> None:
    kind = find("conv2d")
    assert kind is not None
    for settings in ({"kernel_size": "five"}, {"bias": 3}, {"colour": "blue"}):
        graph = network(kind, settings, [((3, 32, 32), "float32")])
        problem = next(problem for problem in analyze(graph).problems if problem.node == "x")
        assert any(removes(fix.edit, graph, problem) for fix in problem.fixes), settings
    strange = Graph({"x": Node("x", "hologram", "x")})
    problem = next(problem for problem in analyze(strange).problems if problem.node == "x")
    assert removes(problem.fixes[0].edit, strange, problem)
