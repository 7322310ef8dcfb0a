"""Recipes: their defaults, read and written without loss, and refused in sentences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.train.errors import RecipeError
from netbuilder.train.losses import LOSSES
from netbuilder.train.optimizers import OPTIMIZERS
from netbuilder.train.recipe import Recipe
from netbuilder.train.schedules import SCHEDULES


def test_defaults_are_the_published_recipe():
    recipe = Recipe.read({})
    assert (recipe.batch_size, recipe.epochs, recipe.seed, recipe.device) == (64, 20, 0, "auto")
    assert recipe.optimizer.settings() == {
        "name": "sgd",
        "learning_rate": 0.05,
        "momentum": 0.9,
        "nesterov": False,
        "weight_decay": 0.0005,
        "dampening": 0.0,
    }
    assert recipe.schedule.about.name == "cosine"


@given(
    optimizer=st.sampled_from(sorted(OPTIMIZERS.all())),
    schedule=st.sampled_from(sorted(SCHEDULES.all())),
    loss=st.sampled_from(sorted(LOSSES.all())),
    rate=st.floats(1e-6, 1000),
    batch=st.integers(1, 1_048_576),
)
def test_settings_read_back_as_the_same_recipe(optimizer, schedule, loss, rate, batch):
    recipe = Recipe.read({"optimizer": {"name": optimizer, "learning_rate": rate}, "schedule": schedule, "loss": loss, "batch_size": batch})
    assert Recipe.read(recipe.settings()) == recipe


@pytest.mark.parametrize(
    ("settings", "place", "words"),
    [
        ({"batch_size": 0}, "batch_size", "Batch size is 0; it must be a whole number from 1 to 1,048,576."),
        ({"batch_size": 1.5}, "batch_size", "whole number"),
        ({"epochs": 10**9}, "epochs", "Epochs is 1,000,000,000; it must be a whole number from 1 to 100,000."),
        ({"optimizer": {"name": "sgd", "learning_rate": math.nan}}, "optimizer.learning_rate", "Learning rate is nan"),
        ({"optimizer": {"name": "sgd", "learning_rate": math.inf}}, "optimizer.learning_rate", "finite"),
        (
            {"optimizer": {"name": "adam", "learning_rate": -1}},
            "optimizer.learning_rate",
            "Learning rate is -1; it must be a number above 0 and at most 1,000.",
        ),
        ({"optimizer": {"name": "sgd", "momentum": 1.0}}, "optimizer.momentum", "below 1"),
        ({"optimizer": {"name": "sgd", "momentum": 0.0, "nesterov": True}}, "optimizer.nesterov", "Nesterov needs momentum"),
        ({"optimizer": "lion"}, "optimizer", "There is no optimizer called “lion”. Known ones: sgd, adam,"),
        ({"optimizer": {"name": "adam", "beta": 1}}, "optimizer.beta", "no setting “optimizer.beta”"),
        ({"optimizer": 3}, "optimizer", "“3”"),
        ({"schedule": {"name": "step", "every": 0}}, "schedule.every", "from 1 to 100,000"),
        ({"loss": "triplet"}, "loss", "cross-entropy"),
        ({"precision": "fp8"}, "precision", "“float32” or “bf16”"),
        ({"seed": -1}, "seed", "from 0 to 4,294,967,295"),
        ({"bogus": 1}, "bogus", "no setting “bogus”"),
    ],
)
def test_bad_settings_are_refused_in_a_sentence(settings, place, words):
    with pytest.raises(RecipeError) as caught:
        Recipe.read(settings)
    assert words in str(caught.value)
    assert caught.value.place == place


def test_every_declaration_explains_itself():
    for family in (OPTIMIZERS, SCHEDULES, LOSSES):
        for name, kind in family.all().items():
            assert kind.about.name == name
            assert kind.about.title
            assert kind.about.tip.endswith(".")
