"""Opening the window of a complexity sweep, and the network of a run in a window of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netbuilder.app.runs import Run
from netbuilder.core.document import Document, Project
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def show_sweep(window: MainWindow, folder: Path | None = None) -> None:
    """The window of the sweep, with the series in `folder` if there is one."""
    from netbuilder.ui.dialogs.sweep import SweepWindow

    dialog = window.findChild(SweepWindow, "dialog.sweep") or SweepWindow(window.context, partial(_show, window), window)
    if folder is not None:
        dialog.show_series(folder)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def open_network(window: MainWindow) -> None:
    """What the run on show was made of, or the newest training; its name tells which run it is."""
    session = window.session
    folder = session.inspected[0].folder if session.inspected is not None else session.runner.folder
    if folder is None:
        return
    try:
        _show(window, Run(folder).project)
    except NetbuilderError as error:
        window.notify(str(error), "error")


def _show(window: MainWindow, project: Project) -> None:
    window.shell.show(Document(project))
