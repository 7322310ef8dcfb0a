"""Every tensor of a network is listed and opened: values, weights, gradients, memory, also inside blocks."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.compiler import compile_graph
from netbuilder.probe.places import Entry, Place, entries
from netbuilder.probe.taking import copied, take
from netbuilder.templates import project

LAYERS = [
    ("input", {"shape": (1, 8, 8)}),
    ("conv2d", {"out_channels": 4}, "conv"),
    "batchnorm2d",
    "flatten",
    ("linear", {"out_features": 3}, "fc"),
]


def named(found: tuple[Entry, ...], path: str, title: str) -> Entry:
    return next(entry for entry in found if "/".join(entry.path) == path and entry.title == title)


@pytest.fixture
def trained() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
    """A small network after one step of Adam."""
    module = compile_graph(chain([*LAYERS, "output"]), seed=1)
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(4, 1, 8, 8)).square().sum().backward()
    optimizer.step()
    return module, optimizer


def test_all_of_the_state_is_listed_by_name(trained: tuple[torch.nn.Module, torch.optim.Optimizer]) -> None:
    module, optimizer = trained
    found = entries(module, optimizer.state)
    states = {entry.state: entry for entry in found if entry.state}
    assert states.keys() == module.state_dict().keys()
    for name, tensor in module.state_dict().items():
        taken = take(module, states[name].place)
        assert taken.values.tolist() == tensor.tolist()
        assert len(taken.axes) == tensor.dim()
    assert take(module, states["conv.weight"].place).axes == ("out", "in", "kernel height", "kernel width")
    assert take(module, states["fc.weight"].place).axes == ("out", "in")


def test_gradients_and_the_optimizers_memory(trained: tuple[torch.nn.Module, torch.optim.Optimizer]) -> None:
    module, optimizer = trained
    found = entries(module, optimizer.state)
    gradient = take(module, named(found, "conv", "gradient of weight").place)
    assert np.array_equal(gradient.values, module.conv.weight.grad.numpy())
    memory = take(module, named(found, "conv", "exp_avg_sq of weight").place, memory=optimizer.state)
    assert np.array_equal(memory.values, optimizer.state[module.conv.weight]["exp_avg_sq"].numpy())
    assert memory.axes == ("out", "in", "kernel height", "kernel width")
    fresh = entries(compile_graph(chain([*LAYERS, "output"])))
    assert not any(entry.place.kind in ("gradient", "memory") for entry in fresh)


def test_inputs_and_outputs_are_what_flows(trained: tuple[torch.nn.Module, torch.optim.Optimizer]) -> None:
    module, _ = trained
    module.train()
    x, before = torch.randn(2, 1, 8, 8), {name: value.clone() for name, value in module.state_dict().items()}
    found = entries(module)
    output = take(module, named(found, "conv", "output").place, (x,))
    assert output.axes == ("batch", "channel", "height", "width")
    with torch.no_grad():
        assert np.allclose(output.values, module.conv(x).numpy())
    given = take(module, named(found, "fc", "input, from flatten_1").place, (x,))
    assert (given.values.shape, given.axes) == ((2, 144), ("batch", "feature"))
    assert module.training
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


@pytest.mark.parametrize("name", ["resnet18", "densenet121", "cnn-1d", "cnn-3d", "unet"])
def test_values_have_the_sizes_that_are_listed_inside_blocks_too(name: str) -> None:
    module = compile_graph(project(name).graph, seed=0)
    found = entries(module)
    shape = next(entry.shape for entry in found)[1:]
    x = torch.randn(1, *(min(size, 96) if name in ("resnet18", "densenet121") else size for size in shape))
    inner = [entry for entry in found if entry.place.kind == "output"]
    for entry in inner[:: max(1, len(inner) // 6)]:
        taken = take(module, entry.place, (x,))
        assert taken.values.ndim == len(entry.shape) == len(taken.axes)
        assert x.shape[1:] != shape or taken.values.shape[1:] == entry.shape[1:]


def test_repeats_of_a_block_are_told_apart() -> None:
    module = compile_graph(project("densenet121").graph, seed=0)
    found = [entry for entry in entries(module) if entry.state.endswith("conv1.weight")]
    repeats = [entry for entry in found if entry.path[0].startswith("features_denseblock1")]
    assert [entry.place.uses[0][1] for entry in repeats] == list(range(6)[: len(repeats)])
    assert len({entry.state for entry in found}) == len(found)
    for entry in repeats[:2]:
        assert np.array_equal(take(module, entry.place).values, module.state_dict()[entry.state].numpy())


def test_what_is_gone_or_cannot_be_shown_is_said(trained: tuple[torch.nn.Module, torch.optim.Optimizer]) -> None:
    module, _ = trained
    node = next(id_ for id_, name in module.node_names.items() if name == "conv")
    for place in (Place("output", "gone", "out"), Place("parameter", node, "scale"), Place("output", node, "out", (("gone", 0),))):
        with pytest.raises(NetbuilderError, match="not in the network"):
            take(module, place, (torch.zeros(1, 1, 8, 8),))
    with pytest.raises(NetbuilderError, match="cannot take this input"):
        take(module, Place("output", node, "out"), (torch.zeros(1, 2, 8, 8),))


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.bool, torch.complex64, torch.int8])
def test_types_that_numpy_does_not_know_become_ones_that_it_does(kind: torch.dtype) -> None:
    taken = copied(torch.ones(2, 3).to(kind), ("out", "in"))
    assert taken.values.sum() == 6
    assert taken.dtype == str(kind).removeprefix("torch.")
    assert bool(taken.note) == kind.is_complex
    with pytest.raises(NetbuilderError):
        copied(torch.ones(2, 3, device="meta"), ("out", "in"))
