"""Pictures of the complexity sweep: before it, in progress, with its result, with what is refused."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit
from stage import THEMES, Stage

from netbuilder.templates.declare import find
from netbuilder.ui.dialogs.sweep import SweepWindow


def sweeps(stage: Stage) -> None:
    """All of them, each in both themes."""
    whole = find("playground-2d").project()
    data = {"source": {"name": "points", "shape": "moons", "n": 1000, "noise": 0.3}, "validation": 0.88}
    training = {**whole.training, "optimizer": {"name": "adam", "learning_rate": 0.03}, "batch_size": 8}
    stage.open(replace(whole, training=training, data=data))
    stage.run("view.runs")
    stage.run("train.sweep")
    dialog = stage.window.findChild(QDialog, "dialog.sweep")
    assert isinstance(dialog, SweepWindow)
    _beside(stage, "sweep-before", dialog)
    _levels(stage, dialog, "1/4 0 2")
    _beside(stage, "sweep-refused", dialog)
    _levels(stage, dialog, "1/4 1/2 1 2 4 8")
    dialog.form.choose(epochs=60, seeds=2)
    stage.click("sweep.start")
    stage.until(lambda: dialog.found.trained >= 8, "some sizes", 300)
    _beside(stage, "sweep-in-progress", dialog)
    stage.until_end()
    stage.until(lambda: dialog.found.trained == dialog.found.count, "the last size", 60)
    dialog.table.selectRow(5)
    _beside(stage, "sweep", dialog)
    dialog.close()
    stage.pause(1.5)
    stage.both("runs-sweep")
    stage.run("view.training")


def _beside(stage: Stage, name: str, dialog: SweepWindow) -> None:
    """A window of its own, in both themes."""
    for theme in THEMES:
        stage.application.choose_theme(theme)
        stage.pause(0.1)
        if not dialog.grab().save(str(stage.out / f"{name}-{theme}.png"), "PNG"):
            raise OSError(f"“{name}” cannot be written.")


def _levels(stage: Stage, dialog: SweepWindow, text: str) -> None:
    field = dialog.findChild(QLineEdit, "sweep.levels")
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, text)
    stage.pause(0.2)
