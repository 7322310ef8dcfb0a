"""Network, data and loss that do not fit are told of before training, with shapes and edits that mend it."""

from __future__ import annotations

import numpy as np
import pytest

from netbuilder.core.build import chain
from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.data.load import DataSettings, assemble
from netbuilder.data.sources.base import Contents, Samples
from netbuilder.net.analysis import analyze
from netbuilder.net.results import Severity
from netbuilder.train.errors import TrainingError
from netbuilder.train.fitting import misfits, require
from netbuilder.train.losses import Auto, CrossEntropy


def network(shape: tuple[int, ...] = (1, 6, 6), outputs: int = 3, task: str = "classes") -> Graph:
    return chain(
        [("input", {"shape": shape}), "flatten", ("linear", {"out_features": outputs}, "last"), "identity", ("output", {"task": task})]
    )


def data(shape: tuple[int, ...] = (1, 6, 6), classes: int = 3) -> Dataset:
    targets = np.arange(60, dtype=np.int64) % classes
    samples = Samples(np.zeros((60, *shape), np.uint8), targets)
    return assemble(Contents("Squares", samples, None, tuple(map(str, range(classes)))), DataSettings())


def values(width: int) -> Dataset:
    samples = Samples(np.zeros((60, 1, 6, 6), np.float32), np.zeros((60, width), np.float32))
    return assemble(Contents("Heights", samples, None, ()), DataSettings(stratified=False))


def test_what_fits_has_no_problem() -> None:
    assert misfits(analyze(network()), data(), Auto()) == ()
    assert misfits(analyze(network(outputs=1)), data(classes=2), Auto()) == ()
    assert misfits(analyze(network(outputs=4, task="values")), values(4), Auto()) == ()


def test_another_sample_shape_names_both_and_can_be_mended() -> None:
    graph = network((3, 8, 8))
    (problem,) = misfits(analyze(graph), data(), Auto())
    assert problem.message == "The Input layer expects samples of 3×8×8, but those of “Squares” are 1×6×6."
    (fix,) = problem.fixes
    assert fix.label == "Set input shape to 1×6×6"
    assert misfits(analyze(fix.edit(graph)), data(), Auto()) == ()


def test_too_few_scores_are_refused_and_mended() -> None:
    graph = network(outputs=2)
    (problem,) = misfits(analyze(graph), data(classes=5), Auto())
    assert problem.severity is Severity.ERROR
    assert problem.message == "The network ends in 2 scores, but “Squares” has 5 classes."
    assert [fix.label for fix in problem.fixes] == ["Set ‘last’ out_features to 5"]
    assert misfits(analyze(problem.fixes[0].edit(graph)), data(classes=5), Auto()) == ()
    with pytest.raises(TrainingError, match=r"2 scores.*5 classes"):
        require(graph, data(classes=5), Auto())


def test_more_scores_than_classes_are_a_warning() -> None:
    graph = network(outputs=10)
    (problem,) = misfits(analyze(graph), data(), Auto())
    assert problem.severity is Severity.WARNING
    assert "the other 7 are never right" in problem.message
    require(graph, data(), Auto())


def test_values_need_as_many_outputs_and_no_cross_entropy() -> None:
    graph = network(outputs=3, task="values")
    (problem,) = misfits(analyze(graph), values(4), Auto())
    assert "3" in problem.message
    assert "4" in problem.message
    assert misfits(analyze(problem.fixes[0].edit(graph)), values(4), Auto()) == ()
    (problem,) = misfits(analyze(network(outputs=4)), values(4), CrossEntropy())
    assert "Cross-entropy needs class numbers" in problem.message


def test_one_score_is_not_enough_for_cross_entropy() -> None:
    (problem,) = misfits(analyze(network(outputs=1)), data(classes=2), CrossEntropy())
    assert "1 score," in problem.message


def test_whole_numbers_are_not_pixels() -> None:
    graph = chain([("input", {"shape": (5,), "dtype": "int64"}), ("embedding", {"num_embeddings": 9}), "flatten", "linear", "output"])
    samples = Samples(np.zeros((60, 5), np.float32), np.arange(60, dtype=np.int64) % 3)
    dataset = assemble(Contents("Points", samples, None, ("a", "b", "c")), DataSettings())
    assert "whole numbers" in misfits(analyze(graph), dataset, Auto())[0].message
