"""Modules of other programs come out as graphs that compute the same, or the module that has no layer is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional

import netbuilder as nb
from netbuilder.__main__ import main
from netbuilder.core.files import load
from netbuilder.exchange.importing.modules import ImportFailedError
from netbuilder.exchange.importing.network import import_module

LARGE = {"alexnet", "alexnet-2012", "zfnet", "googlenet", "inception-v3", "densenet121", "chexnet"}
TEMPLATES = [each.name for each in nb.templates()]


def examples(graph: nb.Graph) -> list[torch.Tensor]:
    shapes = [node.settings.get("shape", (1, 28, 28)) for node in graph.nodes.values() if node.layer == "input"]
    return [torch.randn(2, *shape) for shape in shapes]


def written(graph: nb.Graph) -> nn.Module:
    """The class that a network is written as: plain PyTorch, as anyone might have it."""
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(nb.source(graph), "written.py", "exec"), names)
    classes = [found for found in names.values() if isinstance(found, type) and found.__module__ == "written"]
    return classes[-1]()


def same(module: nn.Module, inputs: list[torch.Tensor]) -> nb.Model:
    """The imported network, after a look whether it computes what the module does."""
    with torch.no_grad():
        model = nb.import_module(module, inputs)
        ours, theirs = model.module()(*inputs), module.eval()(*inputs)
    for one, other in zip(*(each if isinstance(each, tuple) else (each,) for each in (ours, theirs)), strict=True):
        assert torch.allclose(one, other, atol=1e-5, rtol=1e-4)
    return model


def small(name: str) -> bool:
    return not (name in LARGE or name.startswith(("vgg", "resnet", "plain")) or name == "lenet5-1998")


@pytest.mark.parametrize("name", [name for name in TEMPLATES if small(name)] + ["resnet20-cifar"])
def test_what_a_template_is_written_as_comes_back(name: str) -> None:
    graph = nb.template(name)
    model = same(written(graph), examples(graph))
    assert nb.analyze(model.graph).parameters == nb.analyze(graph).parameters
    assert not nb.analyze(model.graph).errors


@pytest.mark.slow
@pytest.mark.parametrize("name", ["alexnet", "vgg-a", "resnet18", "resnet50", "googlenet", "inception-v3", "densenet121"])
def test_what_a_large_template_is_written_as_comes_back(name: str) -> None:
    graph = nb.template(name)
    same(written(graph), examples(graph))


@pytest.mark.parametrize("name", [name for name in TEMPLATES if small(name)] + ["lenet5-1998", "resnet20-cifar"])
def test_a_compiled_network_comes_back_as_it_was(name: str) -> None:
    graph = nb.template(name)
    assert same(nb.compile(graph), examples(graph)).graph == graph


class Residual(nn.Module):
    """Modules, functions, methods and operators, as people mix them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8, eps=1e-3)
        self.rows = nn.ModuleList(nn.Sequential(nn.Conv2d(8, 8, (1, 3), padding=(0, 1)), nn.LeakyReLU(0.2)) for _ in range(2))
        self.head = nn.Linear(16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.norm(self.first(x)), inplace=True)
        for row in self.rows:
            x = x + 0.5 * row(x)
        x = functional.dropout(functional.max_pool2d(x, 2), 0.3, self.training)
        x = torch.cat([x.mean([2, 3], keepdim=True), functional.adaptive_avg_pool2d(x, 1)], dim=1)
        return functional.log_softmax(self.head(x.view(x.size(0), -1)), dim=1)


def test_functions_and_operators_become_layers() -> None:
    module = Residual()
    module.train()
    model = same(module.train(), [torch.randn(3, 3, 8, 8)])
    layers = {node.name: node for node in model.graph.nodes.values()}
    assert layers["first"].settings == {"out_channels": 8, "padding": 1, "bias": False}
    assert layers["rows_0_0"].settings == {"out_channels": 8, "kernel_size": (1, 3), "padding": (0, 1)}
    kinds = [node.layer for node in model.graph.nodes.values()]
    assert kinds.count("scalar") == kinds.count("leakyrelu") == 2
    assert {"maxpool2d", "dropout", "mean", "concat", "flatten", "logsoftmax"} <= set(kinds)
    assert next(node for node in model.graph.nodes.values() if node.layer == "dropout").settings == {"p": 0.3}


def test_the_module_is_left_as_it_was() -> None:
    module = Residual()
    module.head.eval()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    nb.import_module(module, torch.randn(2, 3, 8, 8))
    assert module.training
    assert not module.head.training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_a_module_that_is_used_twice_becomes_two_layers() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.layer(self.layer(x))

    model = same(Twice(), [torch.randn(2, 4)])
    assert [node.layer for node in model.graph.nodes.values()] == ["input", "linear", "linear", "output"]
    assert "weights of their own" in model.note


class Own(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale


class Fold(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.linalg.norm(x, dim=1)


class Branching(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x if x.sum() > 0 else -x


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (nn.Sequential(nn.Linear(4, 4), nn.GRUCell(4, 4)), "“1” is a module of the class GRUCell, for which there is no layer"),
        (nn.Sequential(nn.Linear(4, 4), Own()), r"“1” \(Own\) computes with weights of its own \(“1.scale”\)"),
        (nn.Sequential(Fold()), r"“0” \(Fold\) calls “linalg_norm”, for which there is no layer"),
        (Branching(), "torch.fx cannot follow what Branching computes"),
        (nn.Linear(7, 4), "cannot compute the example inputs"),
    ],
)
def test_what_has_no_layer_is_named(module: nn.Module, words: str) -> None:
    with pytest.raises(ImportFailedError, match=words):
        import_module(module, torch.randn(2, 4))


def test_python_becomes_a_project_without_being_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "theirs.py", tmp_path / "theirs.netb"
    source.write_text("raise SystemExit\nmodel = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.Flatten(), nn.Linear(4704, 10))\n")
    assert main(["import", str(source), "--shape", "3x32x32", "-o", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["layers"] == 6
    assert nb.analyze(load(target).graph).parameters == (5 * 5 * 3 + 1) * 6 + (4704 + 1) * 10
    assert main(["import", str(tmp_path / "no.py"), "-o", str(target)]) == 1
    assert "no such file" in capsys.readouterr().err.lower()
    assert main(["import", str(tmp_path / "theirs.pth"), "-o", str(target)]) == 1
    assert "--network FILE" in capsys.readouterr().err
