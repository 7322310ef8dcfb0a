"""Layers that learn in their own way: rates, freezing, penalties, limits, initial weights, ties, inside blocks too."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import netbuilder as nb
from netbuilder.core.blocks import set_block
from netbuilder.core.build import chain
from netbuilder.core.edits import add_node, compound, set_setting, set_training
from netbuilder.core.graph import Block, Graph, Node, Port
from netbuilder.train.engine import Engine
from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.events import EpochDone, StepsLogged
from netbuilder.train.initialisers import INITIALISERS
from netbuilder.train.penalties import begin
from netbuilder.train.recipe import Basics
from tests.train.material import images, linear, of, recipe, same_weights, small_cnn, train, values

PLAIN = {"optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.0, "weight_decay": 0.0}, "schedule": "constant"}


def special(graph: Graph, name: str, **training: object) -> Graph:
    return compound(*(set_training([graph.by_name[name].id], key, value) for key, value in training.items()))(graph)


def start(graph: Graph) -> dict[str, torch.Tensor]:
    engine = Engine(graph, values(), recipe(**PLAIN))
    next(events := engine.run())
    found = {name: weight.detach().clone() for name, weight in engine.module.named_parameters()}
    events.close()
    return found


def one_step(graph: Graph, **more: object) -> tuple[dict[str, torch.Tensor], list]:
    engine, events = train(graph, values(), batch_size=64, epochs=1, **{**PLAIN, **more})
    return {name: weight.detach() for name, weight in engine.module.named_parameters()}, events


def gradient(weights: dict[str, torch.Tensor]) -> torch.Tensor:
    data = values().train
    x, y = torch.tensor(data.inputs), torch.tensor(data.targets)[:, None]
    error = x @ weights["linear_1.weight"].T + weights["linear_1.bias"] - y
    return 2 * (error * x).mean(0, keepdim=True)


def test_a_rate_of_its_own_multiplies_the_recipes() -> None:
    before = start(linear())
    after, events = one_step(special(linear(), "linear_1", learning_rate=0.5))
    torch.testing.assert_close(after["linear_1.weight"], before["linear_1.weight"] - 0.05 * gradient(before))
    assert of(StepsLogged, events)[0].learning_rate == pytest.approx(0.1)


@pytest.mark.parametrize(("l1", "l2"), [(0.3, 0.0), (0.0, 0.4), (0.3, 0.4)])
def test_penalties_pull_weights_and_are_reported(l1: float, l2: float) -> None:
    before = start(linear())
    weight = before["linear_1.weight"]
    after, events = one_step(special(linear(), "linear_1", l1=l1, l2=l2))
    wanted = weight - 0.1 * (gradient(before) + l1 * weight.sign() + l2 * weight)
    torch.testing.assert_close(after["linear_1.weight"], wanted)
    size = l1 * wanted.abs().sum() + l2 / 2 * wanted.square().sum()
    assert of(StepsLogged, events)[-1].penalty == pytest.approx(size.item(), rel=1e-5)


def test_decay_of_its_own_stands_in_place_of_the_optimizers() -> None:
    before = start(linear())
    after, _ = one_step(special(linear(), "linear_1", weight_decay=0.7))
    torch.testing.assert_close(
        after["linear_1.weight"], before["linear_1.weight"] - 0.1 * (gradient(before) + 0.7 * before["linear_1.weight"])
    )


def test_no_unit_grows_beyond_its_limit() -> None:
    after, _ = one_step(special(linear(), "linear_1", max_norm=0.25))
    assert after["linear_1.weight"].norm() == pytest.approx(0.25, rel=1e-4)


def test_frozen_layers_keep_weights_and_statistics() -> None:
    graph = special(special(small_cnn(norm=True), "conv2d_1", frozen=True), "batchnorm2d_1", frozen=True)
    engine = Engine(graph, images(), recipe(epochs=2))
    events = engine.run()
    next(events)
    before = {name: tensor.clone() for name, tensor in engine.module.state_dict().items()}
    assert of(EpochDone, events)
    after = engine.module.state_dict()
    same = {name for name, tensor in before.items() if torch.equal(tensor, after[name])}
    assert same == {name for name in before if "linear" not in name}


def test_special_layers_resume_exactly(tmp_path: object) -> None:
    graph = special(small_cnn(norm=True), "conv2d_1", learning_rate=0.1, l1=0.01, max_norm=1.0, initialisation="orthogonal")
    settings = {"optimizer": "adam", "schedule": "constant"}
    whole, _ = train(graph, images(), epochs=3, **settings)
    train(graph, images(), tmp_path, epochs=1, **settings)
    again, events = train(graph, images(), tmp_path, engine={"resume": tmp_path}, epochs=3, **settings)
    assert [event.epoch for event in of(EpochDone, events)] == [2, 3]
    assert same_weights(whole.module, again.module)


def test_settings_reach_into_blocks() -> None:
    inner = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 2}), "output"])
    graph = set_block(Block("Unit", inner))(linear())
    entry, head = graph.by_name["input_1"].id, graph.by_name["linear_1"].id
    graph = add_node(Node("u", "block", "unit", block="Unit", training={"bias_initialisation": 0.25, "frozen": True}))(graph)
    graph = graph.evolve(links={**graph.links, Port("u", "input_1"): Port(entry, "out"), Port(head, "in"): Port("u", "output_1")})
    after, _ = one_step(graph)
    assert (after["unit.linear_1.bias"] == 0.25).all()
    assert not (after["linear_1.bias"] == 0.25).any()


def test_tied_layers_share_one_weight() -> None:
    layers = [("input", {"shape": (2,)}), ("linear", {"out_features": 2}), "tanh", ("linear", {"out_features": 2})]
    graph = chain([*layers, ("linear", {"out_features": 1}), ("output", {"task": "values"})])
    engine, _ = train(special(graph, "linear_2", tied_to="linear_1"), values(), epochs=1, **PLAIN)
    assert engine.module.linear_1.weight is engine.module.linear_2.weight
    with pytest.raises(TrainingError, match="linear_3"):
        train(special(graph, "linear_3", tied_to="linear_1"), values(), epochs=1)
    with pytest.raises(TrainingError, match="no layer “nobody”"):
        train(special(graph, "linear_3", tied_to="nobody"), values(), epochs=1)


def test_unreadable_settings_name_the_layer() -> None:
    with pytest.raises(RecipeError, match=r"“linear_1”.*bogus") as caught:
        train(special(linear(), "linear_1", bogus=1), values())
    assert caught.value.place == linear().by_name["linear_1"].id
    with pytest.raises(RecipeError, match="initialisation"):
        train(special(linear(), "linear_1", initialisation="magic"), values())
    frozen = special(linear(), "linear_1", frozen=True)
    with pytest.raises(TrainingError, match="nothing to learn"):
        train(frozen, values())


def drawn(settings: object, shape: tuple[int, ...] = (200, 300)) -> torch.Tensor:
    torch.manual_seed(3)
    weight = torch.empty(shape)
    INITIALISERS.read(settings).draw(weight)
    return weight


TORCHS = {
    "xavier-uniform": torch.nn.init.xavier_uniform_,
    "xavier-normal": torch.nn.init.xavier_normal_,
    "he-uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "he-normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "orthogonal": torch.nn.init.orthogonal_,
    "identity": torch.nn.init.eye_,
}
SPREADS = {
    "zeros": (0.0, 0.0),
    "constant": (0.1, 0.0),
    "normal": (0.0, 0.01),
    "uniform": (0.0, 0.1 / np.sqrt(12)),
    "inverse-root": (0.0, 1 / np.sqrt(300)),
}


@pytest.mark.parametrize("name", TORCHS)
def test_initialisers_draw_what_torch_draws(name: str) -> None:
    found = drawn(name)
    torch.manual_seed(3)
    assert torch.equal(found, TORCHS[name](torch.empty(200, 300)))


@pytest.mark.parametrize("kind", ["conv1d", "conv2d", "conv3d", "linear"])
def test_an_identity_kernel_returns_its_input(kind: str) -> None:
    axes = () if kind == "linear" else (6,) * int(kind[4])
    settings = {"out_features": 3} if kind == "linear" else {"out_channels": 3, "kernel_size": 3, "padding": 1}
    graph = chain([("input", {"shape": (3, *axes)}), (kind, settings, "same"), "output"])
    module = nb.compile(set_training([graph.by_name["same"].id], "initialisation", "identity")(graph))
    begin(module, 0)
    with torch.no_grad():
        module.same.bias.zero_()
        x = torch.randn(2, 3, *axes)
        assert torch.equal(module(x), x)


@pytest.mark.parametrize("name", SPREADS)
def test_initialisers_have_the_spread_they_promise(name: str) -> None:
    weight = drawn(name)
    mean, std = SPREADS[name]
    assert weight.mean().item() == pytest.approx(mean, abs=1e-3)
    assert weight.std().item() == pytest.approx(std, rel=0.02, abs=1e-6)


def test_the_recipe_offers_every_initialiser() -> None:
    assert {"default", *TORCHS, *SPREADS} == set(INITIALISERS.all())
    for name in INITIALISERS.all():
        assert recipe(initialisation=name).initialisation == name
    assert Basics().initialisation == "default"


def test_zeros_never_break_the_symmetry() -> None:
    layers = [("input", {"shape": (2,)}), ("linear", {"out_features": 4}), "tanh", ("linear", {"out_features": 1})]
    graph, learning = chain([*layers, ("output", {"task": "values"})]), {**PLAIN, "epochs": 20}
    losses = {}
    for start in ("zeros", "constant", "default"):
        engine, events = train(graph, values(), initialisation=start, **learning)
        weight = engine.module.linear_1.weight
        assert bool((weight == weight[:1]).all()) == (start != "default")
        losses[start] = of(EpochDone, events)[-1].train_loss
    zeros, _ = train(graph, values(), initialisation="zeros", **learning)
    assert not zeros.module.linear_1.weight.any()
    assert zeros.module.linear_2.bias.any()
    assert losses["default"] < 0.5 * losses["zeros"]


def test_all_samples_at_once_or_one_by_one() -> None:
    _, events = train(linear(), values(), batch_size="all", epochs=2, **PLAIN)
    assert [event.step for event in of(EpochDone, events)] == [1, 2]
    _, events = train(linear(), values(), batch_size=1, epochs=1, **{**PLAIN, "optimizer": {"name": "sgd", "learning_rate": 0.01}})
    assert [event.step for event in of(EpochDone, events)] == [64]
    changed = set_setting(linear().by_name["linear_1"].id, "bias", False)(linear())
    assert of(EpochDone, train(changed, values(), batch_size=64, epochs=1)[1])
