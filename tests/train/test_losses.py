from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.train.errors import TrainingError
from netbuilder.train.losses import LOSSES, Auto, Loss, choose
from tests.train.material import part

LABELS = part(np.zeros((6, 2), np.float32), np.array([0, 1, 2, 2, 1, 0]))
BITS = part(np.zeros((4, 2), np.float32), np.array([0, 1, 1, 0]))
NUMBERS = part(np.zeros((4, 2), np.float32), np.array([0.5, -1.0, 2.0, 0.0], np.float32))
MASKS = part(np.zeros((2, 1, 4, 4), np.uint8), np.ones((2, 4, 4), np.int64))


def numpy_softmax_loss(scores, labels):
    shifted = np.exp(scores - scores.max(1, keepdims=True))
    return -np.log(shifted[np.arange(len(labels)), labels] / shifted.sum(1)).mean()


def test_cross_entropy_is_the_textbook_figure():
    scores = np.random.default_rng(0).normal(size=(6, 3))
    loss = LOSSES.read("cross-entropy").mean(torch.tensor(scores), torch.tensor(LABELS.targets))
    assert loss.item() == pytest.approx(numpy_softmax_loss(scores, LABELS.targets))


def test_right_answers_are_counted():
    scores = torch.eye(3)[torch.tensor([0, 1, 2, 0, 0, 0])]
    assert LOSSES.read("cross-entropy").correct(scores, torch.tensor(LABELS.targets)) == 4
    logits = torch.tensor([[-1.0], [2.0], [-0.5], [-3.0]])
    assert LOSSES.read("bce").correct(logits, torch.tensor(BITS.targets)) == 3
    assert LOSSES.read("mse").correct(scores, torch.tensor(LABELS.targets)) == 4
    assert LOSSES.read("mse").correct(logits, torch.tensor(NUMBERS.targets)) is None


def test_squared_error_reads_classes_as_one_hot():
    output = torch.zeros(6, 3)
    assert LOSSES.read("mse").mean(output, torch.tensor(LABELS.targets)).item() == pytest.approx(1 / 3)


def test_binary_cross_entropy_is_the_textbook_figure():
    z = np.array([-1.0, 2.0, 0.3, -3.0])
    y = BITS.targets
    expected = -(y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z)))).mean()
    assert LOSSES.read("bce").mean(torch.tensor(z)[:, None], torch.tensor(y)).item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shape", "data", "task", "name"),
    [
        ((3,), LABELS, "classes", "cross-entropy"),
        ((1,), BITS, "classes", "bce"),
        ((1,), BITS, "labels", "bce"),
        ((1,), NUMBERS, "values", "mse"),
        ((1,), NUMBERS, "classes", "mse"),
        ((5, 4, 4), MASKS, "classes", "cross-entropy"),
    ],
)
def test_automatic_choice_fits_the_task(shape, data, task, name):
    chosen = choose(Auto(), shape, data, task)
    assert chosen.about.name == name
    chosen.check(shape, data)


@pytest.mark.parametrize(
    ("name", "shape", "data", "words"),
    [
        ("cross-entropy", (2,), LABELS, "the label 2, but the network tells 2 classes apart"),
        ("cross-entropy", (3,), part(np.zeros((2, 2)), np.array([-1, 0])), "label -1"),
        ("cross-entropy", (3,), NUMBERS, "needs class numbers"),
        ("cross-entropy", (1,), BITS, "single number"),
        ("cross-entropy", (3, 8, 8), LABELS, "shape 3×8×8"),
        ("mse", (3,), NUMBERS, "shape 3"),
        ("bce", (1,), NUMBERS, "from 0 to 1"),
    ],
)
def test_targets_that_do_not_fit_are_refused_in_a_sentence(name, shape, data, words):
    with pytest.raises(TrainingError, match=words):
        LOSSES.read(name).check(shape, data)


def test_auto_alone_goes_by_the_targets():
    scores, labels = torch.zeros(6, 3), torch.tensor(LABELS.targets)
    assert LOSSES.read("auto").mean(scores, labels) == LOSSES.read("cross-entropy").mean(scores, labels)
    numbers = torch.tensor(NUMBERS.targets)
    assert LOSSES.read("auto").mean(torch.zeros(4, 1), numbers) == LOSSES.read("mse").mean(torch.zeros(4, 1), numbers)


def test_a_loss_without_its_formula_cannot_be_made():
    with pytest.raises(TypeError, match="mean"):
        Loss()
