"""Pictures of tensors opened: kernels, feature maps, samples, vectors, values in a block; weights drawn; neurons of small networks."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDialog, QScrollArea
from stage import THEMES, Stage

from netbuilder.probe.places import Place
from netbuilder.templates import project
from netbuilder.ui.dialogs.neurons import NeuronsWindow
from netbuilder.ui.dialogs.tensor import TensorWindow
from netbuilder.ui.side_windows import show_tensor

FEW = 4000
"""Images that the short training learns from."""


def tensors(stage: Stage) -> None:
    """All of them, each in both themes."""
    stage.open(project("lenet5"))
    _pages(stage)
    _weights(stage)
    _neurons(stage)
    _inside_a_block(stage)
    _following(stage)


def _pages(stage: Stage) -> None:
    window = _opened(stage, Place("parameter", stage.node("C3"), "weight"), {0: 3, 1: 2})
    picture = window.parts.stage.picture
    picture.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        stage.key(key, on=picture)
    _shoot(stage, window, "tensor-kernel")
    _opened(stage, Place("output", stage.node("C1"), "out"), {1: 2})
    _shoot(stage, window, "tensor-output")
    _opened(stage, Place("sample", name="0"))
    picture.zoom(3.2, QPointF(picture.cell(8, 16).center()))
    _shoot(stage, window, "tensor-sample")
    _opened(stage, Place("parameter", stage.node("F6"), "bias"))
    for page in ("curve", "numbers"):
        window.parts.stage.pages.choose(page)
        window.parts.stage.pages.chosen.emit(page)
        _shoot(stage, window, f"tensor-{page}")
    window.list.search.setText("c5 weight")
    _opened(stage, Place("parameter", stage.node("C5"), "weight"))
    _shoot(stage, window, "tensor-search")
    window.close()


def _weights(stage: Stage) -> None:
    for name in ("C3", "F6"):
        stage.select(name)
        drawing = stage.find("inspector.open_weight")
        area = stage.window.inspector.findChild(QScrollArea)
        assert area is not None
        area.ensureWidgetVisible(drawing)
        stage.both(f"inspector-weights-{name.lower()}")


def _neurons(stage: Stage) -> None:
    for name, at in (("mlp-3-4-2", (1, 2)), ("mlp-3-4-4-1", (2, 0))):
        stage.open(project(name))
        stage.window.session.load_data()
        stage.settle()
        stage.run("inspect.neurons")
        window = stage.window.findChild(QDialog, "dialog.neurons")
        assert isinstance(window, NeuronsWindow)
        stage.until(lambda window=window: bool(window.passed), "the neurons")  # type: ignore[misc]
        window.sample.setValue(3)
        window.view.choose(*at)
        _shoot(stage, window, f"neurons-{name}")
        window.close()


def _inside_a_block(stage: Stage) -> None:
    whole = project("resnet18")
    stage.open(replace(whole, data=project("lenet5").data))
    stage.window.session.level.enter(stage.node("layer2_0"))
    stage.context.selection.set([stage.canvas.graph.by_name["conv1"].id])
    stage.run("inspect.tensor")
    window = _window(stage)
    _ready(stage, window, lambda: window.shown is not None)
    _shoot(stage, window, "tensor-block")
    window.close()


def _following(stage: Stage) -> None:
    whole = project("lenet5")
    stage.open(replace(whole, data={**whole.data, "limit": FEW}, training={**whole.training, "epochs": 40}))
    stage.until_epoch(1)
    place = Place("gradient", stage.node("C1"), "weight")
    window = _opened(stage, Place("parameter", stage.node("C1"), "weight"))
    stage.until(lambda: window.list.entry(place) is not None, "the gradients")
    _opened(stage, place)
    _shoot(stage, window, "tensor-following")
    stage.runner.abort()
    stage.until_end()
    window.close()


def _opened(stage: Stage, place: Place, at: dict[int, int] | None = None) -> TensorWindow:
    show_tensor(stage.context, stage.window, place, at)
    window = _window(stage)
    _ready(stage, window, lambda: window.shown is not None and window.shown.place == place)
    return window


def _window(stage: Stage) -> TensorWindow:
    found = stage.window.findChild(QDialog, "dialog.tensor")
    assert isinstance(found, TensorWindow)
    return found


def _ready(stage: Stage, window: TensorWindow, shown: Callable[[], bool]) -> None:
    stage.until(lambda: shown() and window.parts.figures.summary is not None, "the tensor")
    stage.pause(0.2)


def _shoot(stage: Stage, window: QDialog, name: str) -> None:
    for theme in THEMES:
        stage.application.choose_theme(theme)
        stage.pause(0.1)
        window.grab().save(str(stage.out / f"{name}-{theme}{stage.suffix}.png"))
