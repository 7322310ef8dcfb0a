"""What the networks of a series say together about the test part, worked out in a thread and told in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from netbuilder.app.models import score_together
from netbuilder.app.series import Series
from netbuilder.train.evaluation.metrics import Metrics
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.later import Later, in_thread
from netbuilder.ui.panels.runs.reader import Row


class Together(QObject):
    """Asks one series at a time; a second question replaces the first."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._panel = context, parent
        self.later = Later(self)
        self.later.answered.connect(self._tell)
        self.later.failed.connect(lambda error: context.notify(str(error), kind="error"))

    def ask(self, row: Row) -> None:
        """Evaluate the best checkpoints of a series together; a sweep is shown in its window, for its sizes are to be told apart."""
        folder = row.folder
        if row.sweep:
            from netbuilder.ui.sweep_windows import show_sweep

            show_sweep(self._panel.window(), folder)  # type: ignore[arg-type]
            return
        self._context.notify("The networks of the series are asked about the test part…")
        self.later.ask(in_thread(lambda: score_together(Series(folder)), "together"))

    def _tell(self, found: tuple[Metrics, list[Metrics]]) -> None:
        together, alone = found
        known = [each.accuracy for each in alone if each.accuracy is not None]
        if together.accuracy is None or not known:
            text = f"{len(alone)} networks together: test loss {together.loss:.4f}."
        else:
            text = f"{len(alone)} networks together: test accuracy {together.accuracy:.2%}; alone {min(known):.2%} to {max(known):.2%}."
        self._context.notify(text, "good")


def together_title(row: Row) -> str:
    """What the button says for a series."""
    return "Show sweep" if row.sweep else "Evaluate together"
