"""The curve plot under real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from netbuilder.ui.plots.curve_plot import CurvePlot
from netbuilder.ui.theme import LIGHT, Themes


@pytest.fixture
def plot(qtbot) -> CurvePlot:
    """Two curves over ten epochs."""
    found = CurvePlot(Themes("dark"), "Loss", empty="Press Start to see the loss fall.")
    qtbot.addWidget(found)
    found.add_curve("train", "train", "train")
    found.add_curve("validation", "validation", "validation")
    found.resize(400, 260)
    found.show()
    return found


def fill(plot: CurvePlot) -> None:
    for x in np.linspace(0.01, 10, 500):
        plot.append("train", float(x), float(2.3 * np.exp(-x)))
    for epoch in range(1, 11):
        plot.append("validation", epoch, 2 * 0.5**epoch)


def test_empty_plot_says_what_to_do_and_needs_no_surface(plot: CurvePlot) -> None:
    plot.refresh()
    assert plot.placeholder.isVisible()
    assert "Press Start" in plot.placeholder.text()
    assert plot._surface is None


def test_one_set_data_for_each_curve_and_tick(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    QApplication.processEvents()
    before = plot.updates("train"), plot.updates("validation")
    for x in (9.2, 9.3, 9.4):
        plot.append("train", x, 0.1)
    plot.refresh()
    assert plot.updates("train") == before[0] + 1
    assert plot.updates("validation") == before[1]
    plot.refresh()
    assert plot.updates("train") == before[0] + 1


def test_legend_tells_the_newest_validation(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    assert "validation 0.0020" in plot._legend.text
    assert "train" in plot._legend.text


def test_best_label_touches_no_curve(plot: CurvePlot) -> None:
    fill(plot)
    for x in np.linspace(8, 10, 50):
        plot.append("train", 10 + float(x) / 10, 2.3)
    plot.mark_best(9, "best · epoch 9")
    plot.refresh()
    QApplication.processEvents()
    box = plot._overlay.best_label.geometry()
    for key in ("train", "validation"):
        x, y = plot._surface.to_pixels(*plot.points(key))
        inside = (x > box.left()) & (x < box.right()) & (y > box.top()) & (y < box.bottom())
        assert not inside.any()
    assert plot._overlay.best_label.text() == "best · epoch 9"


def test_wheel_zooms_x_and_double_click_shows_all(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    QApplication.processEvents()
    view = plot._surface.viewport()
    middle = QPoint(view.width() // 2, view.height() // 2)
    none, no = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(QPointF(middle), QPointF(middle), QPoint(), QPoint(0, 120), none, no, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, wheel)
    low, high = plot._frame[0]
    assert 0 < low < high < 10
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=middle)
    assert plot._frame[0] == (0.0, 10.0)


def test_pointer_reads_values(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    plot.show_cursor(5.0)
    assert "epoch 5.00" in plot._overlay.chip.text
    assert f"{2 * 0.5**5:.4f}" in plot._overlay.chip.text
    plot.show_cursor(None)
    assert not plot._overlay.chip.isVisible()


def test_log_axis_leaves_out_what_is_not_positive(plot: CurvePlot) -> None:
    fill(plot)
    plot.append("train", 10.0, 0.0)
    plot.set_log(True)
    (bottom, _) = plot._frame[1]
    assert bottom < -1


def test_csv_and_picture(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    lines = plot.to_csv().splitlines()
    assert lines[0] == "curve,epoch,loss"
    assert len(lines) == 1 + 510
    assert plot.to_image().width() == 2 * plot.width()


def test_theme_recolours(qtbot) -> None:
    themes = Themes("dark")
    plot = CurvePlot(themes, "Loss")
    qtbot.addWidget(plot)
    plot.add_curve("validation", "validation", "validation")
    plot.resize(300, 200)
    plot.show()
    plot.append("validation", 1, 1.0)
    plot.append("validation", 2, 0.5)
    plot.refresh()
    themes.choose("light")
    QApplication.processEvents()
    assert plot.grab().toImage().pixelColor(plot.width() - 3, 60) == LIGHT.panel


def test_curves_are_thin_lines(plot: CurvePlot) -> None:
    fill(plot)
    plot.refresh()
    QApplication.processEvents()
    image, panel = plot._surface.grab().toImage(), plot._themes.current.panel
    area = plot._surface.area().toRect().adjusted(2, 2, -2, -2)
    column = [image.pixelColor(area.center().x(), y) != panel for y in range(area.top(), area.bottom())]
    assert 0 < sum(column) < len(column) / 4
