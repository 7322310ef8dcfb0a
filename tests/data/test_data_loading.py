"""Splits, statistics, settings and points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.data import preview, statistics
from netbuilder.data.errors import DataError
from netbuilder.data.load import load, read_settings, settings_for
from netbuilder.data.splits import split


@given(st.lists(st.integers(0, 5), min_size=2, max_size=200), st.data(), st.booleans(), st.integers(0, 99))
def test_a_split_takes_each_sample_once(targets: list[int], data: st.DataObject, stratified: bool, seed: int) -> None:
    array = np.array(targets)
    count = data.draw(st.integers(0, len(array) - 1))
    rest, taken = split(array, count, seed=seed, stratified=stratified)
    assert len(taken) == count
    assert sorted([*rest, *taken]) == list(range(len(array)))
    again = split(array, count, seed=seed, stratified=stratified)
    assert np.array_equal(taken, again[1])


@given(st.lists(st.integers(0, 4), min_size=10, max_size=200), st.floats(0.1, 0.9))
def test_stratified_keeps_the_share_of_every_class(targets: list[int], share: float) -> None:
    array = np.array(targets)
    _, taken = split(array, int(share * len(array)), seed=1)
    for value in set(targets):
        assert abs((array[taken] == value).sum() - (array == value).sum() * len(taken) / len(array)) <= 1


def test_another_seed_splits_differently() -> None:
    array = np.arange(200) % 4
    assert not np.array_equal(split(array, 50, seed=0)[1], split(array, 50, seed=1)[1])


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_statistics_are_those_of_the_definition(dtype: type) -> None:
    inputs = np.random.default_rng(0).integers(0, 255, (70, 3, 5, 4)).astype(dtype)
    found = statistics.measure(inputs)
    scaled = inputs.astype(np.float64) * found.scale
    assert found.mean == pytest.approx(scaled.mean((0, 2, 3)).tolist())
    assert found.std == pytest.approx(scaled.std((0, 2, 3)).tolist())
    sample = preview.normalised(found, inputs[0])
    assert np.allclose(sample, (scaled[0] - np.array(found.mean)[:, None, None]) / np.array(found.std)[:, None, None], atol=1e-4)


def test_statistics_come_from_the_training_part_only() -> None:
    dataset = load({"source": {"name": "points", "n": 200}, "validation": 0.3})
    assert dataset.normalisation.mean == pytest.approx(dataset.train.inputs.astype(np.float64).mean(0).tolist(), abs=1e-6)


def test_a_channel_that_never_varies_does_not_divide_by_zero() -> None:
    assert statistics.measure(np.full((9, 2, 3, 3), 7, np.uint8)).std == (1.0, 1.0)


def test_without_normalisation_only_the_scale_is_left() -> None:
    found = load({"source": "mnist", "limit": 20, "normalise": False}).normalisation
    assert (found.mean, found.std, found.scale) == ((0.0,), (1.0,), 1 / 255)


@pytest.mark.parametrize("shape", ["circle", "xor", "gaussian", "spiral", "moons"])
def test_points_are_seeded_and_balanced(shape: str) -> None:
    source = {"name": "points", "shape": shape, "n": 400, "seed": 3}
    first, again = load({"source": source}), load({"source": source})
    assert np.array_equal(first.train.inputs, again.train.inputs)
    assert first.train.inputs.dtype == np.float32
    assert np.abs(first.train.inputs).max() < 1.6
    assert 0.4 < first.train.targets.mean() < 0.6
    assert len(first.train) + len(first.validation) + len(first.test) == 400


def test_a_limit_keeps_the_share_of_validation() -> None:
    dataset = load({"source": {"name": "mnist"}, "limit": 600, "validation": 5000})
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (550, 50, 600)
    assert np.array_equal(np.sort(np.unique(dataset.train.targets)), np.arange(10))


def test_a_validation_count_that_fits_a_limit_is_taken_as_it_is() -> None:
    dataset = load({"source": {"name": "mnist"}, "limit": 6000, "validation": 1000})
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (5000, 1000, 6000)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"source": {"name": "imagenet"}}, "no data source called “imagenet”"),
        ({"source": {"name": "images", "folder": ""}}, "Folder of images needs a value for “folder”"),
        ({"source": {"name": "points", "shape": "star"}}, "it must be “circle”, “xor”, “gaussian”, “spiral” or “moons”"),
        ({"fold": {"number": 0}}, "“number” is 0; it must be a whole number"),
        ({"limit": "few"}, "it must be a whole number of at least 1, or empty"),
        ({"source": {"name": "points", "n": -1}}, "“n” is -1; it must be a whole number from 10 to 1,000,000"),
        ({"source": {"name": "points", "n": 10**12}}, "from 10 to 1,000,000"),
        ({"source": {"name": "points", "colour": 1}}, "has no setting “colour”"),
        ({"source": {"name": "npz"}}, "needs a value for “file”"),
        ({"source": {"name": "points"}, "validation": 5000}, "leave none to train on"),
        ({"source": {"name": "points"}, "validation": -0.5}, "“validation” is -0.5"),
        ({"source": {"name": "points"}, "limit": 0}, "“limit” is 0"),
        ({"sauce": 1}, "no setting “sauce”"),
        ({}, None),
    ],
)
def test_settings_are_checked_in_words(settings: dict[str, object], says: str | None) -> None:
    if says is None:
        assert read_settings(settings).source == {"name": "mnist"}
        return
    with pytest.raises(DataError) as caught:
        load(settings)
    assert says in str(caught.value)


def test_words_for_sources() -> None:
    assert settings_for("mnist") == {"source": {"name": "mnist"}}
    with pytest.raises(DataError, match="no data source, folder"):
        settings_for("nowhere/at/all")


def test_previews() -> None:
    dataset = load({"source": "mnist", "limit": 500})
    sample = preview.sample(dataset, "test", 7)
    assert sample.picture is not None
    assert sample.picture.shape == (28, 28)
    assert sample.target == str(dataset.test.targets[7])
    assert preview.class_counts(dataset, "train").sum() == len(dataset.train)
    with pytest.raises(IndexError):
        preview.sample(dataset, "test", 500)
    colour = preview.picture(np.linspace(-1, 1, 48, dtype=np.float32).reshape(3, 4, 4))
    assert colour is not None
    assert colour.shape == (4, 4, 3)
    assert (colour.min(), colour.max()) == (0, 255)
    assert preview.picture(np.zeros(4)) is None


def test_the_target_may_be_the_input_again() -> None:
    settings = {"source": {"name": "gratings", "size": 8, "count": 60}, "target": "input"}
    found = load(settings)
    labelled = load({**settings, "target": "own"})
    assert found.classes == ()
    assert labelled.classes
    for part, own in ((found.train, labelled.train), (found.validation, labelled.validation), (found.test, labelled.test)):
        assert np.array_equal(part.index, own.index)
        assert part.targets.dtype == np.float32
        assert np.allclose(part.targets * 255, own.inputs)
