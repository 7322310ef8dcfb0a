"""Walls of small pictures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.plots.mosaic import GAP, compose, lay_out
from netbuilder.ui.plots.sample_view import SampleView
from netbuilder.ui.theme import Themes


@pytest.fixture
def wall(qtbot) -> ImageWall:
    found = ImageWall(Themes("dark"), empty="Filters appear here.")
    qtbot.addWidget(found)
    found.resize(330, 170)
    found.show()
    return found


def pictures(count: int, size: int = 5) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (count, size, size), np.uint8)


@given(st.integers(1, 600), st.integers(60, 900), st.integers(60, 500), st.integers(1, 40))
def test_layout_is_inside_and_misses_none(count: int, width: int, height: int, pixels: int) -> None:
    grid = lay_out(count, width, height, pixels=pixels)
    assert grid.columns * grid.rows >= count
    assert grid.columns == 1 or grid.columns * (grid.cell + GAP) - GAP <= width
    if grid.rows <= grid.whole:
        assert grid.visible == count


def test_all_thirty_two_fit_in_rows_of_equal_length() -> None:
    grid = lay_out(32, 325, 161, pixels=11)
    assert grid.visible == 32
    assert 32 % grid.columns == 0


def test_wall_says_what_is_hidden(wall: ImageWall) -> None:
    wall.show_images(pictures(32))
    assert wall.shown_text == ""
    wall.show_images(pictures(400))
    assert wall.shown_text == f"{wall.grid.visible} of 400 shown"
    assert wall.verticalScrollBar().maximum() > 0
    wall.show_images(pictures(10), total=55_000)
    assert wall.shown_text == "10 of 55,000 shown"


def test_pixels_stay_sharp_at_any_ratio() -> None:
    images = np.array([[[0, 255], [255, 0]]], np.uint8)
    grid = lay_out(1, 40, 40, pixels=2)
    for ratio in (1.0, 1.5, 2.0):
        data = compose(images, grid, 0, 1, ratio, radius=0)
        assert set(np.unique(data[..., 0])) <= {0, 255}
        assert data.shape[0] == round((grid.cell + GAP) * ratio)


def test_hover_tells_number_range_norm_and_value(wall: ImageWall) -> None:
    values = np.linspace(-1, 1, 4 * 25).reshape(4, 5, 5).astype(np.float32)
    wall.show_images(pictures(4), values, ["filter 3", "filter 0", "filter 1", "filter 2"])
    cell = wall.grid.cell
    QTest.mouseMove(wall.viewport(), QPoint(cell - 2, cell - 2))
    text = wall._chip.text
    assert text.startswith("filter 3")
    assert f"norm {np.linalg.norm(values[0]):.3f}" in text
    assert f"[4, 4] {values[0, 4, 4]:+.3f}" in text


def test_click_picks(wall: ImageWall, qtbot) -> None:
    from PySide6.QtCore import Qt

    wall.show_images(pictures(8))
    with qtbot.waitSignal(wall.picked) as signal:
        QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(wall.grid.cell + GAP + 4, 4))
    assert signal.args == [1]


def test_empty_wall_paints_its_text(wall: ImageWall) -> None:
    wall.clear("Nothing yet.")
    assert wall.grid is None
    assert not wall.grab().isNull()


def test_options_ask_the_owner(wall: ImageWall, qtbot) -> None:
    menu = wall.menu()
    with qtbot.waitSignal(wall.options_changed):
        menu.actions()[0].trigger()
    assert wall.shared_scale
    menu.deleteLater()


def test_sample_reads_stored_values(qtbot) -> None:
    view = SampleView(Themes("dark"))
    qtbot.addWidget(view)
    view.resize(140, 140)
    sample = np.arange(49, dtype=np.uint8).reshape(1, 7, 7)
    view.show_sample(sample)
    assert view.value_at(139, 139) == "[6, 6] 48"
    assert view.value_at(1, 1) == "[0, 0] 0"
    view.show_sample(np.array([0.25, -1.0], np.float32))
    assert view.value_at(1, 1) == ""
    assert not view.grab().isNull()
