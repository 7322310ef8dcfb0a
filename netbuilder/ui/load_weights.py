"""Loading weights of others into the network of a window, in a thread, with a report of what fits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from netbuilder.app.load_weights import load_weights
from netbuilder.app.runs import Run
from netbuilder.core.errors import FileError, NetbuilderError
from netbuilder.ui.panels.later import Later, in_thread

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


class WeightsLoader(QObject):
    """One file for one window. Weights that fit only in part are taken when the user agrees."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._path = Path()
        self._strict = True
        self._later = Later(self)
        self._later.answered.connect(self._done)
        self._later.failed.connect(self._failed)

    def load(self, path: Path, *, strict: bool = True) -> None:
        """Begin; the window goes on meanwhile."""
        self._path, self._strict = path, strict
        project, store = self._window.document.project, self._window.session.runs
        self._window.notify(f"Loading the weights of “{path.name}”…")
        self._later.ask(in_thread(lambda: load_weights(project, path, store, strict=strict), "weights"))

    def _done(self, answer: tuple[Run, str]) -> None:
        run, note = answer
        self._window.session.inspect(run, "last")
        self._window.show_tab("training")
        shown = "Filters and feature maps show them; “Train from it” begins with them."
        self._window.notify(f"“{self._path.name}”: {note} {shown}", "good")
        self.deleteLater()

    def _failed(self, error: BaseException) -> None:
        from netbuilder.ui.ask import ask, tell

        partly = self._strict and isinstance(error, FileError) and " weights fit" in str(error) and ": 0 of" not in str(error)
        more = "Layers without fitting weights would keep those they are born with, for transfer learning."
        if partly and ask(self._window, "Load weights", str(error), "Take what fits", more):
            self.load(self._path, strict=False)
            return
        if not partly:
            known = isinstance(error, NetbuilderError)
            tell(self._window, "Load weights", str(error) if known else f"The weights cannot be read ({type(error).__name__}: {error}).")
        self.deleteLater()
