"""A training that is over before the window has looked once: its end is shown all the same."""

from __future__ import annotations

from collections.abc import Callable

from patience import until

from netbuilder.core.document import Document, Project
from netbuilder.templates import project
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.feature_maps.panel import FeatureMapsPanel
from netbuilder.ui.panels.training.panel import TrainingPanel
from netbuilder.ui.plots.image_wall import ImageWall
from netbuilder.ui.widgets.later_panel import LaterPanel


def made(window: MainWindow, key: str) -> object:
    place = window.tabs.panel(key)
    assert isinstance(place, LaterPanel)
    return place.make()


def test_curves_filters_and_maps_are_those_of_the_end(open_window: Callable[[Document], MainWindow]) -> None:
    whole = project("lenet5")
    data = {**whole.data, "limit": 128, "validation": 32}
    window = open_window(Document(Project("Short", whole.graph, {**whole.training, "epochs": 1}, data)))
    runner, bridge = window.session.runner, window.context.bridge
    panel, maps = made(window, "training"), made(window, "feature_maps")
    assert isinstance(panel, TrainingPanel)
    assert isinstance(maps, FeatureMapsPanel)
    window.show_tab("training")
    bridge.stop()
    runner.start()
    until(lambda: runner.state == "finished", 60_000)
    bridge.drain()
    until(lambda: panel.loss.updates("validation") > 0 and panel.accuracy.updates("validation") > 0)
    wall = panel.filters.findChild(ImageWall, "filters.wall")
    assert isinstance(wall, ImageWall)
    until(lambda: wall.count == 6)
    assert panel.filters.title == "Conv2d · 6 filters 5×5 · epoch 1"
    window.show_tab("feature_maps")
    until(lambda: all(each.count for each in maps.findChildren(ImageWall) if each.isVisible()))
    assert sum(each.isVisible() for each in maps.findChildren(ImageWall)) > 1
