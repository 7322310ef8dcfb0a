"""Losses: what they compute, which one fits a task, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.losses import LOSSES, Auto, Loss, choose, parts_of
from netbuilder.train.losses.curve import curve
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
    assert LOSSES.read("bce").correct(scores - 0.5, torch.tensor(LABELS.targets)) == 4
    assert LOSSES.read("bce").correct(scores - 2.0, torch.tensor(LABELS.targets)) == 4
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
    with pytest.raises(TypeError, match="each"):
        Loss()


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def hinge(z, y):
    lost = np.maximum(0, 1 - z[np.arange(len(y)), y][:, None] + z) * (1 - one_hot(y, z.shape[1]))
    return (lost.sum(1) / z.shape[1]).mean()


def focal(z, y):
    p = softmax(z)[np.arange(len(y)), y]
    return (-((1 - p) ** 2) * np.log(p)).mean()


def nll(z, y):
    return -z[np.arange(len(y)), y].mean()


def maximum_posterior(z, y):
    """Equation 9 of LeCun et al. 1998; penalties are the negated scores."""
    penalties = -z
    return (penalties[np.arange(len(y)), y] + np.log(np.exp(-10.0) + np.exp(-penalties).sum(1))).mean()


OF_CLASSES = {"hinge": hinge, "focal": focal, "nll": nll, "map": maximum_posterior}
OF_VALUES = {
    "l1": lambda z, y: np.abs(z - y).mean(),
    "huber": lambda z, y: np.where(np.abs(z - y) <= 1, (z - y) ** 2 / 2, np.abs(z - y) - 0.5).mean(),
    "pseudo-huber": lambda z, y: (np.sqrt(1 + (z - y) ** 2) - 1).mean(),
    "poisson": lambda z, y: (np.exp(z) - y * z).mean(),
    "cosine": lambda z, y: (1 - (z * y).sum(1) / np.linalg.norm(z, axis=1) / np.linalg.norm(y, axis=1)).mean(),
    "kl": lambda z, y: (y * (np.log(y) - np.log(softmax(z)))).sum(1).mean(),
}


@pytest.mark.parametrize("name", OF_CLASSES)
def test_losses_of_classes_follow_their_formula(name):
    scores = np.random.default_rng(1).normal(size=(6, 3))
    found = LOSSES.read(name).mean(torch.tensor(scores), torch.tensor(LABELS.targets))
    assert found.item() == pytest.approx(OF_CLASSES[name](scores, LABELS.targets))


@pytest.mark.parametrize("name", OF_VALUES)
def test_losses_of_values_follow_their_formula(name):
    random = np.random.default_rng(2)
    scores, targets = random.normal(size=(6, 3)) * 2, softmax(random.normal(size=(6, 3)))
    found = LOSSES.read(name).mean(torch.tensor(scores), torch.tensor(targets))
    assert found.item() == pytest.approx(OF_VALUES[name](scores, targets))


def test_every_loss_is_tested():
    assert {*OF_CLASSES, *OF_VALUES, "auto", "mixture", "dice", "cross-entropy", "mse", "bce"} == set(LOSSES.all())


def test_class_weights_multiply_each_sample():
    scores, labels = torch.randn(6, 3), torch.tensor(LABELS.targets)
    weighted = LOSSES.read({"name": "cross-entropy", "class_weights": [1.0, 2.0, 0.5]})
    each = torch.nn.functional.cross_entropy(scores, labels, reduction="none")
    wanted = (each * torch.tensor([1.0, 2.0, 0.5])[labels]).mean()
    torch.testing.assert_close(weighted.mean(scores, labels), wanted)
    with pytest.raises(TrainingError, match=r"3 class weights.*4 classes"):
        weighted.check((4,), LABELS)


def test_balanced_weights_come_from_the_training_part():
    uneven = part(np.zeros((8, 2), np.float32), np.array([0, 0, 0, 0, 0, 0, 1, 1]))
    chosen = choose(LOSSES.read({"name": "cross-entropy", "balanced": True}), (2,), uneven)
    assert chosen.class_weights == pytest.approx((8 / 6 / 2, 8 / 2 / 2))
    chosen.check((2,), uneven)
    with pytest.raises(TrainingError, match="Balanced"):
        chosen.check((3,), uneven)


@pytest.mark.parametrize("name", ["auto", "cross-entropy", "bce", *OF_CLASSES, *OF_VALUES, "mse"])
def test_the_loss_of_every_sample_has_the_loss_of_the_batch_as_its_mean(name):
    torch.manual_seed(0)
    loss, scores = LOSSES.read(name), torch.randn(6, 3)
    target = torch.tensor(LABELS.targets) if name in {"auto", "cross-entropy", *OF_CLASSES} else torch.rand(6, 3)
    each = loss.each(scores, target)
    assert each.shape == (6,)
    torch.testing.assert_close(each.mean(), loss.mean(scores, target))
    torch.testing.assert_close(each[2:3].mean(), loss.mean(scores[2:3], target[2:3]))


MIXTURE = {"name": "mixture", "losses": [{"name": "cross-entropy", "label_smoothing": 0.1}, {"name": "mse", "weight": 0.25}]}


def test_a_mixture_adds_its_losses_up_by_weight():
    scores, labels = torch.randn(6, 3), torch.tensor(LABELS.targets)
    mixture = choose(LOSSES.read(MIXTURE), (3,), LABELS)
    parts = [LOSSES.read({"name": "cross-entropy", "label_smoothing": 0.1}), LOSSES.read("mse")]
    wanted = parts[0].mean(scores, labels) + 0.25 * parts[1].mean(scores, labels)
    torch.testing.assert_close(mixture.mean(scores, labels), wanted)
    torch.testing.assert_close(mixture.each(scores, labels).mean(), wanted)
    assert mixture.correct(scores, labels) == parts[0].correct(scores, labels)
    assert mixture.named() == "cross-entropy + 0.25 × mean squared error"
    assert LOSSES.read(LOSSES.read(MIXTURE).settings()) == LOSSES.read(MIXTURE)


def test_automatic_parts_of_a_mixture_fit_the_targets():
    mixture = LOSSES.read({"name": "mixture", "losses": [{"name": "auto"}, {"name": "l1", "weight": 2.0}]})
    assert [each.about.name for each in parts_of(choose(mixture, (1,), NUMBERS, "values"))] == ["mse", "l1"]


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([{"name": "nothing"}], "no loss called “nothing”"),
        ([{"name": "mse", "weight": -1.0}], "Weight is -1.0; it must be a number from 0 to 1,000,000"),
        ([{"name": "mse", "weight": 0.0}], "weight 0"),
        ([MIXTURE], "part of a mixture"),
        ([], "a list of 1 to 16 items"),
    ],
)
def test_mixtures_that_cannot_be_are_refused(losses, words):
    with pytest.raises(RecipeError, match=words):
        LOSSES.read({"name": "mixture", "losses": losses})


def test_a_mixture_refuses_targets_that_one_of_its_losses_cannot_take():
    with pytest.raises(TrainingError, match="needs class numbers"):
        choose(LOSSES.read(MIXTURE), (3,), NUMBERS).check((3,), NUMBERS)


SIGMOID = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
CURVES = {
    "cross-entropy": lambda x: np.log1p(np.exp(-x)),
    "focal": lambda x: -(SIGMOID(-x) ** 2) * np.log(SIGMOID(x)),
    "hinge": lambda x: np.maximum(0, 1 - x) / 2,
    "map": lambda x: -x + np.log(np.exp(-10) + np.exp(x) + 1),
    "dice": lambda x: 1 - ((2 * SIGMOID(x) + 1) / (SIGMOID(x) + 2) + 1 / (SIGMOID(-x) + 1)) / 2,
    "nll": lambda x: -np.log(x),
    "bce": lambda x: np.log1p(np.exp(-x)),
    "mse": np.square,
    "l1": np.abs,
    "huber": lambda x: np.where(np.abs(x) <= 1, x**2 / 2, np.abs(x) - 0.5),
    "pseudo-huber": lambda x: np.sqrt(1 + x**2) - 1,
    "poisson": lambda x: np.exp(x) - x,
    "cosine": lambda x: 1 - np.cos(np.deg2rad(x)),
    "kl": lambda x: 0.7 * (np.log(0.7) - np.log(SIGMOID(x))) + 0.3 * (np.log(0.3) - np.log(SIGMOID(-x))),
}


@pytest.mark.parametrize("name", CURVES)
def test_every_loss_is_drawn_as_its_formula_says(name):
    found = curve(LOSSES.read(name))
    assert found.label
    assert found.words.endswith(".")
    assert found.y == pytest.approx(CURVES[name](found.x), abs=1e-9)
    assert {*CURVES, "auto", "mixture"} == set(LOSSES.all())
    assert LOSSES.all()[name].about.formula


def test_curves_follow_settings_and_mixtures():
    assert curve(LOSSES.read({"name": "huber", "delta": 2.0})).y[0] == pytest.approx(4.0)
    assert curve(LOSSES.read({"name": "cross-entropy", "class_weights": [3.0, 1.0, 1.0]})).y.max() == pytest.approx(np.log1p(np.exp(4)))
    parts = ({"name": "cross-entropy", "weight": 1.0}, {"name": "focal", "weight": 0.5})
    both = curve(LOSSES.read({"name": "mixture", "losses": parts}))
    assert both.y == pytest.approx(CURVES["cross-entropy"](both.x) + 0.5 * CURVES["focal"](both.x))
    apart = ({"name": "cross-entropy", "weight": 1.0}, {"name": "mse", "weight": 0.5})
    assert curve(LOSSES.read({"name": "mixture", "losses": apart})) is None
    assert curve(LOSSES.read("auto")) is None
