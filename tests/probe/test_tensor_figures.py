"""Figures, histograms and slices of tensors of any order are NumPy's."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from netbuilder.probe.slices import Cut, as_npy, cut, natural, written
from netbuilder.probe.summary import BINS, NEAR, summarise

shapes = arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=5)
kinds = st.sampled_from([np.float32, np.float64, np.float16, np.uint8, np.int64])
drawn = settings(max_examples=120, deadline=None)


@st.composite
def tensors(draw: st.DrawFn) -> np.ndarray:
    kind = draw(kinds)
    if np.dtype(kind).kind == "f":
        width = np.dtype(kind).itemsize * 8
        most = 2.0**13 if width == 16 else 2.0**100
        numbers = st.floats(-most, most, width=width) | st.sampled_from([0.0, np.nan, np.inf, -np.inf])
        return draw(arrays.arrays(kind, shapes, elements=numbers))
    return draw(arrays.arrays(kind, shapes, elements=st.integers(0, 200)))


@given(tensors())
@drawn
def test_figures_are_numpys(values: np.ndarray) -> None:
    found, known = summarise(values), values[np.isfinite(values)].astype(np.float64)
    assert (found.entries, found.counted, found.finite) == (values.size, values.size, known.size)
    assert found.nan == np.isnan(values).sum()
    assert found.infinite == np.isinf(values).sum()
    assert found.zeros == (known == 0).sum()
    if not known.size:
        assert np.isnan([found.minimum, found.mean, found.median]).all()
        assert not found.counts.size
        return
    scale = float(np.abs(known).max())
    assert (found.minimum, found.maximum) == (known.min(), known.max())
    assert found.mean == pytest.approx(known.mean(), rel=1e-9, abs=1e-12 * scale)
    assert found.deviation == pytest.approx(known.std(), rel=1e-9, abs=1e-12 * scale)
    assert found.median == np.median(known)
    assert found.l1 == pytest.approx(np.abs(known).sum(), rel=1e-12)
    assert found.l2 == pytest.approx(np.linalg.norm(known.ravel()), rel=1e-9, abs=1e-160)
    assert len(found.counts) == BINS == len(found.edges) - 1
    assert found.counts.sum() == known.size
    assert found.counts.tolist() == np.histogram(known, found.edges)[0].tolist()
    assert found.near_zero == (np.abs(known) <= NEAR * scale).sum()


def test_pieces_put_together_are_the_whole() -> None:
    values = np.random.default_rng(0).normal(1e3, 1.0, 2_500_000).astype(np.float32)
    found, exact = summarise(values), values.astype(np.float64)
    assert found.deviation == pytest.approx(exact.std(), rel=1e-9)
    assert found.mean == pytest.approx(exact.mean(), rel=1e-12)
    assert found.counts.sum() == values.size
    assert not found.sampled


def test_numbers_on_both_sides_have_zero_in_the_middle_of_a_bin() -> None:
    found = summarise(np.array([-1.0, 0.0, 4.0]))
    assert found.edges[0] == -4.0
    assert found.edges[-1] == 4.0
    assert found.counts[BINS // 2] == 1
    assert summarise(np.array([2.0, 5.0])).edges[[0, -1]].tolist() == [2.0, 5.0]


@pytest.mark.parametrize("values", [[7.0] * 3, [0.0], [5e-324, 0.0], [1.0, 1.0 + 2**-52], [-1.7e308, 1.7e308]])
def test_any_numbers_have_a_histogram(values: list[float]) -> None:
    found = summarise(np.array(values))
    assert found.counts.sum() in (len(values), 0)
    assert np.all(np.diff(found.edges) > 0)


def test_a_sample_of_many_misses_no_column() -> None:
    values = np.tile(np.arange(64, dtype=np.float32), (1000, 1))
    found = summarise(values, most=2000)
    assert found.sampled
    assert 800 <= found.counted <= 2000
    assert (found.minimum, found.maximum) == (0, 63)
    assert found.mean == pytest.approx(31.5, abs=0.5)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[np.ndarray, Cut]:
    shape = draw(arrays.array_shapes(min_dims=0, max_dims=5, min_side=1, max_side=4))
    values = np.arange(int(np.prod(shape)), dtype=np.float32).reshape(shape)
    axes = [None, *range(len(shape))]
    rows = draw(st.sampled_from(axes))
    columns = draw(st.sampled_from([None, *(axis for axis in range(len(shape)) if axis != rows)]))
    return values, Cut(rows, columns, tuple(draw(st.integers(0, size - 1)) for size in shape))


@given(cuts())
@drawn
def test_every_cell_of_a_slice_is_the_number_at_its_index(case: tuple[np.ndarray, Cut]) -> None:
    values, where = case
    found = cut(values, where)
    sizes = [values.shape[axis] if axis is not None else 1 for axis in (where.rows, where.columns)]
    assert found.shape == tuple(sizes)
    for row, column in np.ndindex(*found.shape):
        assert found[row, column] == values[where.index(row, column)]


@given(cuts())
@drawn
def test_copied_text_and_npy_are_read_back(case: tuple[np.ndarray, Cut]) -> None:
    values, where = case
    shown = cut(values / np.float32(7), where)
    read = np.array([[float(cell) for cell in line.split("\t")] for line in written(shown).splitlines()], np.float32)
    assert np.array_equal(read, shown)
    assert np.array_equal(np.load(io.BytesIO(as_npy(values))), values)


def test_the_natural_cut_draws_the_last_two_axes() -> None:
    assert natural((2, 3, 28, 29)) == Cut(2, 3, (0, 0, 0, 0))
    assert cut(np.zeros(5), natural((5,))).shape == (1, 5)
    assert cut(np.float32(3.0).reshape(()), natural(())).tolist() == [[3.0]]
    assert cut(np.zeros((0, 3)), natural((0, 3))).shape == (0, 0)


def test_a_cut_goes_along_to_another_tensor() -> None:
    where = Cut(2, 3, (1, 5, 0, 0))
    assert where.fitted((4, 3, 9, 9)).at == (1, 2, 0, 0)
    assert where.fitted((4, 3)) == natural((4, 3))
    assert where.drawn(rows=3, columns=3) == Cut(3, 2, where.at)
    assert where.placed(1, 7).at == (1, 7, 0, 0)
