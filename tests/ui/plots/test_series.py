"""Curves in bounded memory."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from netbuilder.ui.plots.series import Series, smooth, thin, value_at
from netbuilder.ui.plots.ticks import log_range, value_range


def test_memory_is_bounded_and_a_single_spike_survives() -> None:
    series = Series(limit=1000)
    for step in range(300_000):
        series.append(step, 9.0 if step == 123_456 else math.sin(step))
    x, y = series.arrays()
    assert len(x) <= 1000 + 2 * series.span + 2
    assert y.max() == 9.0
    assert abs(x[y.argmax()] - 123_456) < 1
    assert np.all(np.diff(x) >= 0)


def test_old_points_keep_their_share() -> None:
    series = Series(limit=1000)
    series.extend((float(i), float(i % 7)) for i in range(100_000))
    x, _ = series.arrays()
    first, second = np.sum(x < 50_000), np.sum(x >= 50_000)
    assert 0.7 < first / second < 1.4


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(4, 60))
@example([0.0] * 7 + [1.0, 0.0], 4)
def test_extremes_and_the_newest_point_are_kept(values: list[float], limit: int) -> None:
    series = Series(limit=limit)
    series.extend(enumerate(values))
    _, y = series.arrays()
    assert y.min() == min(values)
    assert y.max() == max(values)
    assert y[-1] == values[-1]


def test_values_that_are_no_numbers_leave_no_point() -> None:
    series = Series()
    series.extend([(0, 1.0), (1, math.nan), (2, math.inf)])
    assert len(series) == 1


@given(st.integers(10, 3000), st.integers(10, 200))
def test_thinning_keeps_peaks_within_the_view(count: int, columns: int) -> None:
    rng = np.random.default_rng(count)
    x, y = np.arange(count, dtype=float), rng.normal(size=count)
    a, b = thin(x, y, 0, count, columns)
    assert len(a) <= 4 * columns + 4
    assert (a[0], a[-1]) == (x[0], x[-1])
    assert b.max() == y.max()
    assert b.min() == y.min()
    assert np.all(np.diff(a) >= 0)


def test_smoothing_keeps_a_straight_line_and_calms_noise() -> None:
    line = np.linspace(0, 1, 50)
    assert np.allclose(smooth(line, 5), line)
    noise = np.random.default_rng(0).normal(size=500)
    assert smooth(noise, 10).std() < 0.5 * noise.std()


def test_value_under_the_cursor_is_the_nearest() -> None:
    x, y = np.array([0.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0])
    assert value_at(x, y, 1.2) == 6.0
    assert value_at(x, y, 4.0) is None


@given(st.floats(-1e4, 1e4), st.floats(1e-6, 1e4))
def test_axis_covers_the_values_with_few_lines(low: float, span: float) -> None:
    bottom, top, lines = value_range(low, low + span)
    slack = 1e-6 * max(1.0, abs(low), span)
    assert bottom <= low + slack
    assert top >= low + span - slack
    assert 2 <= len(lines) <= 7


def test_loss_axis_starts_at_zero_and_log_axis_at_a_decade() -> None:
    assert value_range(0.05, 2.3)[0] == 0.0
    assert log_range(0.02, 2.0)[:2] == (-2.0, 1.0)
