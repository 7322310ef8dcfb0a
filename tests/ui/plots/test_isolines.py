"""Lines of equal height: where they must lie, that they are whole, and that saddles come apart."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netbuilder.ui.plots.isolines import isolines

GRIDS = arrays(np.float64, st.tuples(st.integers(2, 7), st.integers(2, 7)), elements=st.floats(-4, 4).map(lambda value: round(value, 3)))


def test_a_hill_has_one_closed_circle() -> None:
    rows, columns = np.mgrid[0:41, 0:41]
    (line,) = isolines(np.hypot(rows - 20.0, columns - 20.0), 12.0)
    assert np.array_equal(line[0], line[-1])
    assert np.allclose(np.hypot(*(line - 20).T), 12, atol=0.02)


def test_a_slope_has_one_line_from_edge_to_edge() -> None:
    (line,) = isolines(np.mgrid[0:5, 0:9][1].astype(float), 3.25)
    assert np.allclose(line[:, 1], 3.25)
    assert sorted(line[:, 0]) == [0, 1, 2, 3, 4]


def test_a_level_that_is_never_passed_has_no_line() -> None:
    assert isolines(np.ones((3, 3)), 0.0) == []


def test_what_is_no_number_makes_no_error() -> None:
    values = np.ones((4, 4))
    values[1, 1] = np.nan
    assert all(line.shape[1] == 2 for line in isolines(values, 0.5))


@given(GRIDS, st.floats(-3, 3).map(lambda value: value + 0.0004567))
def test_lines_pass_every_change_once_and_lie_at_the_level(values: np.ndarray, level: float) -> None:
    above = values > level
    changes = int((above[1:] != above[:-1]).sum() + (above[:, 1:] != above[:, :-1]).sum())
    lines = isolines(values, level)
    points = np.concatenate([line[1:] if np.array_equal(line[0], line[-1]) else line for line in lines]) if lines else np.empty((0, 2))
    assert len(points) == changes
    assert len(np.unique(points.round(9), axis=0)) == changes
    for row, column in points:
        low, high = (int(np.floor(row)), int(np.floor(column))), (int(np.ceil(row)), int(np.ceil(column)))
        share = (row - low[0]) + (column - low[1])
        assert np.isclose(values[low] + share * (values[high] - values[low]), level, atol=1e-9)
    for line in lines:
        assert (np.abs(np.diff(line, axis=0)) <= 1 + 1e-9).all()
