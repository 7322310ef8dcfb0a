"""Folds hold out every sample once, classes in proportion, groups whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.data.errors import DataError
from netbuilder.data.folds import Fold, folds
from netbuilder.data.load import load

LABELS = np.repeat(np.arange(3), [50, 30, 20])


@given(total=st.integers(2, 80), count=st.integers(2, 12), seed=st.integers(0, 999), stratified=st.booleans())
def test_every_sample_is_held_out_once_and_folds_are_equally_large(total, count, seed, stratified):
    if count > total:
        count = total
    found = folds(np.arange(total) % 3, None, Fold(1, count, stratified), seed)
    assert np.array_equal(np.sort(np.concatenate(found)), np.arange(total))
    assert max(map(len, found)) - min(map(len, found)) <= 1


def test_stratified_folds_keep_the_share_of_every_class():
    for held in folds(LABELS, None, Fold(1, 10)):
        assert np.bincount(LABELS[held]).tolist() == [5, 3, 2]


@given(groups=st.lists(st.integers(0, 9), min_size=12, max_size=60), count=st.integers(2, 5), seed=st.integers(0, 99))
def test_no_group_is_in_two_folds(groups, count, seed):
    groups = np.array([*range(5), *groups])
    found = folds(np.zeros(len(groups)), groups, Fold(1, count, grouped=True), seed)
    assert np.array_equal(np.sort(np.concatenate(found)), np.arange(len(groups)))
    for number, held in enumerate(found):
        others = np.concatenate([other for n, other in enumerate(found) if n != number])
        assert not set(groups[held]) & set(groups[others])


def test_one_is_left_out_at_a_time():
    assert [held.tolist() for held in folds(LABELS[:4], None, Fold(1, 0))] == [[0], [1], [2], [3]]
    groups = np.array([7, 7, 3])
    assert [held.tolist() for held in folds(LABELS[:3], groups, Fold(1, 0, grouped=True))] == [[2], [0, 1]]


@pytest.mark.parametrize(
    ("count", "groups", "words"),
    [
        (101, None, "101 folds need as many samples, but there are 100. Give at most 100"),
        (5, np.arange(100) % 4, "5 folds need as many groups, but there are 4. Give at most 4"),
        (1, None, "1 fold leaves nothing"),
    ],
)
def test_more_folds_than_there_is_to_hold_out_are_refused(count, groups, words):
    with pytest.raises(DataError, match=words):
        folds(LABELS, groups, Fold(1, count, grouped=groups is not None))


def test_groups_that_nobody_named_are_refused():
    with pytest.raises(DataError, match="do not say to which group"):
        folds(LABELS, None, Fold(1, 5, grouped=True))


POINTS = {"source": {"name": "points", "n": 100}}


def test_a_fold_leaves_the_test_part_alone_and_measures_its_own_training_part():
    plain, parts = load(POINTS), [load({**POINTS, "fold": {"number": n, "count": 4}}) for n in (1, 2, 3, 4)]
    assert all(np.array_equal(part.test.index, plain.test.index) for part in parts)
    held = np.concatenate([part.validation.index for part in parts])
    assert np.array_equal(np.sort(held), np.sort(np.concatenate((plain.train.index, plain.validation.index))))
    for part in parts:
        assert not set(part.train.index) & set(part.validation.index)
        assert part.normalisation.mean == pytest.approx(part.train.inputs.mean(0))
    with pytest.raises(DataError, match="no fold 5 of 4"):
        load({**POINTS, "fold": {"number": 5, "count": 4}})
