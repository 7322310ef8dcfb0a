"""Networks that are plain chains learn link by link, with the same gradients as by torch's autograd."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from netbuilder.core.build import chain
from netbuilder.net.compiler import compile_graph
from netbuilder.templates import template
from netbuilder.train import setup
from netbuilder.train.engine import Engine
from netbuilder.train.events import EpochDone
from netbuilder.train.losses import CrossEntropy
from netbuilder.train.losses.base import MeanSquaredError
from netbuilder.train.objective import Objective
from netbuilder.train.speed.chain import chain_of
from netbuilder.train.speed.tuning import Execution
from tests.train.material import images, linear, of, recipe, same_weights, small_cnn, two_heads

BATCH = 6
ACTIVATIONS = st.sampled_from(["tanh", "relu", "sigmoid", ""])


@st.composite
def convolutions(draw, size: int):
    """A convolution, perhaps an activation and a pooling that fits; and the size of its result."""
    kernel = draw(st.integers(1, min(size, 5)))
    padding = draw(st.integers(0, 2))
    places = size + 2 * padding - kernel + 1
    settings = {"out_channels": draw(st.integers(1, 7)), "kernel_size": kernel, "padding": padding, "bias": draw(st.booleans())}
    window = draw(st.sampled_from([n for n in range(1, 5) if places % n == 0]))
    parts = [("conv2d", settings), draw(ACTIVATIONS), ("avgpool2d", {"kernel_size": window}) if window > 1 else ""]
    return [part for part in parts if part], places // window


@st.composite
def networks(draw):
    """A graph of convolutions and linear layers in a line, and the shape of its samples."""
    size = draw(st.integers(4, 12))
    shape = (draw(st.integers(1, 3)), size, size)
    layers = [("input", {"shape": shape})]
    for _ in range(draw(st.integers(0, 2))):
        parts, size = draw(convolutions(size))
        layers += parts
    layers += ["flatten", ("linear", {"out_features": 5, "bias": draw(st.booleans())}), draw(ACTIVATIONS) or "identity"]
    return chain([*layers, ("linear", {"out_features": 4}), "output"]), shape


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 2**31 - 1))
def test_links_compute_what_autograd_does(network, seed):
    graph, shape = network
    module = compile_graph(graph, seed=seed)
    torch.manual_seed(seed)
    objective = Objective((CrossEntropy(),))
    links = chain_of(module, shape, BATCH)
    assert links is not None
    for _ in range(2):
        x, target = torch.randn(BATCH, *shape), torch.randint(0, 4, (BATCH,))
        module.zero_grad()
        loss, correct = objective(module(x), target)
        loss.backward()
        gradients = [parameter.grad.clone() for parameter in module.parameters()]
        ours, right = links.backward(objective, x, target)
        torch.testing.assert_close(ours, loss.detach())
        assert right == correct
        for parameter, gradient in zip(module.parameters(), gradients, strict=True):
            torch.testing.assert_close(parameter.grad, gradient, rtol=1e-3, atol=1e-5)
            assert parameter.grad.stride() == parameter.stride()


def test_a_network_may_end_in_an_image():
    module = compile_graph(chain([("input", {"shape": (2, 6, 6)}), ("conv2d", {"out_channels": 3, "kernel_size": 3}), "tanh", "output"]))
    objective = Objective((MeanSquaredError(),), classes=False)
    x, target = torch.randn(BATCH, 2, 6, 6), torch.randn(BATCH, 3, 4, 4)
    loss, _ = objective(module(x), target)
    loss.backward()
    gradients = [parameter.grad.clone() for parameter in module.parameters()]
    ours, _ = chain_of(module, (2, 6, 6), BATCH).backward(objective, x, target)
    torch.testing.assert_close(ours, loss.detach())
    for parameter, gradient in zip(module.parameters(), gradients, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-4, atol=1e-6)


def test_frozen_weights_get_no_gradient():
    module = compile_graph(template("lenet5"))
    module.C1.requires_grad_(False)
    module.F6.bias.requires_grad_(False)
    chain_of(module, (1, 28, 28), 4).backward(Objective((CrossEntropy(),)), torch.randn(4, 1, 28, 28), torch.zeros(4, dtype=torch.int64))
    given_none = {name for name, parameter in module.named_parameters() if parameter.grad is None}
    assert given_none == {"C1.weight", "C1.bias", "F6.bias"}


def test_what_is_not_known_is_left_to_autograd():
    def known(graph, shape=(1, 8, 8)):
        return chain_of(compile_graph(graph), shape, BATCH) is not None

    def ending(*layers):
        return chain([("input", {"shape": (1, 8, 8)}), *layers, "flatten", ("linear", {"out_features": 3}), "output"])

    plain = {"out_channels": 4, "kernel_size": 3}
    assert known(ending(("conv2d", plain)))
    assert known(linear(), (2,))
    assert not known(small_cnn())
    assert not known(small_cnn(dropout=True))
    assert not known(two_heads())
    for more in ({"stride": 2}, {"dilation": 2}, {"padding": 1, "padding_mode": "reflect"}):
        assert not known(ending(("conv2d", {**plain, **more})))
    assert not known(ending(("conv2d", plain), ("avgpool2d", {"kernel_size": 4})))
    assert not known(ending(("conv2d", {"out_channels": 500, "kernel_size": 7, "padding": 3}), ("conv2d", plain)), (1, 2000, 2000))
    assert chain_of(nn.Linear(2, 2), (2,), BATCH) is None
    tied = compile_graph(chain([("input", {"shape": (3,)}), *[("linear", {"out_features": 3})] * 2, "output"]))
    first, second = tied.children()
    assert chain_of(tied, (3,), BATCH) is not None
    second.weight = first.weight
    assert chain_of(tied, (3,), BATCH) is None
    assert chain_of(compile_graph(linear()).double(), (2,), BATCH) is None


def test_training_with_the_batch_last_is_deterministic_and_close_to_the_plain_way(monkeypatch):
    layers = [("input", {"shape": (1, 8, 8)}), ("conv2d", {"out_channels": 4, "kernel_size": 3, "padding": 1}), "tanh"]
    graph = chain([*layers, ("avgpool2d", {"kernel_size": 2}), "flatten", ("linear", {"out_features": 3}), "output"])

    def train(execution):
        monkeypatch.setattr(setup, "choose", lambda *_: execution)
        engine = Engine(graph, images(), recipe(epochs=2))
        return engine, list(engine.run())

    first, second, plain = train(Execution(1, batch_last=True)), train(Execution(1, batch_last=True)), train(Execution(1))
    assert same_weights(first[0].module, second[0].module)
    for (_, ours), (_, theirs) in pairwise((first, plain)):
        assert of(EpochDone, ours)[-1].train_loss == pytest.approx(of(EpochDone, theirs)[-1].train_loss, rel=1e-3)
