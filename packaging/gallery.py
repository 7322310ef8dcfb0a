"""Every panel, dialog and state of the window as a picture, in both themes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from canvas_acts import canvas_acts
from inside import blocks
from learning import learning
from lessons import lessons
from msgspec.structs import replace
from orientation import orientation
from outputs import outputs
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu
from stage import THEMES, Stage
from sweeps import sweeps
from tensors import tensors
from tour import on_stage

from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.paths import home
from netbuilder.templates import project

README = (
    "training-dark",
    "problem-dark",
    "feature-maps-light",
    "block-inside-dark",
    "results-curves-light",
    "picture-lecture-light",
    "playground-ravine-dark",
    "landscape-path-light",
    "tensor-kernel-dark",
    "sweep-light",
    "neurons-mlp-3-4-2-dark",
    "welcome-light",
    "export-dark",
)
MANY, FEW = 20_000, 4000
"""Images that the short trainings learn from."""


def gallery(out: Path, scale: int, chosen: Path) -> None:
    """Take all pictures, or at twice the size a few; copy the README's, made small, into `chosen`.

    An act that stops does not stop the others; raises `NetbuilderError` with the names of all that stopped.
    """
    with on_stage(out) as stage:
        stage.suffix = "@2x" if scale > 1 else ""
        seen = (drawing, canvas_acts, blocks, training, looking, lessons, learning)
        everything = (*seen, outputs, sweeps, tensors, orientation, dialogs, large)
        stopped = [act.__name__ for act in ((drawing, training) if scale > 1 else everything) if not _played(act, stage)]
    if stopped:
        raise NetbuilderError(f"Not every picture was taken. These acts stopped: {', '.join(stopped)}.")
    if scale == 1:
        chosen.mkdir(parents=True, exist_ok=True)
        for name in README:
            shrink(out / f"{name}.png", chosen / f"{name}.png")
    print(f"Pictures are in {out}", flush=True)


def _played(act: Callable[[Stage], None], stage: Stage) -> bool:
    try:
        act(stage)
    except Exception:
        traceback.print_exc()
        return False
    print(f"{act.__name__}: done", flush=True)
    return True


def shrink(source: Path, target: Path, colours: int = 255) -> None:
    """Write a picture again with a palette, as small as can be."""
    from PIL import Image

    with Image.open(source) as image:
        image.convert("RGB").quantize(colours, kmeans=4, dither=Image.Dither.NONE).save(target, optimize=True)


def drawing(stage: Stage) -> None:
    """The canvas, the inspector and what goes wrong there."""
    stage.open(project("lenet5"))
    stage.both("start")
    for name in ("C3", "F6", "S2", "input"):
        stage.select(name)
        stage.both(f"inspector-{name.lower()}")
    stage.context.selection.set([stage.node("C1"), stage.node("C3")])
    stage.both("inspector-several")
    _ways_to_add(stage)
    _mistakes(stage)
    for percent in (200, 45, 20, 10):
        stage.canvas.set_zoom(percent / 100)
        stage.both(f"zoom-{percent}")
    stage.canvas.fit()
    stage.run("canvas.turn")
    stage.pause(0.2)
    stage.both("flow-down")
    stage.run("edit.undo")


def _ways_to_add(stage: Stage) -> None:
    stage.select("S4")
    for theme in THEMES:
        stage.application.choose_theme(theme)
        stage.key(Qt.Key.Key_Tab)
        stage.shoot(f"quick-add-{theme}")
        stage.key(Qt.Key.Key_Escape, on=stage.find("canvas.picker.field"))
    wire = _between(stage, "C1", "tanh_1")
    stage.drag("dropout", wire, drop=False)
    stage.both("drag-over-wire")
    stage.drag("dropout", wire)
    stage.both("dropout-inserted")
    stage.run("edit.undo")
    start = _port(stage, "S2", "out")
    stage.press(start)
    stage.move(start + QPoint(60, 60))
    stage.move(_port(stage, "C5", "in") + QPoint(3, 2))
    stage.both("connecting")
    stage.move(_port(stage, "C1", "in"))
    stage.both("connecting-a-loop")
    stage.release(_port(stage, "C1", "in"))
    stage.both("refused")
    stage.canvas.overlays.bubble.hide()
    stage.click("search.commands")
    stage.both("command-palette")
    stage.keys("palette.commands.field", "norm")
    stage.both("command-palette-search")
    stage.key(Qt.Key.Key_Escape, on=stage.find("palette.commands.field"))


def _mistakes(stage: Stage) -> None:
    stage.select("C3")
    stage.type("field.kernel_size", "40")
    stage.run("view.problems")
    stage.both("problem")
    stage.type("field.kernel_size", "five")
    stage.both("problem-unreadable")
    stage.run("edit.undo")
    stage.select("tanh_2")
    stage.run("canvas.disconnect")
    stage.both("problem-missing-wire")
    while stage.window.document.undo_label:
        stage.run("edit.undo")
    stage.both("problems-none")
    stage.run("view.source")
    stage.both("source")
    stage.run("view.training")
    stage.window.notify("Dropout was added. Unchanged layers keep what they have learnt.")
    stage.both("toast")
    stage.window.notify("The disk is full: “lenet5.netb” was not saved.", "error")
    stage.both("toast-error")
    stage.window.toast.hide()


def training(stage: Stage) -> None:
    """From Start to the end of twenty short epochs, with a pause and an edit."""
    whole = project("lenet5")
    stage.open(replace(whole, data={**whole.data, "limit": MANY}))
    stage.run("view.training")
    stage.type("field.epochs", "20")
    stage.select("C3")
    stage.until_epoch(0)
    stage.both("training-first-epoch")
    stage.until_epoch(8)
    stage.both("training")
    stage.click("button.train.start")
    stage.until(lambda: stage.runner.state == "paused", "the pause")
    stage.both("training-paused")
    stage.drag("dropout", _between(stage, "C5", "tanh_3"))
    stage.click("button.train.start")
    stage.pause(1.0)
    stage.both("training-resumed")
    stage.until_end()
    stage.both("training-finished")
    stage.click("training.unfold")
    stage.both("training-recipe")
    if stage.suffix:
        _feature_maps(stage)


def looking(stage: Stage) -> None:
    """Data, feature maps and runs."""
    _feature_maps(stage)
    stage.run("view.data")
    stage.pause(0.5)
    stage.both("data")
    with stage.dialog(lambda: stage.run("file.export")):
        stage.both("export-ready")
        stage.type("export.path", str(stage.out / "lenet5.safetensors"))
        stage.row("export.formats", 2)
        stage.click("export.go")
        stage.both("export-busy")
        stage.find("export.show")
        stage.both("export")
    for rate in ("0.2", "0.01"):
        short = project("lenet5")
        optimizer = {**short.training["optimizer"], "learning_rate": float(rate)}
        data, recipe = {**short.data, "limit": FEW}, {**short.training, "epochs": 6, "optimizer": optimizer}
        stage.open(replace(short, name=f"Rate {rate}", training=recipe, data=data))
        stage.until_epoch(0)
        stage.until_end()
    stage.run("view.runs")
    stage.pause(1.5)
    stage.both("runs")
    table = stage.window.tabs.panel("runs").panel.table  # type: ignore[attr-defined]
    for row in range(table.model().rowCount()):
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(table.model().index(row, 0), flags)
    stage.pause(1.5)
    stage.both("runs-compared")


def _feature_maps(stage: Stage) -> None:
    stage.run("view.feature_maps")
    stage.canvas.selection.clear()
    stage.find("feature_maps.prediction")
    stage.pause(1.0)
    stage.both("feature-maps")
    stage.select("C3")
    stage.pause(1.0)
    stage.both("feature-maps-c3")
    stage.type("shift.x", "4")
    stage.type("shift.y", "-3")
    stage.click("segment.training")
    stage.pause(1.0)
    stage.both("feature-maps-moved")
    stage.click("segment.evaluation")
    stage.click("shift.reset")


def dialogs(stage: Stage) -> None:
    """Welcome, shortcuts, about; menus; nothing there yet."""
    stage.open(project("lenet5"))
    stage.run("view.training")
    for name, command in (("welcome", "file.new"), ("shortcuts", "help.shortcuts"), ("about", "help.about")):
        with stage.dialog(partial(stage.run, command)):
            stage.both(name)
    with stage.dialog(lambda: stage.run("file.new")):
        stage.row("welcome.gallery", 0, last=True)
        stage.both("welcome-empty")
    for number, menu in enumerate(("file", "network")):
        action = stage.window.top.menus.actions()[3 * number]
        place = stage.window.top.menus.actionGeometry(action).bottomLeft()
        action.menu().popup(stage.window.top.menus.mapToGlobal(place))  # type: ignore[attr-defined]
        stage.both(f"menu-{menu}")
        action.menu().hide()  # type: ignore[attr-defined]
    _recent(stage)
    stage.open(Project(name="Untitled"))
    stage.both("empty")
    for tab in ("data", "feature_maps", "runs", "source", "problems"):
        stage.run(f"view.{tab}")
        stage.both(f"empty-{tab.replace('_', '-')}")


def _recent(stage: Stage) -> None:
    """Projects opened lately, one of them gone."""
    preferences, folder = stage.application.preferences, home() / "lectures"
    folder.mkdir(exist_ok=True)
    preferences.remember(folder / "moved.netb")
    for name in ("unet", "resnet18", "lenet5"):
        preferences.remember(Document(project(name)).save(folder / f"{name}.netb"))
    menu = stage.window.findChild(QMenu, "menu.recent")
    menu.popup(stage.window.mapToGlobal(QPoint(120, 120)))
    stage.pause(0.5)
    stage.both("menu-recent")
    menu.hide()


def large(stage: Stage) -> None:
    """A network that does not fit at full size, and a small window."""
    stage.open(project("resnet18"))
    stage.run("view.training")
    stage.both("resnet18")
    stage.canvas.set_zoom(0.4)
    stage.both("resnet18-closer")
    stage.open(project("lenet5"))
    stage.window.resize(1024, 640)
    stage.pause(0.2)
    stage.both("small-window")


def _port(stage: Stage, node: str, port: str) -> QPoint:
    item = stage.canvas.canvas_scene.nodes[stage.node(node)]
    return stage.canvas.mapFromScene(item.output_place("out") if port == "out" else item.input_place(port))


def _between(stage: Stage, source: str, target: str) -> QPoint:
    start, end = _port(stage, source, "out"), _port(stage, target, "in")
    return QPointF((start.x() + end.x()) / 2, (start.y() + end.y()) / 2).toPoint()
