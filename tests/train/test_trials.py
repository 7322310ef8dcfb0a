"""The range test and the sanity checks on networks that work, and on such as do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.train.trials.range_test import range_test, suggestion
from netbuilder.train.trials.sanity import initial_loss, overfit_one_batch, shuffled_labels
from netbuilder.train.trials.trial import Outcome, Tick
from tests.train.material import images, linear, part, recipe, small_cnn, values


def ended(trial) -> Outcome:
    while True:
        try:
            tick = next(trial)
        except StopIteration as finished:
            return finished.value
        assert isinstance(tick, Tick)
        assert tick.done <= tick.total


def test_the_suggested_rate_is_a_tenth_of_that_with_the_lowest_loss():
    rates = np.geomspace(1e-5, 10, 61)
    losses = 2.0 - np.exp(-(np.log10(rates / 0.1) ** 2))
    assert suggestion(rates.tolist(), losses.tolist()) == pytest.approx(0.01, rel=0.1)
    assert suggestion(rates.tolist(), [1.0] * 61) is None


def test_a_range_test_finds_a_rate_at_which_the_network_learns():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    outcome = ended(range_test(small_cnn(), images(count=240), recipe(optimizer={"name": "sgd", "learning_rate": 1e-9})))
    assert outcome.good
    assert 1e-3 < outcome.evidence["suggestion"] < 3
    assert [rate for rate, _ in outcome.curve] == sorted(rate for rate, _ in outcome.curve)
    assert outcome.curve[0][0] == pytest.approx(1e-6)
    assert before.shape == torch.get_rng_state().shape


def test_no_rate_is_suggested_where_nothing_can_be_learned():
    data = images(count=64)
    blank = replace(data, train=part(np.zeros_like(data.train.inputs), data.train.targets))
    outcome = ended(range_test(small_cnn(), blank, recipe(initialisation="zeros"), high=1e-3, steps=20))
    assert outcome.good is False
    assert "suggestion" not in outcome.evidence


def test_an_untrained_network_guesses_evenly():
    outcome = ended(initial_loss(small_cnn(), images(), recipe()))
    assert outcome.good
    assert outcome.evidence["expected"] == pytest.approx(np.log(3))
    assert "ln 3 = 1.10" in outcome.message
    assert f"Untrained it has {outcome.evidence['accuracy']:.0%} of {outcome.evidence['samples']} samples right." in outcome.message
    blind = ended(initial_loss(small_cnn(), images(), recipe(initialisation="zeros", batch_size="all")))
    labels = images().train.targets
    assert blind.evidence["accuracy"] == pytest.approx((labels == 0).mean())


def test_strong_opinions_before_learning_are_told():
    data = images()
    wild = replace(data, normalisation=replace(data.normalisation, std=(0.0005,)))
    outcome = ended(initial_loss(small_cnn(), wild, recipe()))
    assert outcome.good is False
    assert "strong opinions" in outcome.message
    assert ended(initial_loss(linear(), values(), recipe())).good is None


def test_a_working_network_learns_one_batch_by_heart():
    outcome = ended(overfit_one_batch(small_cnn(dropout=True), images(), recipe(optimizer={"name": "adam", "learning_rate": 0.01})))
    assert outcome.good
    assert outcome.evidence["accuracy"] == 1.0
    assert outcome.curve[-1][1] < outcome.curve[0][1]


def test_a_network_that_cannot_learn_a_batch_is_told():
    stuck = chain([("input", {"shape": (1, 8, 8)}), "flatten", ("linear", {"out_features": 3}), "relu", "output"])
    outcome = ended(overfit_one_batch(stuck, images(), recipe(optimizer={"name": "sgd", "learning_rate": 1e-7}), steps=20))
    assert outcome.good is False
    assert "cannot even learn one batch" in outcome.message


def test_shuffled_labels_teach_nothing_unless_something_leaks():
    settings = recipe(optimizer={"name": "adam", "learning_rate": 0.01}, batch_size=30)
    data = images(count=120, held_out=90)
    assert ended(shuffled_labels(small_cnn(), data, settings, steps=60)).good
    single = replace(data, train=part(data.train.inputs, data.train.targets))
    leaked = replace(single, validation=replace(single.train, targets=np.random.default_rng(0).permutation(single.train.targets)))
    outcome = ended(shuffled_labels(small_cnn(), leaked, settings, steps=300))
    assert outcome.evidence["accuracy"] > outcome.evidence["chance"]
    assert outcome.good is False
    assert "leaks" in outcome.message
    assert ended(shuffled_labels(linear(), values(), recipe(), steps=3)).good is None
