"""Files dragged onto a window: projects open, data and weights are offered, anything else is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from netbuilder.app.dropped import data_source, use_of

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def take(window: MainWindow, paths: Iterable[Path]) -> None:
    """Do with each what it is good for."""
    for path in paths:
        use = use_of(path)
        if use == "project":
            window.shell.open(path, window)
        elif use == "data":
            _offer_data(window, path)
        elif use == "weights":
            from netbuilder.ui.window_dialogs import load_weights

            load_weights(window, path)
        else:
            window.notify(
                f"“{path.name}” is nothing that Netbuilder opens. Drag a project (*.netb), a picture with its project, "
                "a folder or file of samples, or weights here.",
                "warning",
            )


def _offer_data(window: MainWindow, path: Path) -> None:
    from netbuilder.ui.ask import ask

    source = data_source(path)
    if source is None or not ask(window, "Use as data", f"Take “{path.name}” as the data of this project?", "Use as data"):
        return
    document = window.document
    document.configure(label="Choose data", data={**document.project.data, "source": source})
    window.session.load_data()
    window.show_tab("data")
