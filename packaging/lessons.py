"""Pictures of what the window teaches: results by class, playground, decision surfaces, schedules, layers at work."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QScrollArea
from stage import THEMES, Stage

from netbuilder.app.landscape import Kind
from netbuilder.core.edits import set_training
from netbuilder.templates import project
from netbuilder.ui.dialogs.landscape import LandscapeWindow
from netbuilder.ui.dialogs.playground import PlaygroundWindow
from netbuilder.ui.dialogs.step_through import StepThrough

FEW = 4000
"""Images that the short trainings learn from."""


def lessons(stage: Stage) -> None:
    """All of them, each in both themes."""
    _results(stage)
    _layers(stage)
    _decision_surface(stage)
    _schedules(stage)


def _results(stage: Stage) -> None:
    whole = project("lenet5")
    stage.open(replace(whole, data={**whole.data, "limit": FEW}, training={**whole.training, "epochs": 3}))
    stage.run("view.results")
    stage.pause(1.0)
    stage.both("results-untrained")
    stage.until_epoch(0)
    stage.until_end()
    stage.pause(1.0)
    for page in ("classes", "curves", "samples"):
        stage.click(f"segment.{page}")
        stage.both(f"results-{page}")
    wall = stage.find("results.samples", QListWidget)
    assert isinstance(wall, QListWidget)
    wall.setCurrentRow(1)
    stage.both("results-sample")
    stage.run("view.runs")
    stage.click("segment.complexity")
    stage.pause(1.5)
    stage.both("runs-complexity")


def _layers(stage: Stage) -> None:
    stage.open(project("lenet5"))
    document = stage.window.document
    document.apply(set_training([stage.node("C1")], "frozen", True), "Freeze")
    document.apply(set_training([stage.node("C3"), stage.node("C5")], "l1", 0.001), "Change l1")
    for name in ("C3", "tanh_1"):
        stage.select(name)
        stage.both(f"inspector-learning-{name.lower()}")
    for name in ("C3", "S2"):
        stage.select(name)
        stage.run("inspect.step_through")
        steps = _window(stage, "dialog.step_through")
        assert isinstance(steps, StepThrough)
        for _ in range(3):
            stage.key(Qt.Key.Key_Right, on=steps)
        _beside(stage, steps, f"step-through-{name.lower()}")


def _decision_surface(stage: Stage) -> None:
    points = project("playground-2d")
    stage.open(replace(points, training={**points.training, "keep_every": 2}))
    stage.run("view.training")
    stage.until_epoch(0)
    stage.until_end()
    stage.both("decision-surface")
    stage.run("inspect.playground")
    playground = _window(stage, "dialog.playground")
    assert isinstance(playground, PlaygroundWindow)
    for surface, steps in (("parabola", 4), ("ravine", 40), ("himmelblau", 60)):
        playground.show_surface(surface)
        for _ in range(steps):
            playground.step()
        _beside(stage, playground, f"playground-{surface}")
    playground.hide()
    _landscape(stage)


def _landscape(stage: Stage) -> None:
    """The loss around the network of points that was trained: as a map, seen from the side, on its own path, and its curvature."""
    stage.run("inspect.landscape")
    found = _window(stage, "dialog.landscape")
    assert isinstance(found, LandscapeWindow)
    stage.until(lambda: not found.busy, "the landscape")
    _beside(stage, found, "landscape-map")
    found.measure()
    stage.until(lambda: not found.busy, "the curvature")
    found.view.show_look("hill")
    _beside(stage, found, "landscape-surface")
    found.view.show_look("map")
    kinds: tuple[Kind, ...] = ("path", "line")
    for kind in kinds:
        found.form.choose(kind)
        found.draw()
        stage.until(lambda: not found.busy, "the landscape")
        _beside(stage, found, f"landscape-{kind}")
    found.hide()


def _schedules(stage: Stage) -> None:
    for name in ("step", "one-cycle", "drawn"):
        whole = project("lenet5")
        stage.open(replace(whole, training={**whole.training, "schedule": name}))
        stage.run("view.training")
        curve = stage.find("schedule.curve")
        form = stage.find("training.recipe", QScrollArea)
        assert isinstance(form, QScrollArea)
        form.ensureWidgetVisible(curve)
        curve.setFocus()
        stage.both(f"schedule-{name}")


def _window(stage: Stage, name: str) -> QDialog:
    found = stage.window.findChild(QDialog, name)
    assert found is not None
    return found


def _beside(stage: Stage, window: QDialog, name: str) -> None:
    """A picture of a window beside the main one, in both themes."""
    for theme in THEMES:
        stage.application.choose_theme(theme)
        stage.pause(0.1)
        window.grab().save(str(stage.out / f"{name}-{theme}{stage.suffix}.png"))
