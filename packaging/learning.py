"""Pictures of what comes before and beside a training: losses, rates, checks, folds, ensembles, baselines, masks."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QScrollArea
from stage import Stage

import netbuilder as nb
from netbuilder.app.baseline import Order
from netbuilder.app.series_plan import Plan
from netbuilder.core.edits import set_settings
from netbuilder.templates import project
from netbuilder.templates.declare import find
from netbuilder.ui.dialogs.rate_test import RateTestDialog
from netbuilder.ui.dialogs.sanity import SanityDialog
from netbuilder.ui.window_dialogs import load_weights

FEW = 2000
"""Images that the short trainings learn from."""
MIXTURE = {"name": "mixture", "losses": ({"name": "cross-entropy", "weight": 1.0}, {"name": "focal", "weight": 0.25})}


def learning(stage: Stage) -> None:
    """All of them, each in both themes."""
    _losses(stage)
    _before(stage)
    _several(stage)
    _transfer(stage)
    stage.open(find("unet").project(task="classes", maps=3))
    stage.run("view.data")
    stage.window.session.load_data()
    stage.settle()
    stage.both("data-masks")


def _losses(stage: Stage) -> None:
    whole = project("lenet5")
    end = next(node.id for node in whole.graph.nodes.values() if node.layer == "output")
    graph = set_settings(end, {"loss": {"name": "focal", "gamma": 3.0}, "loss_weight": 0.5})(whole.graph)
    stage.open(replace(whole, graph=graph, training={**whole.training, "loss": MIXTURE}))
    stage.run("view.training")
    stage.context.selection.set([end])
    stage.both("losses")
    form = stage.find("training.recipe", QScrollArea)
    assert isinstance(form, QScrollArea)
    stage.until(lambda: "torch" in sys.modules, "torch")
    form.ensureWidgetVisible(stage.find("loss.curve"))
    stage.pause(1.5)
    stage.both("losses-curve")


def _before(stage: Stage) -> None:
    whole = project("lenet5")
    stage.open(replace(whole, data={**whole.data, "limit": FEW}))
    rate = RateTestDialog(stage.context, stage.window)
    rate.open()
    stage.until(lambda: rate.suggestion is not None, "the range test")
    stage.both("find-rate")
    rate.reject()
    checks = SanityDialog(stage.context, stage.window)
    checks.open()
    checks.run_all()
    stage.until(lambda: all(card.message.text() for card in checks.cards.values()), "the checks")
    stage.both("sanity-checks")
    checks.reject()
    for name in ("folds", "baseline"):
        stage.run(f"train.{name}")
        stage.both(f"dialog-{name}")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.reject()


def _several(stage: Stage) -> None:
    whole = find("playground-2d").project()
    stage.open(replace(whole, training={**whole.training, "epochs": 10}))
    stage.run("view.runs")
    for plan in (Order(), Plan("folds", 5), Plan("ensemble", 12)):
        stage.runner.start(plan=plan)
        stage.until_end()
    stage.pause(1.5)
    stage.both("runs-series")


def _transfer(stage: Stage) -> None:
    """Weights of another task are loaded, the head replaced, the rest frozen, and the head trained."""
    whole = find("resnet18").project(classes=10, width=25, image_size=32)
    data = {"source": {"name": "gratings", "classes": 3, "size": 32, "channels": 3, "count": 240}, "validation": 48}
    stage.open(replace(whole, training={**whole.training, "epochs": 2, "batch_size": 24}, data=data))
    with TemporaryDirectory() as folder:
        weights = Path(folder) / "learned.safetensors"
        nb.export(whole.graph, weights)
        load_weights(stage.window, weights)
        stage.until(lambda: stage.window.session.inspected is not None, "the weights")
    stage.both("weights-loaded")
    stage.run("network.replace_head")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    box = dialog.findChild(QCheckBox, "head.freeze")
    assert box is not None
    box.click()
    stage.pause(0.3)
    stage.both("dialog-head")
    dialog.accept()
    stage.run("train.fine_tune")
    stage.until_end()
    stage.both("fine-tuned")
