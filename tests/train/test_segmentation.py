"""Networks that name a class for every pixel."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.data.load import load
from netbuilder.net.analysis import analyze
from netbuilder.templates.declare import find
from netbuilder.train.engine import Engine
from netbuilder.train.events import EpochDone
from netbuilder.train.fitting import misfits
from netbuilder.train.losses import LOSSES, Auto, choose
from tests.train.material import of, part, recipe

BOTH = {"name": "mixture", "losses": [{"name": "cross-entropy"}, {"name": "dice", "weight": 0.5}]}


def small(maps: int = 3):
    return find("unet").project(image_size=32, width=4, levels=1, maps=maps, task="classes")


@pytest.mark.parametrize("loss", ["auto", "dice", BOTH])
def test_a_u_net_learns_shapes(loss):
    project = small()
    data = load({**project.data, "source": {**project.data["source"], "count": 100}})
    settings = recipe(loss=loss, optimizer={"name": "adam", "learning_rate": 0.01}, batch_size=10, epochs=6)
    done = of(EpochDone, Engine(project.graph, data, settings).run())
    assert done[-1].train_loss < 0.85 * done[0].train_loss
    assert done[-1].validation_loss < done[0].validation_loss


def test_dice_is_one_minus_the_overlap():
    random = np.random.default_rng(0)
    z, y = random.normal(size=(2, 3, 4, 4)), random.integers(0, 3, (2, 4, 4))
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    true = np.eye(3)[y].transpose(0, 3, 1, 2)
    overlap = (2 * (p * true).sum((2, 3)) + 1) / (p.sum((2, 3)) + true.sum((2, 3)) + 1)
    found = LOSSES.read("dice").each(torch.tensor(z), torch.tensor(y))
    np.testing.assert_allclose(found.numpy(), 1 - overlap.mean(1))
    sure = torch.tensor(true) * 60
    assert LOSSES.read("dice").mean(sure, torch.tensor(y)).item() == pytest.approx(0.0, abs=1e-6)
    weights = {"name": "dice", "class_weights": [0.0, 0.0, 1.0]}
    np.testing.assert_allclose(LOSSES.read(weights).each(torch.tensor(z), torch.tensor(y)).numpy(), 1 - overlap[:, 2])


def test_one_map_for_two_classes_takes_binary_cross_entropy():
    masks = part(np.zeros((2, 1, 4, 4), np.uint8), np.ones((2, 4, 4), np.int64))
    chosen = choose(Auto(), (1, 4, 4), masks)
    assert chosen.about.name == "bce"
    chosen.check((1, 4, 4), masks)


def test_too_few_maps_are_refused_and_mended():
    project = small(maps=2)
    data = load({"source": {"name": "shapes", "size": 32, "classes": 3, "count": 20}})
    (problem,) = misfits(analyze(project.graph), data, Auto())
    assert problem.message == "The network ends in 2 scores, but “Shapes” has 3 classes."
    mended = problem.fixes[0].edit(project.graph)
    assert misfits(analyze(mended), data, Auto()) == ()
