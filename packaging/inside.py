"""Pictures of blocks: used, opened, with expressions inside, made of a selection, wrong inside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from stage import Stage

from netbuilder.core.block_placement import place_block
from netbuilder.core.build import chain
from netbuilder.core.document import Project
from netbuilder.core.edits import set_setting
from netbuilder.templates import project
from netbuilder.templates.blocks import library


def blocks(stage: Stage) -> None:
    """All of them, each in both themes."""
    stage.open(project("resnet18"))
    stage.run("view.problems")
    stage.context.selection.set([_id(stage, "layer1_0")])
    stage.both("block-use")
    stage.run("canvas.open_block")
    stage.both("block-inside")
    stage.run("canvas.heat_macs")
    stage.both("block-heat")
    stage.run("canvas.heat_macs")
    stage.context.selection.set([_id(stage, "conv1")])
    stage.both("block-expression")
    stage.type("field.out_channels", "$channel * 4")
    stage.both("block-expression-refused")
    stage.key(Qt.Key.Key_Escape, on=stage.find("field.out_channels"))
    stage.window.session.level.apply(set_setting(_id(stage, "conv1"), "kernel_size", 99), "Change kernel size")
    stage.run("canvas.leave_block")
    stage.both("block-problem-inside")
    stage.run("edit.undo")
    stage.run("canvas.leave_block")
    stage.context.selection.set([_id(stage, name) for name in ("conv1", "bn1", "relu1")])
    stage.run("canvas.make_block")
    stage.both("block-name")
    stage.key(Qt.Key.Key_Escape, on=stage.find("canvas.name_prompt.field"))
    stage.open(Project("Blocks", place_block(library()["u-net-down"].block, (204.0, 0.0))(chain([("input", {"shape": (3, 64, 64)})]))))
    stage.pause(0.4)
    stage.both("block-nested")


def _id(stage: Stage, name: str) -> str:
    return stage.canvas.graph.by_name[name].id
