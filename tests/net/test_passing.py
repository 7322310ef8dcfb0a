"""Samples that pass a network moved by whole pixels, in evaluation or in training mode."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.net.compiler import compile_graph
from netbuilder.net.passing import COMPANY, PLAIN, Passing
from netbuilder.probe.feature_maps import feature_maps

RNG = np.random.default_rng(0)


def spot(row: int, column: int) -> np.ndarray:
    picture = np.zeros((1, 1, 12, 12), np.float32)
    picture[0, 0, row, column] = 1
    return picture


def look(steps: list, batch: np.ndarray, passing: Passing = PLAIN) -> list[np.ndarray]:
    """What every layer makes of the batch's first picture."""
    graph = chain([("input", {"shape": batch.shape[1:]}), *steps, "output"])
    found = feature_maps(compile_graph(graph, seed=0), batch, list(graph.nodes), passing)
    return [found[node] for node in graph.nodes if node in found]


@pytest.mark.parametrize(("right", "down"), [(0, 0), (2, 0), (0, -3), (-1, 4)])
def test_a_picture_moves_by_whole_pixels(right: int, down: int) -> None:
    moved = Passing(right, down).moved(spot(5, 6))
    assert np.array_equal(moved, spot(5 + down, 6 + right))
    assert torch.equal(Passing(right, down).moved(torch.from_numpy(spot(5, 6))), torch.from_numpy(moved))


def test_what_enters_repeats_the_edge_and_other_samples_stay() -> None:
    ramp = np.arange(4.0)[None, None, None].repeat(4, axis=2)
    assert Passing(right=2).moved(ramp)[0, 0, 0].tolist() == [0, 0, 0, 1]
    assert Passing(right=-9).moved(ramp)[0, 0, 0].tolist() == [3, 3, 3, 3]
    table = RNG.normal(size=(1, 7))
    assert Passing(right=2).moved(table) is table


def test_maps_move_with_the_sample_and_pooling_takes_small_shifts_up() -> None:
    steps = [("conv2d", {"out_channels": 3, "kernel_size": 3, "padding": 1}), ("maxpool2d", {"kernel_size": 4})]
    _, still, *_ = look(steps, spot(5, 5))
    _, moved, *_ = look(steps, spot(5, 5), Passing(2, 1))
    assert np.allclose(np.roll(still, (1, 2), axis=(1, 2)), moved, atol=1e-6)
    pool = [("maxpool2d", {"kernel_size": 4})]
    before, within, beyond = (look(pool, spot(5, 5), Passing(right))[1] for right in (0, 2, 3))
    assert np.array_equal(before, within)
    assert not np.array_equal(before, beyond)


def test_dropout_drops_in_training_only_and_the_same_each_time() -> None:
    ones = np.ones((1, 1, 12, 12), np.float32)
    steps = [("dropout", {"p": 0.5})]
    assert np.array_equal(look(steps, ones)[1], ones[0])
    first, second = (look(steps, ones, Passing(training=True))[1] for _ in range(2))
    assert set(np.unique(first)) == {0.0, 2.0}
    assert np.array_equal(first, second)


def test_batch_normalisation_takes_the_batch_in_training_only() -> None:
    batch = RNG.normal(3.0, 2.0, (COMPANY, 2, 6, 6)).astype(np.float32)
    used, trained = (look(["batchnorm2d"], batch, Passing(training=training))[1] for training in (False, True))
    assert np.allclose(used, batch[0], atol=1e-3)
    mean, deviation = batch.mean((0, 2, 3))[:, None, None], batch.std((0, 2, 3))[:, None, None]
    assert np.allclose(trained, (batch[0] - mean) / deviation, atol=1e-3)


@pytest.mark.parametrize("training", [True, False])
def test_a_look_leaves_statistics_modes_and_random_numbers_alone(training: bool) -> None:
    graph = chain([("input", {"shape": (1, 6, 6)}), "batchnorm2d", "dropout", "output"])
    module = compile_graph(graph, seed=0)
    module.train()
    children = list(module.children())
    children[0].eval()
    modes = [each.training for each in module.modules()]
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    state = torch.random.get_rng_state()
    feature_maps(module, RNG.normal(4, 1, (COMPANY, 1, 6, 6)).astype(np.float32), list(graph.nodes), Passing(1, 1, training=training))
    assert torch.equal(state, torch.random.get_rng_state())
    assert [each.training for each in module.modules()] == modes
    assert all(torch.equal(before[name], tensor) for name, tensor in module.state_dict().items())
