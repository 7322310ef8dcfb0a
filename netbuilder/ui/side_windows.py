"""Windows beside a main window: made when they are first asked for, one of each, closed with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from netbuilder.probe.places import Place
    from netbuilder.probe.sliding import Window
    from netbuilder.ui.context import UiContext
    from netbuilder.ui.main_window import MainWindow

D = TypeVar("D", bound=QDialog)


def show_playground(window: MainWindow) -> None:
    """Optimizers racing over a surface."""
    from netbuilder.ui.dialogs.playground import PlaygroundWindow

    _raise(_found(window, "dialog.playground", lambda: PlaygroundWindow(window.context, window)))


def show_landscape(window: MainWindow) -> None:
    """The loss around the newest weights; asked for again, it takes them anew."""
    from netbuilder.ui.dialogs.landscape import LandscapeWindow

    dialog = window.findChild(QDialog, "dialog.landscape")
    if isinstance(dialog, LandscapeWindow):
        if not dialog.isVisible():
            dialog.take_snapshot()
    else:
        dialog = LandscapeWindow(window.context, window)
        window.closed.connect(dialog.end)
    _raise(dialog)


def show_neurons(window: MainWindow) -> None:
    """A small dense network neuron by neuron."""
    from netbuilder.ui.dialogs.neurons import NeuronsWindow

    _raise(_found(window, "dialog.neurons", lambda: NeuronsWindow(window.context, window)))


def show_step_through(window: MainWindow) -> None:
    """The selected convolution or pooling, step by step."""
    from netbuilder.ui.dialogs.step_through import StepThrough

    chosen = selected_window(window.context)
    if chosen is not None:
        node, sliding = chosen
        dialog = _found(window, "dialog.step_through", lambda: StepThrough(window.context, window))
        dialog.show_node(node, window.context.session.level.graph.nodes[node].name, sliding)
        _raise(dialog)


def show_tensor(
    context: UiContext, beside: QWidget, place: Place | None, at: dict[int, int] | None = None, sample: tuple[str, int] | None = None
) -> None:
    """A tensor in a window beside the one that a widget is in; without a place, the one that was opened last."""
    from netbuilder.ui.dialogs.tensor import TensorWindow

    window = beside.window()
    dialog = _found(window, "dialog.tensor", lambda: TensorWindow(context, window))
    dialog.open_place(place, at, sample)
    _raise(dialog)


def show_selected_tensor(window: MainWindow) -> None:
    """What the selected layer gives, or what flows along the selected wire."""
    from netbuilder.ui.tensor_places import selected_place

    show_tensor(window.context, window, selected_place(window))


def selected_window(context: UiContext) -> tuple[str, Window] | None:
    """The id of the only selected layer and its sliding window; nothing when it has none that fits."""
    ids = list(context.selection.ids)
    answer = context.session.level.analysis.nodes.get(ids[0]) if len(ids) == 1 else None
    if answer is None or answer.layer is None:
        return None
    from netbuilder.probe.sliding import window_of

    found = window_of(answer.layer.about.name, answer.layer.settings())
    return (ids[0], found) if found is not None and found.small else None


def _found(window: QWidget, name: str, make: Callable[[], D]) -> D:
    """The window of that name, made when there is none yet; it closes with the one it stands beside."""
    found = window.findChild(QDialog, name)
    if found is None:
        found = make()
        if hasattr(window, "closed"):
            window.closed.connect(found.close)
    return found  # type: ignore[return-value]


def _raise(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
