"""Positions that nobody labelled: the losses of classes pass over them as torch's `ignore_index` does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from netbuilder.data.load import load
from netbuilder.net.analysis import analyze
from netbuilder.templates.declare import find
from netbuilder.train.engine import Engine
from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.evaluation.answers import answers
from netbuilder.train.events import EpochDone
from netbuilder.train.fitting import misfits
from netbuilder.train.heads import heads
from netbuilder.train.losses import LOSSES, Auto
from netbuilder.train.recipe import Recipe
from tests.train.material import of, part, recipe

VOID = 3
"""The last of four values is nobody's class."""


@pytest.fixture
def scores() -> torch.Tensor:
    return torch.tensor(np.random.default_rng(0).normal(size=(4, 3, 5, 5)), requires_grad=True)


@pytest.fixture
def maps() -> torch.Tensor:
    labels = np.random.default_rng(1).integers(0, 4, (4, 5, 5))
    labels[0] = VOID
    return torch.tensor(labels)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("ignored", [VOID, -100, 0])
def test_cross_entropy_is_torchs(scores: torch.Tensor, maps: torch.Tensor, ignored: int, smoothing: float) -> None:
    target = maps.where(maps != VOID, torch.tensor(ignored))
    found = LOSSES.read({"name": "cross-entropy", "ignore_index": ignored, "label_smoothing": smoothing}).mean(scores, target)
    wanted = functional.cross_entropy(scores, target, ignore_index=ignored, label_smoothing=smoothing)
    torch.testing.assert_close(found, wanted)
    ours, theirs = torch.autograd.grad(found, scores)[0], torch.autograd.grad(wanted, scores)[0]
    torch.testing.assert_close(ours, theirs)


def test_nll_is_torchs(scores: torch.Tensor, maps: torch.Tensor) -> None:
    logs = scores.log_softmax(1)
    found = LOSSES.read({"name": "nll", "ignore_index": VOID}).mean(logs, maps)
    torch.testing.assert_close(found, functional.nll_loss(logs, maps, ignore_index=VOID))


@pytest.mark.parametrize("name", ["focal", "hinge", "map", "cross-entropy"])
def test_a_loss_passes_over_them_as_if_they_were_not_there(name: str, scores: torch.Tensor, maps: torch.Tensor) -> None:
    plain, ignoring = LOSSES.read(name), LOSSES.read({"name": name, "ignore_index": VOID})
    known = maps != VOID
    there = scores.movedim(1, -1)[known]
    torch.testing.assert_close(ignoring.mean(scores, maps), plain.mean(there, maps[known]))
    weights = {"name": name, "class_weights": [1.0, 2.0, 0.5]}
    torch.testing.assert_close(
        LOSSES.read({**weights, "ignore_index": VOID}).mean(scores, maps), LOSSES.read(weights).mean(there, maps[known])
    )
    each = ignoring.each(scores, maps)
    assert each[0] == 0
    torch.testing.assert_close(each[1], plain.mean(scores[1].movedim(0, -1)[known[1]], maps[1][known[1]]))


def test_dice_looks_at_labelled_positions_only(scores: torch.Tensor, maps: torch.Tensor) -> None:
    dice = LOSSES.read({"name": "dice", "ignore_index": VOID})
    other = scores.detach().clone()
    other[(maps == VOID)[:, None].expand_as(other)] += 7
    torch.testing.assert_close(dice.mean(scores, maps), dice.mean(other, maps))


def test_right_answers_are_counted_where_there_is_a_label(scores: torch.Tensor, maps: torch.Tensor) -> None:
    loss = LOSSES.read({"name": "cross-entropy", "ignore_index": VOID})
    known = maps != VOID
    right = (scores.argmax(1) == maps)[known].double().mean()
    assert float(loss.correct(scores, maps)) / len(maps) == pytest.approx(float(right))  # type: ignore[arg-type]


def test_a_batch_without_any_label_costs_nothing_and_teaches_nothing(scores: torch.Tensor) -> None:
    found = LOSSES.read({"name": "cross-entropy", "ignore_index": VOID}).mean(scores, torch.full((4, 5, 5), VOID))
    assert found.item() == 0.0
    assert not torch.autograd.grad(found, scores)[0].any()


def test_balanced_weights_and_the_range_of_labels_leave_them_out() -> None:
    labels = np.array([[0, 0, 0, 1], [2, 2, VOID, VOID]])[:, :, None]
    masks = part(np.zeros((2, 1, 4, 1), np.uint8), labels)
    loss = LOSSES.read({"name": "cross-entropy", "balanced": True, "ignore_index": VOID}).fitted(masks)
    assert loss.class_weights == pytest.approx((2 / 3, 2.0, 1.0))  # type: ignore[attr-defined]
    loss.check((3, 4, 1), masks)
    with pytest.raises(TrainingError, match="has the label 3"):
        LOSSES.read("cross-entropy").check((3, 4, 1), masks)


def test_the_recipe_keeps_the_setting_and_refuses_what_is_none() -> None:
    given: Any = {"name": "cross-entropy", "ignore_index": 255}
    assert Recipe.read({"loss": given}).loss.settings()["ignore_index"] == 255
    with pytest.raises(RecipeError, match=r"Ignore index is 1\.5"):
        Recipe.read({"loss": {**given, "ignore_index": 1.5}})


def test_a_network_learns_maps_in_which_one_value_is_no_class() -> None:
    project = find("unet").project(image_size=32, width=4, levels=1, maps=3, task="classes")
    data = load({**project.data, "source": {**project.data["source"], "count": 60}})
    border = np.random.default_rng(0).random(data.train.targets.shape) < 0.2
    marked = replace(
        data, train=replace(data.train, targets=np.where(border, VOID, data.train.targets)), classes=(*data.classes, "unlabelled")
    )
    loss = {"name": "cross-entropy", "ignore_index": VOID}
    analysis = analyze(project.graph)
    assert [problem.message for problem in misfits(analysis, marked, Auto())] == [
        "The network ends in 3 scores, but “Shapes” has 4 classes."
    ]
    assert misfits(analysis, marked, LOSSES.read(loss)) == ()
    (warning,) = misfits(analysis, data, LOSSES.read(loss))
    assert warning.message == "The loss passes over targets of the class 3, but “Shapes” has none for training."
    engine = Engine(project.graph, marked, recipe(loss=loss, optimizer={"name": "adam", "learning_rate": 0.01}, batch_size=10, epochs=4))
    done = of(EpochDone, engine.run())
    assert done[-1].train_loss < 0.9 * done[0].train_loss
    assert engine.module is not None
    found = answers(engine.module, marked.train, marked.normalisation, LOSSES.read(loss), heads=heads(project.graph))
    assert set(np.unique(found.targets)) <= {0, 1, 2}
