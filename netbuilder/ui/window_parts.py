"""The parts of a window that are imported and made after its first paint."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netbuilder.ui.widgets.later_panel import Factory, LaterPanel
from netbuilder.ui.widgets.tabs import Tabs
from netbuilder.ui.window_layout import TABS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from netbuilder.ui.context import UiContext
    from netbuilder.ui.main_window import MainWindow

BAR = 47


def palette_place(window: MainWindow) -> LaterPanel:
    """The layer catalogue and the outline."""

    def make() -> QWidget:
        from netbuilder.ui.panels.side import SidePanel

        return SidePanel(window.context, window.canvas.add_layer_at_centre, window.canvas.reveal)

    return LaterPanel(make)


def inspector_place(window: MainWindow) -> LaterPanel:
    """The panel at the right."""

    def make() -> QWidget:
        from netbuilder.ui.panels.inspector.panel import InspectorPanel

        return InspectorPanel(window.context)

    return LaterPanel(make)


def bar_place(window: MainWindow) -> LaterPanel:
    """The train bar under the menus."""

    def make() -> QWidget:
        from netbuilder.ui.panels.training.bar import TrainBar

        return TrainBar(window.context)

    place = LaterPanel(make)
    place.setFixedHeight(BAR)
    return place


def bottom_tabs(window: MainWindow) -> Tabs:
    """The tabs under the canvas."""
    tabs = Tabs(window.shell.themes)
    tabs.setObjectName("panel.bottom")
    makers: dict[str, Factory] = {
        "problems": partial(_problems, window),
        "source": partial(_source, window),
        "history": partial(_history, window),
    }
    for key, title in TABS.items():
        tabs.add(key, title, LaterPanel(makers.get(key) or partial(_drawing_panel, key, window.context), sideways=True))
    tabs.set_badge("problems", "0", "good")
    return tabs


def _problems(window: MainWindow) -> QWidget:
    from netbuilder.ui.panels.problems import ProblemsPanel

    panel = ProblemsPanel(window.context, window.notes)
    panel.revealed.connect(window.reveal)
    panel.counted.connect(window.count_problems)
    return panel


def _source(window: MainWindow) -> QWidget:
    from netbuilder.ui.panels.source import SourcePanel

    return SourcePanel(window.context)


def _history(window: MainWindow) -> QWidget:
    from netbuilder.ui.panels.history import HistoryPanel

    return HistoryPanel(window.context)


def _drawing_panel(key: str, context: UiContext) -> QWidget:
    """One of the panels that draw plots and pictures."""
    from netbuilder.ui.panels.data.panel import DataPanel
    from netbuilder.ui.panels.feature_maps.panel import FeatureMapsPanel
    from netbuilder.ui.panels.results.panel import ResultsPanel
    from netbuilder.ui.panels.runs.panel import RunsPanel
    from netbuilder.ui.panels.training.panel import TrainingPanel

    panels: dict[str, Callable[[UiContext], QWidget]] = {
        "data": DataPanel,
        "training": TrainingPanel,
        "results": ResultsPanel,
        "feature_maps": FeatureMapsPanel,
        "runs": RunsPanel,
    }
    return panels[key](context)
