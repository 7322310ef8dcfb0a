"""A curve for each of several outputs, live and of a recorded run."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from netbuilder.app.runs import History
from netbuilder.train.events import EpochDone, OutputDone, Started
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.panels.training.panel import TrainingPanel
from netbuilder.ui.panels.training.recorded_curves import draw_run
from netbuilder.ui.plots.curve_plot import CurvePlot

OWN = (OutputDone("main", 0.4, 0.8, 0.5, 0.7), OutputDone("aside", 0.6, None, 0.9, None))
FIRST = EpochDone(1, 10, 0.7, 0.8, 0.95, 0.7, 0.1, 1.0, 100.0, True, OWN)
SECOND = replace(FIRST, epoch=2, step=20, outputs=(replace(OWN[0], validation_loss=0.3), OWN[1]))


def test_every_output_has_a_curve_while_it_learns(window: MainWindow, qtbot: QtBot) -> None:
    panel = TrainingPanel(window.context)
    qtbot.addWidget(panel)
    panel.take([Started("cpu", 10, 2), FIRST, SECOND])
    assert list(panel.loss.keys) == ["train", "validation", "output:main", "output:aside"]
    assert panel.accuracy.keys == ("train", "validation", "output:main")
    assert panel.loss.points("output:main")[1].tolist() == [0.5, 0.3]
    panel.take([Started("cpu", 10, 2)])
    assert list(panel.loss.keys) == ["train", "validation"]


def test_a_recorded_run_shows_its_outputs_unless_it_is_one_of_several(window: MainWindow, qtbot: QtBot) -> None:
    plots = CurvePlot(window.context.themes, "Loss"), CurvePlot(window.context.themes, "Accuracy")
    for plot in plots:
        qtbot.addWidget(plot)
    history, folder = History((FIRST, SECOND), ()), Path("run")
    draw_run(plots, folder, history)
    draw_run(plots, folder, history)
    assert plots[0].points("run:output:aside")[1].tolist() == [0.9, 0.9]
    draw_run(plots, folder, history, "run", 0)
    assert not [key for key in plots[0].keys if "output" in key]
