"""The training loop: what it learns, what it tells, how it ends."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import chain
from netbuilder.data.dataset import Dataset, Normalisation
from netbuilder.train.engine import Engine
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.evaluate import evaluate
from netbuilder.train.events import CheckpointSaved, EpochDone, Finished, Started, StepsLogged, Warned
from tests.train import material
from tests.train.material import (
    images,
    linear,
    losses,
    of,
    part,
    points,
    recipe,
    same_weights,
    small_cnn,
    stepwise,
    train,
    two_heads,
    values,
)


def test_a_network_learns_and_tells_about_it():
    _, events = train(small_cnn(), images(), epochs=6)
    assert isinstance(events[0], Started)
    assert events[0].steps_per_epoch == 8
    assert events[0].initial_loss == pytest.approx(np.log(3), abs=0.4)
    done = of(EpochDone, events)
    assert [event.epoch for event in done] == [1, 2, 3, 4, 5, 6]
    assert done[-1].step == 48
    assert done[-1].validation_accuracy > 0.9
    assert done[-1].train_loss < done[0].train_loss
    assert all(event.images_per_second > 0 for event in done)
    assert events[-1] == of(Finished, events)[0]
    assert (events[-1].reason, events[-1].epochs_done) == ("done", 6)
    assert events[-1].best_epoch == max(done, key=lambda event: event.validation_accuracy).epoch


def test_logged_means_add_up_to_the_epochs_mean():
    engine = Engine(small_cnn(), images(), recipe(epochs=1))
    events = list(stepwise(engine))
    sizes = [16] * 7 + [8]
    assert len(losses(events)) == 8
    assert np.average(losses(events), weights=sizes) == pytest.approx(of(EpochDone, events)[0].train_loss)


def test_same_seed_same_losses_other_seed_others():
    runs = [list(stepwise(Engine(small_cnn(dropout=True), images(), recipe(seed=seed)))) for seed in (5, 5, 6)]
    assert losses(runs[0]) == losses(runs[1])
    assert losses(runs[0]) != losses(runs[2])


def test_it_equals_a_plain_loop():
    data, graph = images(count=64), small_cnn()
    engine = Engine(graph, data, recipe(epochs=1, schedule="constant"))
    from netbuilder.data.sampling import shuffled
    from netbuilder.net.compiler import compile_graph

    plain = compile_graph(graph, seed=0)
    optimizer = torch.optim.SGD(plain.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    x = (torch.tensor(data.train.inputs) / 255 - 0.3) / 0.3
    y = torch.tensor(data.train.targets)
    for index in torch.tensor(shuffled(0, 1, 64)).split(16):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(plain(x[index]), y[index]).backward()
        optimizer.step()
    list(engine.run())
    for name, weight in plain.state_dict().items():
        torch.testing.assert_close(engine.module.state_dict()[name], weight, rtol=1e-4, atol=1e-5)


def test_single_step_makes_one_step_at_a_time():
    engine = Engine(small_cnn(), images(), recipe())
    events = stepwise(engine)
    assert isinstance(next(events), Started)
    assert [next(events).step for _ in range(3)] == [1, 2, 3]
    assert engine.progress.step == 3
    events.close()


def test_stop_after_epoch():
    engine = Engine(small_cnn(), images(), recipe(epochs=50))
    events = []
    for event in engine.run():
        events.append(event)
        if isinstance(event, StepsLogged) and event.epoch == 2:
            engine.request_stop_after_epoch()
    assert (events[-1].reason, events[-1].epochs_done) == ("stopped", 2)


def test_early_stopping_waits_for_patience():
    frozen = {"name": "sgd", "learning_rate": 1e-12, "momentum": 0.0, "weight_decay": 0.0}
    _, events = train(small_cnn(), images(), epochs=40, early_stopping=3, optimizer=frozen, schedule="constant", monitor="accuracy")
    assert events[-1].reason == "early stopping"
    assert (events[-1].epochs_done, events[-1].best_epoch) == (4, 1)


@pytest.mark.parametrize(
    ("graph", "data", "settings", "title"),
    [
        (linear(), values(), {}, "mean squared error"),
        (linear(3), values(outputs=3), {}, "mean squared error"),
        (linear(1, "labels"), points(), {}, "binary cross-entropy"),
        (linear(2, "classes"), points(), {}, "cross-entropy"),
        (linear(2, "classes"), points(), {"loss": "mse"}, "mean squared error"),
        (linear(2, "classes"), points(), {"loss": {"name": "cross-entropy", "label_smoothing": 0.1}}, "cross-entropy"),
    ],
)
def test_every_kind_of_task_is_learned(graph, data, settings, title):
    _, events = train(graph, data, epochs=30, **settings)
    assert f"loss: {title}" in events[0].notes
    done = of(EpochDone, events)
    assert done[-1].train_loss < 0.7 * done[0].train_loss
    assert (done[-1].train_accuracy is None) == (not data.classes)
    if data.classes:
        assert done[-1].validation_accuracy > 0.9


def test_several_outputs_are_learned_together():
    engine, events = train(two_heads(), images(), epochs=8)
    assert "cross-entropy + cross-entropy" in events[0].notes[1]
    x = torch.tensor(images().test.inputs) / 255
    for scores in engine.module((x - 0.3) / 0.3):
        assert (scores.argmax(1).numpy() == images().test.targets).mean() > 0.8


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "rmsprop"])
def test_every_optimizer_lowers_the_loss(optimizer):
    _, events = train(small_cnn(), images(), epochs=5, optimizer=optimizer)
    done = of(EpochDone, events)
    assert done[-1].train_loss < 0.95 * done[0].train_loss


def test_a_last_batch_of_one_joins_its_neighbour_for_batch_normalisation():
    _, events = train(small_cnn(norm=True), images(count=33), epochs=1)
    assert events[0].steps_per_epoch == 2
    assert "joins the batch before" in of(Warned, events)[0].message
    _, plain = train(small_cnn(), images(count=33), epochs=1)
    assert plain[0].steps_per_epoch == 3
    assert not of(Warned, plain)


def test_batches_of_one_are_refused_where_batch_normalisation_needs_more():
    graph = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 4}), "batchnorm1d", ("linear", {"out_features": 2}), "output"])
    with pytest.raises(TrainingError, match="batch size to 2 or more"):
        train(graph, points(), batch_size=1)


def test_evaluation_changes_nothing():
    data = images()
    engine, _ = train(small_cnn(norm=True, dropout=True), data, epochs=1)
    before = {name: tensor.clone() for name, tensor in engine.module.state_dict().items()}
    random = torch.get_rng_state()
    found = evaluate(engine.module, data.test, data.normalisation)
    again = evaluate(engine.module, data.test, data.normalisation, batch_size=7)
    assert torch.equal(random, torch.get_rng_state())
    assert all(torch.equal(before[name], tensor) for name, tensor in engine.module.state_dict().items())
    assert (found.accuracy, found.count) == (again.accuracy, 30)
    assert found.loss == pytest.approx(again.loss, rel=1e-5)


def broken(kind: str) -> Dataset:
    data = images()
    return {
        "labels": lambda: Dataset(
            "bars", data.train, part(data.validation.inputs, data.validation.targets + 5), data.test, (), data.normalisation
        ),
        "empty": lambda: Dataset(
            "bars", part(data.train.inputs[:0], data.train.targets[:0]), data.validation, data.test, (), data.normalisation
        ),
        "shape": lambda: Dataset(
            "bars", part(data.train.inputs[:, :, :6], data.train.targets), data.validation, data.test, (), data.normalisation
        ),
    }[kind]()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("labels", "3 scores, but “bars” has 8 classes"),
        ("empty", "no training samples"),
        ("shape", "expects samples of 1×8×8, but those of “bars” are 1×6×8"),
    ],
)
def test_data_that_does_not_fit_is_refused_before_training(kind, words):
    with pytest.raises(TrainingError, match=words):
        train(small_cnn(), broken(kind))


def test_a_network_without_weights_is_refused():
    with pytest.raises(TrainingError, match="nothing to learn"):
        train(chain([("input", {"shape": (2,)}), "relu", "output"]), points())


def test_training_without_a_validation_part():
    data = images()
    alone = Dataset(
        "bars",
        data.train,
        part(data.train.inputs[:0], data.train.targets[:0]),
        data.test,
        data.classes,
        Normalisation(1 / 255, (0.3,), (0.3,)),
    )
    _, events = train(small_cnn(), alone, epochs=2)
    assert [event.validation_loss for event in of(EpochDone, events)] == [None, None]
    assert events[-1].best_epoch is not None


def test_given_weights_are_used_where_they_fit():
    first, _ = train(small_cnn(), images(), epochs=1)
    second = Engine(small_cnn(), images(), recipe(), weights=first.module.state_dict())
    events = second.run()
    next(events)
    assert same_weights(first.module, second.module)
    events.close()


def test_an_unknown_device_is_refused():
    with pytest.raises(TrainingError, match="no device “abacus” on this machine"):
        train(small_cnn(), images(), device="abacus")


def test_bf16_learns_too():
    _, events = train(small_cnn(), images(), epochs=5, precision="bf16")
    assert of(EpochDone, events)[-1].validation_accuracy > 0.8


def test_initialisation_schemes_draw_different_weights():
    weights = []
    for scheme in ("default", "xavier-uniform", "he-normal", "orthogonal"):
        events = (engine := Engine(small_cnn(), images(), recipe(initialisation=scheme))).run()
        next(events)
        weights.append(engine.module.conv2d_1.weight.detach().clone())
        events.close()
    assert all(not torch.equal(weights[0], other) for other in weights[1:])


def test_threads_are_put_back():
    before = torch.get_num_threads()
    train(small_cnn(), images(), epochs=1, threads=1 if before > 1 else 2)
    assert torch.get_num_threads() == before


def test_no_folder_no_checkpoints():
    _, events = train(small_cnn(), images(), epochs=1)
    assert not of(CheckpointSaved, events)


def test_material_is_learnable_only_by_looking():
    assert len(set(material.images().train.targets.tolist())) == 3
