"""Pictures of what the canvas shows while somebody works on it: ghosts, remedies, fields in place, colours by quantity."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from stage import NONE, THEMES, Stage

from netbuilder.core.edits import set_setting
from netbuilder.core.graph import Port
from netbuilder.templates import project

LEFT = Qt.MouseButton.LeftButton


def canvas_acts(stage: Stage) -> None:
    """LeNet-5 under the pointer, in both themes; afterwards it is as it was."""
    stage.open(project("lenet5"))
    for theme in THEMES:
        stage.application.choose_theme(theme)
        for act in (_wire, _quick_edit, _remedies, _lasso, _take_out):
            act(stage, theme)
    for quantity in ("parameters", "macs", "receptive_field"):
        stage.run(f"canvas.heat_{quantity}")
        stage.both(f"heat-{quantity.replace('_', '-')}")
    stage.canvas.set_zoom(0.2)
    stage.both("heat-from-afar")
    stage.run(f"canvas.heat_{quantity}")
    stage.canvas.fit()
    while stage.window.document.undo_label:
        stage.run("edit.undo")


def _wire(stage: Stage, theme: str) -> None:
    """What flows along it."""
    wire = stage.canvas.canvas_scene.wires[Port(stage.node("S2"), "in")]
    middle = stage.canvas.mapFromScene(wire.path.pointAtPercent(0.5))
    for at in (middle + QPoint(0, 60), middle):
        QTest.mouseMove(stage.canvas.viewport(), at)
    stage.shoot(f"wire-explained-{theme}")
    stage.canvas.hover.clear()


def _quick_edit(stage: Stage, theme: str) -> None:
    """More channels, and what they would change."""
    stage.context.selection.set([stage.node("C1")])
    stage.run("canvas.quick_edit")
    field = stage.find("canvas.quick_edit.field")
    QTest.keyClick(field, Qt.Key.Key_Up)
    stage.shoot(f"quick-edit-{theme}")
    QTest.keyClick(field, Qt.Key.Key_Escape)


def _remedies(stage: Stage, theme: str) -> None:
    """A kernel that is too large, and the ghost of the first remedy."""
    stage.window.document.apply(set_setting(stage.node("C3"), "kernel_size", 15), "Change kernel size")
    stage.context.selection.set([stage.node("C3")])
    stage.run("canvas.mend")
    stage.shoot(f"remedies-{theme}")
    stage.key(Qt.Key.Key_Escape, on=stage.find("canvas.menu"))
    stage.run("edit.undo")


def _lasso(stage: Stage, theme: str) -> None:
    """A line around two layers."""
    rect = stage.canvas.canvas_scene.nodes[stage.node("C3")].rect.adjusted(-20, -20, 220, 20)
    corners = [stage.canvas.mapFromScene(QPointF(*at)) for at in _around(rect)]
    port = stage.canvas.viewport()
    QTest.mousePress(port, LEFT, Qt.KeyboardModifier.AltModifier, corners[0])
    for corner in corners[1:]:
        stage.move(corner)
    stage.shoot(f"lasso-{theme}")
    QTest.mouseRelease(port, LEFT, NONE, QPoint(corners[0]))
    stage.context.selection.clear()


def _take_out(stage: Stage, theme: str) -> None:
    """A layer on its way out of its wires, which close behind it."""
    canvas, scene = stage.canvas, stage.canvas.canvas_scene
    start = canvas.mapFromScene(scene.nodes[stage.node("S2")].rect.center() + QPointF(0, -16))
    QTest.mousePress(canvas.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, start)
    for to in (start + QPoint(60, 120), canvas.mapFromScene(scene.nodes[stage.node("output")].rect.center()) + QPoint(280, 0)):
        stage.move(to)
    stage.shoot(f"taken-out-{theme}")
    stage.key(Qt.Key.Key_Escape, on=canvas)
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, start)
    stage.context.selection.clear()


def _around(rect: QRectF) -> list[tuple[float, float]]:
    left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
    return [(left, top), ((left + right) / 2, top - 12), (right, top), (right, bottom), ((left + right) / 2, bottom + 12), (left, bottom)]
