"""A canvas on a real document, with nothing around it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from hand import Hand
from pytestqt.qtbot import QtBot

from netbuilder.app.run_store import RunStore
from netbuilder.app.session import Session
from netbuilder.core.build import chain
from netbuilder.core.document import Document, Project
from netbuilder.core.graph import Graph
from netbuilder.ui.canvas.commands.registration import add_canvas_commands
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.selection import Selection
from netbuilder.ui.theme import Themes

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LENET = (
    ("input", {"shape": (1, 28, 28)}),
    ("conv2d", {"out_channels": 6, "kernel_size": 5, "padding": 2}),
    "tanh",
    ("avgpool2d", {"kernel_size": 2}),
    ("conv2d", {"out_channels": 16, "kernel_size": 5}),
    "tanh",
    ("avgpool2d", {"kernel_size": 2}),
    "flatten",
    ("linear", {"out_features": 120}),
    ("linear", {"out_features": 84}),
    ("linear", {"out_features": 10}),
    "output",
)


def _quiet(text: str, kind: str = "info", place: str | None = None) -> None:
    """No toasts."""


@pytest.fixture
def make_canvas(qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., CanvasView]]:
    """Builds a shown canvas on a graph; sessions are closed at the end."""
    sessions: list[Session] = []

    def make(graph: Graph | None = None, size: tuple[int, int] = (928, 500)) -> CanvasView:
        session = Session(Document(Project("LeNet-5", graph or Graph())), runs=RunStore(tmp_path_factory.mktemp("runs")))
        sessions.append(session)
        context = UiContext(
            session=session,
            selection=Selection(),
            themes=Themes("dark"),
            commands=CommandRegistry(),
            bridge=None,  # type: ignore[arg-type]
            notify=_quiet,
        )
        canvas = CanvasView(context)
        add_canvas_commands(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(*size)
        canvas.show()
        canvas.activateWindow()
        canvas.setFocus()
        with qtbot.waitActive(canvas):
            pass
        canvas.fit()
        return canvas

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def lenet(make_canvas: Callable[..., CanvasView]) -> CanvasView:
    return make_canvas(chain(LENET, wrap=4))


@pytest.fixture
def hand(lenet: CanvasView) -> Hand:
    return Hand(lenet)
