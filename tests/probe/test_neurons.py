"""Small dense networks neuron by neuron are what torch computes; the lectures' counts."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from netbuilder.core.build import Item, chain
from netbuilder.core.errors import NetbuilderError
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.probe.neurons import counted, neuron_layers, passed, written
from netbuilder.templates import project


@pytest.mark.parametrize(("name", "parts", "total"), [("mlp-3-4-2", [16, 10], 26), ("mlp-3-4-4-1", [16, 20, 5], 41)])
def test_the_lectures_counts(name: str, parts: list[int], total: int) -> None:
    layers = neuron_layers(analyze(project(name).graph))
    assert [layer.parameters for layer in layers] == parts
    assert counted(layers).endswith(f"{' + '.join(map(str, parts))} = {total}")
    assert (layers[0].inputs, layers[0].units) == (3, 4)


curves = st.lists(st.sampled_from(["relu", "sigmoid", "tanh", "elu", "dropout", "hardtanh"]), max_size=2)
widths = st.lists(st.tuples(st.integers(1, 5), st.booleans(), curves), min_size=1, max_size=3)


@given(widths, st.integers(1, 4), st.booleans(), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_every_neuron_gives_what_torch_gives(wide: list[tuple[int, bool, list[str]]], inputs: int, softmax: bool, seed: int) -> None:
    items: list[Item] = [("input", {"shape": (inputs,)})]
    for units, bias, after in wide:
        items += [("linear", {"out_features": units, "bias": bias}), *after]
    items += ["softmax"] if softmax else []
    graph = chain([*items, "output"])
    module = compile_graph(graph, seed=seed).eval()
    layers = neuron_layers(analyze(graph))
    held = {layer.node: {n: p.detach().numpy() for n, p in module.get_submodule(layer.name).named_parameters()} for layer in layers}
    x = np.random.default_rng(seed).normal(size=inputs)
    found = passed(layers, held, x)
    with torch.no_grad():
        expected = module(torch.tensor(x, dtype=torch.float32)[None])[0].numpy()
    assert np.allclose(found[-1].answers, expected, atol=1e-5)
    for layer, through in zip(layers, found, strict=True):
        text = written(layer, held[layer.node], through, layer.units - 1)
        assert text.splitlines()[0].count("·") == layer.inputs
        assert len(text.splitlines()) == 1 + bool(layer.after)


def test_the_sum_is_written_out() -> None:
    graph = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 1}, "y"), "relu", "output"])
    (layer,) = neuron_layers(analyze(graph))
    held = {layer.node: {"weight": np.array([[2.0, -1.0]]), "bias": np.array([0.5])}}
    (through,) = passed((layer,), held, np.array([1.0, 4.0]))
    assert written(layer, held[layer.node], through, 0) == "z₁ = 2·1 + (−1)·4 + 0.5 = −1.5\na₁ = ReLU(z₁) = 0"


@pytest.mark.parametrize("name", ["lenet5", "linear-classifier", "resnet18", "lecture-cnn"])
def test_what_cannot_be_drawn_says_why(name: str) -> None:
    with pytest.raises(NetbuilderError, match=r"cannot be drawn.*Perceptron 3–4–2"):
        neuron_layers(analyze(project(name).graph))
