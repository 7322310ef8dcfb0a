"""Samples that count more than others, and batches in which every class comes equally often."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from netbuilder.core.errors import NetbuilderError
from netbuilder.train.engine import Engine
from netbuilder.train.events import EpochDone, Started
from netbuilder.train.setup import prepare
from tests.train.material import images, of, recipe, same_weights, small_cnn, train, values


def weighed(data, weights):
    return replace(data, train=replace(data.train, weights=np.asarray(weights, np.float32)))


def test_the_loss_is_the_weighted_mean():
    data = images(count=32)
    weights = np.linspace(0.0, 2.0, 32)
    engine = Engine(small_cnn(), weighed(data, weights), recipe(epochs=1, batch_size=32))
    events = engine.run()
    started = of(Started, [next(events)])[0]
    with torch.no_grad():
        scores = engine.module((torch.tensor(data.train.inputs) / 255 - 0.3) / 0.3)
    each = torch.nn.functional.cross_entropy(scores, torch.tensor(data.train.targets), reduction="none")
    assert started.initial_loss == pytest.approx(float((each * torch.tensor(weights)).mean()), rel=1e-4)
    assert np.isfinite(of(EpochDone, events)[0].train_loss)


def test_equal_weights_change_nothing():
    data = images(count=64)
    plain, equal = (train(small_cnn(), each, epochs=2)[0] for each in (data, weighed(data, np.ones(64))))
    for one, two in zip(plain.module.parameters(), equal.module.parameters(), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-6)


def test_a_sample_without_weight_teaches_nothing():
    data = images(count=32)
    spoiled = replace(data.train, targets=np.where(np.arange(32) < 16, 0, data.train.targets))
    weights = np.where(np.arange(32) < 16, 0.0, 2.0)
    one, two = (
        train(small_cnn(), weighed(replace(data, train=part), weights), epochs=1, batch_size=32)[0] for part in (data.train, spoiled)
    )
    assert same_weights(one.module, two.module)


def test_balanced_batches_show_rare_classes_as_often():
    data = images(count=90)
    targets = np.where(np.arange(90) % 10 == 0, 1, 0)
    setup = prepare(small_cnn(), replace(data, train=replace(data.train, targets=targets)), recipe(sampling="balanced", batch_size=10))
    for index in setup.feeder.indices(1):
        assert int(setup.feeder.gather(index)[1].sum()) == 5


@pytest.mark.parametrize(("way", "words"), [("balanced", "one class for each"), ("weighted", "no weights")])
def test_a_way_of_drawing_that_does_not_suit_the_data_is_refused(way, words):
    from tests.train.material import linear

    with pytest.raises(NetbuilderError, match=words):
        prepare(linear(), values(), recipe(sampling=way))
