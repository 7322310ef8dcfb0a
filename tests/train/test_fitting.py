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
from netbuilder.train.losses import LOSSES, Auto, CrossEntropy


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
    assert [fix.label for fix in problem.fixes] == ["Set out_features of “last” to 5"]
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


def ending(*layers: str, **output: object) -> Graph:
    ends = [*((layer, {}, layer) for layer in layers), ("output", dict(output), "output")]
    return chain([("input", {"shape": (1, 6, 6)}), "flatten", ("linear", {"out_features": 3}, "last"), *ends])


@pytest.mark.parametrize("loss", ["auto", "cross-entropy", "focal", {"name": "mixture", "losses": [{"name": "cross-entropy"}]}])
def test_probabilities_into_cross_entropy_are_refused_and_mended(loss: object) -> None:
    graph, chosen = ending("softmax"), LOSSES.read(loss)  # type: ignore[arg-type]
    (problem,) = misfits(analyze(graph), data(), chosen)
    assert problem.severity is Severity.ERROR
    assert problem.node == graph.by_name["softmax"].id
    assert "expects scores" in problem.message
    assert problem.fixes[0].label == "Remove “softmax”"
    for fix in problem.fixes:
        assert misfits(analyze(fix.edit(graph)), data(), chosen) == ()
    with pytest.raises(TrainingError, match="act twice"):
        require(graph, data(), chosen)


def test_softmax_may_become_logsoftmax_with_its_own_loss() -> None:
    graph = ending("softmax")
    (problem,) = misfits(analyze(graph), data(), LOSSES.read({"name": "cross-entropy", "label_smoothing": 0.25}))
    mended = problem.fixes[1].edit(graph)
    assert mended.by_name["softmax"].layer == "logsoftmax"
    assert mended.by_name["output"].settings["loss"] == {"name": "nll", "label_smoothing": 0.25}


def test_probabilities_suit_losses_between_numbers() -> None:
    assert misfits(analyze(ending("softmax")), data(), LOSSES.read("mse")) == ()
    assert misfits(analyze(ending("logsoftmax")), data(), LOSSES.read("nll")) == ()


def test_negative_log_likelihood_of_scores_is_refused_and_mended() -> None:
    graph = ending()
    (problem,) = misfits(analyze(graph), data(), LOSSES.read("nll"))
    assert "takes logarithms of probabilities" in problem.message
    for fix in problem.fixes:
        assert misfits(analyze(fix.edit(graph)), data(), LOSSES.read("nll")) == ()


def test_class_weights_of_the_wrong_length_are_told_before_training() -> None:
    (problem,) = misfits(analyze(network()), data(), LOSSES.read({"name": "cross-entropy", "class_weights": [1.0, 2.0]}))
    assert problem.message == "There are 2 class weights, but the network tells 3 classes apart."
    assert "one weight for each class" in problem.remedy


def test_an_output_that_names_no_loss_is_told_with_its_place() -> None:
    graph = ending(loss="crossentropy")
    (problem,) = misfits(analyze(graph), data(), Auto())
    assert problem.node == graph.by_name["output"].id
    assert "no loss called “crossentropy”" in problem.message


def test_a_loss_of_another_kind_than_the_targets_can_be_mended() -> None:
    graph = network(outputs=4)
    (problem,) = misfits(analyze(graph), values(4), CrossEntropy())
    assert problem.message.startswith("Cross-entropy needs class numbers")
    assert [fix.label for fix in problem.fixes] == ["Let “output_1” learn by mean squared error"]
    assert misfits(analyze(problem.fixes[0].edit(graph)), values(4), CrossEntropy()) == ()
    (weights,) = misfits(analyze(graph), data(classes=4), CrossEntropy(class_weights=(1.0, 2.0)))
    assert weights.fixes == (), "weights are not thrown away unasked"
