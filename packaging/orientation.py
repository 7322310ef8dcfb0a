"""Finding one's way, taking pictures away, and the window for every pair of eyes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from stage import Stage

from netbuilder.core.build import chain
from netbuilder.core.document import Project
from netbuilder.templates import project
from netbuilder.ui.theme import Choice

CONTRAST: tuple[Choice, ...] = ("dark-contrast", "light-contrast")


def orientation(stage: Stage) -> None:
    """Search, outline, frames and comments, pictures, shortcuts, high contrast, Python of one's own."""
    _found(stage)
    _framed(stage)
    _dialogs(stage)
    _contrast(stage)
    _python(stage)


def _found(stage: Stage) -> None:
    stage.open(project("resnet18"))
    stage.run("view.outline")
    tree = stage.window.side.outline.tree
    tree.expand(tree.model().index(5, 0))
    stage.run("canvas.find")
    stage.keys("canvas.find.field", "64×56")
    stage.both("outline-and-search")


def _framed(stage: Stage) -> None:
    stage.open(project("lenet5"))
    notes = stage.canvas.ground.notes
    for names, title, colour in ((("C1", "tanh_1", "S2"), "Feature extraction", "blue"), (("C5", "tanh_3", "F6"), "Classifier", "green")):
        stage.context.selection.set([stage.node(name) for name in names])
        stage.run("canvas.frame")
        stage.keys("canvas.note", title)
        stage.key(Qt.Key.Key_Return, on=stage.find("canvas.note"))
        notes.colour(colour)
    stage.context.selection.set([stage.node("S2")])
    stage.run("canvas.comment")
    stage.keys("canvas.note", "Try a stride of 2 in C1 instead, and compare the numbers of parameters.")
    stage.both("comment-typed")
    notes.editor.finish()  # type: ignore[union-attr]
    notes.choose(())
    stage.canvas.fit()
    stage.both("frames")


def _dialogs(stage: Stage) -> None:
    with stage.dialog(lambda: stage.run("file.picture")):
        stage.both("picture-canvas")
        stage.click("segment.lecture")
        stage.both("picture-lecture")
    with stage.dialog(lambda: stage.run("help.shortcuts")):
        stage.keys("shortcuts.search", "zoom")
        QTest.keyClick(stage.find("shortcuts.search"), Qt.Key.Key_Down)
        stage.both("shortcuts-search")


def _contrast(stage: Stage) -> None:
    stage.select("C3")
    for theme in CONTRAST:
        stage.application.choose_theme(theme)
        stage.pause(0.1)
        stage.shoot(theme)


def _python(stage: Stage) -> None:
    steps = [("input", {"shape": (3, 32, 32)}), ("conv2d", {"out_channels": 8, "kernel_size": 3}), "python", "flatten", "output"]
    stage.open(Project("Own layer", chain(steps)))
    stage.select("python_1")
    stage.both("python-not-allowed")
