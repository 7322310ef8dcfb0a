"""Files dragged onto a window: projects open, data and weights are offered, anything else is told in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from netbuilder.app.dropped_files import Use, data_source, use_of
from netbuilder.ui.drop_veil import DropVeil

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow

_WORDS: dict[Use, str] = {
    "project": "Open “{}”",
    "data": "Use “{}” as data",
    "weights": "Load the weights “{}”",
    "nothing": "“{}” cannot be opened here",
}
_MOST = 6


def announced(paths: Sequence[Path]) -> list[str]:
    """What letting these files go would do, a line for each."""
    more = len(paths) - _MOST
    lines = [_WORDS[use_of(path)].format(path.name) for path in paths[: _MOST if more > 0 else None]]
    return [*lines, f"and {more} more"] if more > 0 else lines


def take(window: MainWindow, paths: Sequence[Path]) -> None:
    """Open the projects, the first in this window's place; do with each other file what it is good for, in the window opened last."""
    uses = [(use_of(path), path) for path in paths]
    place: MainWindow | None = window
    for path in (path for use, path in uses if use == "project"):
        opened = window.shell.open(path, place)
        if opened is not None:
            window, place = opened, None
    for path in (path for use, path in uses if use == "weights"):
        from netbuilder.ui.window_dialogs import load_weights

        load_weights(window, path)
    for path in (path for use, path in uses if use == "data"):
        _offer_data(window, path)
    if strange := [f"“{path.name}”" for use, path in uses if use == "nothing"]:
        window.notify(f"{', '.join(strange)} cannot be opened here. Drag a project, its picture, samples or weights.", "warning")


def hold(window: MainWindow, event: QDragEnterEvent) -> None:
    """Files are held over the window: tell what it would do with them."""
    if paths := _files(event):
        event.acceptProposedAction()
        _veil(window).show_over(announced(paths))


def leave(window: MainWindow) -> None:
    """They are taken elsewhere."""
    _veil(window).hide()


def drop(window: MainWindow, event: QDropEvent) -> None:
    """They are let go: take them as soon as the drag is over."""
    paths = _files(event)
    event.acceptProposedAction()
    leave(window)
    QTimer.singleShot(0, lambda: take(window, paths))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _veil(window: MainWindow) -> DropVeil:
    return window.findChild(DropVeil) or DropVeil(window, window.shell.themes)


def _offer_data(window: MainWindow, path: Path) -> None:
    from netbuilder.ui.ask import ask

    source = data_source(path)
    if source is None or not ask(window, "Use as data", f"Take “{path.name}” as the data of this project?", "Use as data"):
        return
    from netbuilder.ui.panels.data.facts import as_the_network_takes

    fitting = as_the_network_takes(window.document.graph, str(source["name"]))
    window.document.configure(label="Choose data", data={"source": {**source, **fitting}})
    window.session.load_data()
    window.show_tab("data")
