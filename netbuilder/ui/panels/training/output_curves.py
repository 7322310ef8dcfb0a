"""Beside the whole loss: a curve for each of several outputs, its own loss and accuracy, judged where there is a validation part."""

from __future__ import annotations

from collections.abc import Sequence

from netbuilder.train.events import EpochDone
from netbuilder.ui.plots.curve_plot import CurvePlot

MARK = "output:"
UNLIKE = 2
"""The first colours are near those of the whole."""
Pair = Sequence[CurvePlot]
"""A plot of losses and one of accuracies."""


def add_outputs(plots: Pair, epoch: EpochDone, place: str = "") -> None:
    """One more point for every output; `place` tells the curves of several runs apart."""
    for number, own in enumerate(epoch.outputs):
        for plot, figure in zip(plots, ("loss", "accuracy"), strict=True):
            judged = getattr(own, f"validation_{figure}")
            value = getattr(own, f"train_{figure}") if judged is None else judged
            if value is not None:
                key = f"{place}{MARK}{own.name}"
                plot.add_curve(key, own.name, "validation", number + UNLIKE)
                plot.append(key, epoch.epoch, value)


def remove_outputs(plots: Pair, place: str = "") -> None:
    """Take them away; the next training may have others."""
    for plot in plots:
        for key in plot.keys:
            if key.startswith(f"{place}{MARK}"):
                plot.remove_curve(key)
