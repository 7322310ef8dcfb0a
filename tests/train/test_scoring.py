"""Tables and curves agree with scikit-learn; answers are gathered from the network fairly and in the right kind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from material import images, part, small_cnn, values
from sklearn import metrics

from netbuilder.core.build import chain
from netbuilder.net.compiler import compile_graph
from netbuilder.train.evaluation import scoring
from netbuilder.train.evaluation.answers import Answers, answers
from netbuilder.train.losses import LOSSES


def task(seed: int, ties: bool, count: int = 60, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    targets = np.r_[np.arange(classes), random.integers(0, classes, count - classes)]
    scores = random.random((count, classes)) + np.eye(classes)[targets] * 0.3
    return targets, np.round(scores, 1) if ties else scores


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_matrix_table_and_curves_are_those_of_scikit_learn(seed: int, ties: bool) -> None:
    targets, scores = task(seed, ties)
    predicted = scores.argmax(1)
    assert (scoring.confusion(targets, predicted, 4) == metrics.confusion_matrix(targets, predicted)).all()
    precision, recall, f1, support = metrics.precision_recall_fscore_support(targets, predicted, zero_division=np.nan)
    for number in range(4):
        positive = targets == number
        found = scoring.counts(predicted == number, positive)
        expected = [precision[number], recall[number], f1[number], support[number]]
        assert [found.precision, found.sensitivity, found.f1, found.support] == pytest.approx(expected, nan_ok=True)
        assert found.specificity == pytest.approx(metrics.recall_score(~positive, predicted != number))
        curve = scoring.roc(scores[:, number], positive)
        x, y, thresholds = metrics.roc_curve(positive, scores[:, number], drop_intermediate=False)
        assert (curve.x, curve.y, curve.thresholds) == (pytest.approx(x), pytest.approx(y), pytest.approx(thresholds))
        assert curve.area == pytest.approx(metrics.roc_auc_score(positive, scores[:, number]))
        trade = scoring.precision_recall(scores[:, number], positive)
        p, r, _ = metrics.precision_recall_curve(positive, scores[:, number])
        assert trade.area == pytest.approx(metrics.average_precision_score(positive, scores[:, number]))
        assert trade.y[1:][::-1] == pytest.approx(p[:-1])
        assert trade.x[1:][::-1] == pytest.approx(r[:-1])


def test_macro_is_the_mean_over_classes() -> None:
    targets, scores = task(3, ties=False)
    shares = scores / scores.sum(1, keepdims=True)
    mean = scoring.macro([scoring.roc(shares[:, n], targets == n) for n in range(4)])
    assert mean is not None
    assert mean.area == pytest.approx(metrics.roc_auc_score(targets, shares, multi_class="ovr", average="macro"))
    assert (mean.x[0], mean.y[0], mean.x[-1], mean.y[-1]) == (0, 0, 1, 1)
    assert scoring.macro([scoring.roc(scores[:, 0], np.zeros(60, bool))]) is None


def test_values_are_measured_as_scikit_learn_does() -> None:
    random = np.random.default_rng(0)
    targets = random.normal(size=(40, 3))
    outputs = targets + random.normal(size=(40, 3)) * [0.1, 1.0, 3.0]
    assert scoring.mean_absolute_error(targets, outputs) == pytest.approx(metrics.mean_absolute_error(targets, outputs))
    assert scoring.r_squared(targets, outputs) == pytest.approx(metrics.r2_score(targets, outputs))
    assert np.isnan(scoring.r_squared(np.ones((5, 1)), outputs[:5, :1]))


def test_class_answers_are_softmax_of_the_network_in_the_order_of_the_part() -> None:
    dataset, module = images(), compile_graph(small_cnn(dropout=True), seed=0)
    found = answers(module, dataset.train, dataset.normalisation)
    pixels = (torch.from_numpy(dataset.train.inputs) / 255 - 0.3) / 0.3
    expected = module.eval()(pixels.float()).softmax(1)
    assert found.kind == "classes"
    assert (found.places == np.arange(120)).all()
    assert found.outputs == pytest.approx(expected.detach().numpy(), abs=1e-5)
    assert (found.predicted == expected.argmax(1).numpy()).all()
    wrong = found.mistakes()
    assert len(wrong) == (found.predicted != dataset.train.targets).sum()
    assert (np.diff(found.outputs[wrong].max(1)) <= 0).all()


def test_when_time_is_over_a_fair_part_has_been_seen() -> None:
    dataset, module = images(count=400), compile_graph(small_cnn(), seed=0)
    found = answers(module, dataset.train, dataset.normalisation, seconds=0.0)
    assert (len(found.places), found.total) == (16, 400)
    assert found.places.max() > 200
    assert len(answers(module, dataset.train, dataset.normalisation, stop=lambda: True).places) == 16
    assert (found.targets == dataset.train.targets[found.places]).all()


def test_one_score_is_the_second_of_two_classes() -> None:
    inputs = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    module = compile_graph(chain([("input", {"shape": (2,)}), ("linear", {"out_features": 1}), "output"]), seed=0)
    found = answers(module, part(inputs, (inputs[:, 0] > 0).astype(np.int64)), None)
    assert found.outputs[:, 1] == pytest.approx(module(torch.from_numpy(inputs)).sigmoid()[:, 0].detach().numpy())
    assert found.outputs.sum(1) == pytest.approx(1.0)


def test_values_and_labels() -> None:
    dataset = values(outputs=2)
    module = compile_graph(chain([("input", {"shape": (2,)}), ("linear", {"out_features": 2}), "output"]), seed=0)
    found = answers(module, dataset.test, None)
    assert (found.kind, found.targets.shape, found.outputs.shape) == ("values", (64, 2), (64, 2))
    marks = part(dataset.test.inputs, (dataset.test.targets > 0).astype(np.float32))
    labels = answers(module, marks, None, LOSSES.read("bce"))
    assert labels.kind == "labels"
    assert (labels.positives == (dataset.test.targets > 0)).all()
    assert (labels.said == (module(torch.from_numpy(dataset.test.inputs)) > 0).numpy()).all()


def test_every_position_of_a_map_is_an_answer() -> None:
    graph = chain([("input", {"shape": (1, 8, 8)}), ("conv2d", {"out_channels": 3, "kernel_size": 3, "padding": 1}), "output"])
    random = np.random.default_rng(0)
    marked = part(random.normal(size=(6, 1, 8, 8)).astype(np.float32), random.integers(0, 3, (6, 8, 8)))
    module = compile_graph(graph, seed=0)
    found = answers(module, marked, None)
    scores = module(torch.from_numpy(marked.inputs)).argmax(1).numpy()
    assert found.kind == "classes"
    assert (found.targets == marked.targets.reshape(-1)).all()
    assert (found.predicted == scores.reshape(-1)).all()
    assert (found.places == np.arange(6).repeat(64)).all()


def test_kinds_of_answers_without_classes_have_no_mistakes() -> None:
    assert not len(Answers("values", np.zeros((3, 1)), np.ones((3, 1)), np.arange(3), 3).mistakes())
