"""Classifiers without a network, checked against their definitions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netbuilder.train.baselines import BASELINES, BaselineEngine, rows
from netbuilder.train.errors import TrainingError
from netbuilder.train.events import EpochDone, Finished, Started, StepsLogged, Validating
from tests.train.material import images, of, values


def told(settings, data, batch=64):
    return list(BaselineEngine(BASELINES.read(settings), data, batch).run())


def test_the_nearest_neighbour_is_the_nearest():
    data = images(count=90)
    events = told({"name": "nearest-neighbours", "neighbours": 1}, data)
    train, held = rows(data.train, data), rows(data.validation, data)
    nearest = ((held[:, None] - train[None]) ** 2).sum(2).argmin(1)
    wanted = (data.train.targets[nearest] == data.validation.targets).mean()
    done = of(EpochDone, events)[0]
    assert done.validation_accuracy == pytest.approx(wanted)
    assert done.train_accuracy == 1.0
    assert isinstance(events[0], Started)
    assert [event.done for event in of(Validating, events)][-1] == len(data.test)
    assert "Test accuracy" in of(Finished, events)[0].message


def test_logistic_regression_reaches_the_optimum_of_its_loss():
    data = images(count=60)
    events = told({"name": "logistic-regression", "iterations": 300, "strength": 1.0}, data)
    losses = [event.loss for event in of(StepsLogged, events)]
    assert losses[-1] < losses[0]
    import torch

    x, y = torch.tensor(rows(data.train, data)), torch.tensor(data.train.targets)
    linear = torch.nn.Linear(64, 3)
    best = torch.optim.LBFGS(linear.parameters(), max_iter=500, tolerance_grad=1e-8, tolerance_change=1e-12, line_search_fn="strong_wolfe")

    def loss():
        best.zero_grad()
        total = torch.nn.functional.cross_entropy(linear(x), y, reduction="sum") + linear.weight.square().sum() / 2
        total.backward()
        return total

    best.step(loss)
    wanted = torch.nn.functional.cross_entropy(linear(x), y).item()
    assert of(EpochDone, events)[0].train_loss == pytest.approx(wanted, rel=0.02)


def test_progress_ends_with_the_planned_steps():
    data = images(count=64)
    events = told({"name": "logistic-regression", "iterations": 7, "strength": 1e6}, data, batch=32)
    assert events[0].steps_per_epoch == 14
    assert [event.step for event in of(StepsLogged, events)][-1] <= 14


def test_what_has_no_classes_is_refused():
    with pytest.raises(TrainingError, match="no classes"):
        told("nearest-neighbours", values())
    data = images(count=5)
    with pytest.raises(TrainingError, match="9 neighbours cannot be found among 5"):
        told({"name": "nearest-neighbours", "neighbours": 9}, replace(data, train=replace(data.train, targets=np.arange(5) % 2)))


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.neighbors", None)
    with pytest.raises(TrainingError, match=r"scikit-learn.*pip install"):
        told("nearest-neighbours", images())
