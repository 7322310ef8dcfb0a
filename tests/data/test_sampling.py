"""Ways of drawing samples, and samples that count more than others."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.data.dataset import Part
from netbuilder.data.errors import DataError
from netbuilder.data.feeder import Feeder
from netbuilder.data.load import load
from netbuilder.data.sampling import balanced, check, class_weights, weighted


def part(labels, weights=None) -> Part:
    labels = np.asarray(labels)
    return Part(np.arange(len(labels), dtype=np.float32)[:, None], labels, np.arange(len(labels)), weights)


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5), seed=st.integers(0, 1000), epoch=st.integers(1, 50))
def test_balanced_epochs_hold_every_class_equally_often(sizes, seed, epoch):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    order = balanced(labels, seed, epoch)
    assert len(order) == len(labels)
    counts = np.bincount(labels[order], minlength=len(sizes))
    assert counts.max() - counts.min() <= 1
    if len(order) >= len(sizes):
        assert sorted(labels[order[: len(sizes)]]) == list(range(len(sizes)))
    assert np.array_equal(order, balanced(labels, seed, epoch))


def test_a_small_class_shows_all_its_samples_before_one_comes_again():
    labels = np.array([0] * 90 + [1] * 10)
    order = balanced(labels, 3, 1)
    rare = order[labels[order] == 1]
    assert all(set(rare[start : start + 10]) == set(range(90, 100)) for start in (0, 10, 20, 30, 40))
    common = order[labels[order] == 0]
    assert len(set(common)) == len(common) == 50


def test_weighted_draws_follow_the_weights():
    order = weighted(np.repeat([1.0, 3.0, 0.0], 2000), 0, 1)
    shares = np.bincount(order // 2000, minlength=3) / len(order)
    assert shares == pytest.approx([0.25, 0.75, 0.0], abs=0.03)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(DataError, match="one class for each sample"):
        check(part([0.5, 1.5]), "balanced")
    with pytest.raises(DataError, match="no weights"):
        check(part([0, 1]), "weighted")
    check(part([0, 1], np.ones(2, np.float32)), "weighted")


def test_class_weights_make_every_class_count_the_same():
    labels = np.array([0] * 6 + [2] * 2)
    weights = class_weights(labels)
    assert weights[0] * 6 == pytest.approx(weights[2] * 2)
    assert sum(np.array(weights)[labels]) == pytest.approx(8)


def test_weights_come_along_with_the_targets_unless_samples_are_drawn_by_them():
    weights = np.array([0.5, 1.5, 1.0], np.float32)
    _, target = next(iter(Feeder(part([0, 1, 1], weights), None, 2, shuffle=False).epoch(1)))
    assert torch.equal(target.weight, torch.tensor([0.5, 1.5]))
    assert torch.equal(target.target, torch.tensor([0, 1]))
    _, plain = next(iter(Feeder(part([0, 1, 1], weights), None, 2, sampling="weighted").epoch(1)))
    assert isinstance(plain, torch.Tensor)
    assert not isinstance(plain, tuple)


def archive(tmp_path, **more):
    x = np.arange(40, dtype=np.float32).reshape(20, 2)
    y = np.arange(20) % 2
    path = tmp_path / "some.npz"
    np.savez(path, x=x, y=y, **more)
    return path


def test_archives_may_hold_weights_and_groups(tmp_path):
    path = archive(tmp_path, w=np.linspace(0, 4, 20), patient=np.array([f"p{n // 4}" for n in range(20)]))
    data = load({"source": {"name": "npz", "file": str(path), "weights": "w", "groups": "patient"}, "validation": 4})
    assert data.train.weights.mean() == pytest.approx(1.0)
    ratio = data.train.weights / np.linspace(0, 4, 20, dtype=np.float32)[data.train.index].clip(1e-9)
    assert np.allclose(ratio[data.train.index > 0], ratio[-1])
    for each in (data.train, data.validation, data.test):
        assert np.array_equal(each.groups, each.index // 4)


@pytest.mark.parametrize(
    ("more", "settings", "words"),
    [
        ({"w": np.ones(7)}, {"weights": "w"}, "20 samples"),
        ({"w": -np.ones(20)}, {"weights": "w"}, "at least 0"),
        ({}, {"weights": "w"}, "no array “w”"),
        ({"w": np.zeros(20)}, {"weights": "w"}, "nothing to learn"),
        ({"g": np.linspace(0, 1, 20)}, {"groups": "g"}, "whole numbers or names"),
    ],
)
def test_weights_and_groups_that_fit_no_samples_are_refused(tmp_path, more, settings, words):
    path = archive(tmp_path, **more)
    with pytest.raises(DataError, match=words):
        load({"source": {"name": "npz", "file": str(path), **settings}})
