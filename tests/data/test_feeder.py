"""The feeder: every sample once an epoch, in an order that depends on seed and epoch alone, normalised and in place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.data.dataset import Normalisation, Part
from netbuilder.data.feeder import Feeder
from netbuilder.data.sampling import shuffled


def numbers(count: int) -> Part:
    """Each sample is its own number."""
    return Part(np.arange(count, dtype=np.float32)[:, None], np.arange(count), np.arange(count))


@given(count=st.integers(1, 200), batch=st.integers(1, 70), seed=st.integers(0, 2**32 - 1), epoch=st.integers(1, 1000), merge=st.booleans())
def test_every_sample_comes_once_an_epoch(count, batch, seed, epoch, merge):
    feeder = Feeder(numbers(count), None, batch, seed=seed, single_last="merge" if merge else "keep")
    batches = list(feeder.epoch(epoch))
    assert len(batches) == feeder.steps
    seen = torch.cat([y for _, y in batches])
    assert sorted(seen.tolist()) == list(range(count))
    assert torch.equal(torch.cat([x for x, _ in batches])[:, 0].long(), seen)
    if merge and count > batch > 1:
        assert min(len(y) for _, y in batches) > 1


@given(count=st.integers(1, 300), seed=st.integers(0, 2**32 - 1), epoch=st.integers(0, 10**6))
def test_the_order_is_a_function_of_seed_and_epoch(count, seed, epoch):
    assert np.array_equal(shuffled(seed, epoch, count), shuffled(seed, epoch, count))
    assert sorted(shuffled(seed, epoch, count)) == list(range(count))


def test_epochs_and_seeds_differ():
    orders = {tuple(shuffled(seed, epoch, 50)) for seed in range(5) for epoch in range(5)}
    assert len(orders) == 25


def test_without_shuffling_the_stored_order_stays():
    feeder = Feeder(numbers(10), None, 4, shuffle=False)
    assert [y.tolist() for _, y in feeder.epoch(3)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


@pytest.mark.parametrize("channels_last", [False, True])
def test_pictures_are_normalised_per_channel(channels_last):
    random = np.random.default_rng(0)
    stored = random.integers(0, 256, (20, 3, 5, 4)).astype(np.uint8)
    part = Part(stored, np.zeros(20, np.int64), np.arange(20))
    mean, std = (0.5, 0.4, 0.1), (0.2, 0.3, 0.9)
    feeder = Feeder(part, Normalisation(1 / 255, mean, std), 8, shuffle=False, channels_last=channels_last)
    x = torch.cat([x for x, _ in feeder.epoch(1)])
    expected = (stored / 255 - np.reshape(mean, (1, 3, 1, 1))) / np.reshape(std, (1, 3, 1, 1))
    np.testing.assert_allclose(x.numpy(), expected, rtol=1e-5, atol=1e-5)
    assert next(iter(feeder.epoch(1)))[0].is_contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)


def test_numbers_are_stored_once():
    stored = np.zeros((100, 1, 28, 28), np.uint8)
    feeder = Feeder(Part(stored, np.zeros(100, np.int64), np.arange(100)), Normalisation(1 / 255, (0.0,), (1.0,)), 10)
    assert feeder.inputs.data_ptr() == stored.ctypes.data
    assert feeder.inputs.dtype == torch.uint8


def test_features_targets_and_tokens_keep_their_meaning():
    values = Part(np.ones((6, 2), np.float64), np.ones((6, 1), np.float64), np.arange(6))
    x, y = next(Feeder(values, Normalisation(1.0, (1.0, 3.0), (1.0, 2.0)), 3).epoch(1))
    assert (x.dtype, y.dtype) == (torch.float32, torch.float32)
    assert x[0].tolist() == [0.0, -1.0]
    tokens = Part(np.full((6, 4), 7, np.int32), np.zeros(6, np.int64), np.arange(6))
    x, _ = next(Feeder(tokens, Normalisation(1.0, (0.5,), (2.0,)), 3).epoch(1))
    assert x.dtype == torch.int64
    assert set(x.flatten().tolist()) == {7}


def test_memory_maps_are_read_in_place(tmp_path):
    path = tmp_path / "inputs.npy"
    np.save(path, np.arange(40, dtype=np.uint8).reshape(10, 1, 2, 2))
    mapped = np.load(path, mmap_mode="r")
    feeder = Feeder(Part(mapped, np.arange(10), np.arange(10)), None, 4, shuffle=False)
    assert feeder.sample(99).flatten().tolist() == [36, 37, 38, 39]
    assert feeder.sample(-5).flatten().tolist() == [0, 1, 2, 3]
