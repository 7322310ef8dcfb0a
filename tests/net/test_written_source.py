"""The written source: it runs without Netbuilder, takes the compiled module's weights and computes exactly the same."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from networks import branching, lenet, two_in_two_out, with_block
from test_compiling import samples

from netbuilder.core.edits import rename
from netbuilder.core.graph import Graph
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.net.plan import CompileError
from netbuilder.net.source import source
from netbuilder.templates import template, templates
from netbuilder.train.transfer import freeze_all_but, head_layers

SMALL = [t for t in templates() if analyze(t.graph()).macs < 1e7]
LARGE = [t for t in templates() if t.name in ("vgg-a", "resnet18", "googlenet", "densenet121", "resnet20-cifar", "unet", "cnn-3d")]


def rebuilt(graph: Graph) -> Any:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source(graph), "network.py", "exec"), space)
    return space["Network"]()


def assert_same(graph: Graph) -> None:
    module = compile_graph(graph, seed=5).eval()
    written = rebuilt(graph).eval()
    assert list(written.state_dict()) == list(module.state_dict())
    written.load_state_dict(module.state_dict())
    inputs = samples(graph)
    with torch.no_grad():
        ours, theirs = module(*inputs), written(*inputs)
    ours, theirs = (ours, theirs) if isinstance(ours, tuple) else ((ours,), (theirs,))
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("entry", SMALL, ids=lambda t: t.name)
def test_templates(entry: Any) -> None:
    assert_same(entry.graph())


@pytest.mark.slow
@pytest.mark.parametrize("entry", LARGE, ids=lambda t: t.name)
def test_large_templates(entry: Any) -> None:
    assert_same(entry.graph())


@settings(max_examples=30, deadline=None)
@given(branching())
def test_random_networks(graph: Graph) -> None:
    assert_same(graph)


@pytest.mark.parametrize("graph", [two_in_two_out(), with_block(1), with_block(3)], ids=["two ends", "block", "repeated block"])
def test_branches_and_blocks(graph: Graph) -> None:
    assert_same(graph)


def test_equal_repeats_share_one_class() -> None:
    text = source(with_block(3))
    assert text.count("class ") == 2
    assert "class ResidualUnit(nn.Module):" in text
    assert "self.units = nn.Sequential(*(ResidualUnit() for _ in range(3)))" in text


def test_a_chain_reads_as_one_would_write_it() -> None:
    text = source(lenet(), "Small")
    assert "        self.c1 = nn.Conv2d(1, 4, kernel_size=3)\n" in text
    assert "        x = self.c1(x)  # 4×10×10\n        x = self.r1(x)" in text
    assert text.startswith('"""Small: 1×12×12 → 3, 667 parameters.')
    imported = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {getattr(node, "module", None) or node.names[0].name for node in imported} == {"torch"}


def test_names_that_mean_something_in_the_file_are_kept_apart() -> None:
    graph = two_in_two_out()
    for old, new in (("r1", "x"), ("image", "torch"), ("extra", "nn"), ("joined", "F"), ("c2", "Tensor")):
        graph = rename(graph.by_name[old].id, new)(graph)
    assert_same(graph)


@pytest.mark.parametrize("name", ["class", "two words", "", "torch", "nn"])
def test_class_names_are_checked(name: str) -> None:
    with pytest.raises(CompileError, match="cannot be the name"):
        source(lenet(), name)


def test_the_file_runs_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "network.py"
    file.write_text(source(two_in_two_out()), encoding="utf-8")
    done = subprocess.run([sys.executable, "-P", str(file)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["output: [(2, 3), (2, 1)]", "parameters: 1,303"]


def test_frozen_layers_are_frozen_in_the_source_too() -> None:
    graph = template("resnet18", classes=3, width=25, image_size=32)
    graph = freeze_all_but(analyze(graph), head_layers(analyze(graph)))(graph)
    network = rebuilt(graph)
    assert [name for name, weight in network.named_parameters() if weight.requires_grad] == ["fc.weight", "fc.bias"]
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    optimizer = torch.optim.SGD([weight for weight in network.parameters() if weight.requires_grad], 0.1)
    network(torch.randn(4, 3, 32, 32)).square().sum().backward()
    optimizer.step()
    after = network.state_dict()
    assert {name for name in before if not torch.equal(before[name], after[name])} == {"fc.weight", "fc.bias"}
    assert network.training
    assert_same(graph)
    assert "requires_grad_" not in source(template("resnet18"))
