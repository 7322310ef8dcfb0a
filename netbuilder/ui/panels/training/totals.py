"""What the network adds up to, always on show: parameters, operations, memory, size of the file; hovering explains each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from netbuilder.core import format as say
from netbuilder.net.results import NodeAnalysis
from netbuilder.ui.context import UiContext

NARROW, WIDE = 1120, 1600
_FLOAT = 4
_LARGEST = 3


class Totals(QLabel):
    """Of the whole network, or of several selected layers. `fit` says how wide the bar is that it stands in."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._wide = False
        self.setObjectName("train.totals")
        self.setProperty("role", "key")
        self.setTextFormat(Qt.TextFormat.PlainText)
        context.session.analysed.connect(self._show)
        context.session.level.moved.connect(self._show)
        context.selection.changed.connect(self._show)
        self._show()

    def fit(self, width: int) -> None:
        """In a narrow bar other things come first; in a wide one there is room for all figures."""
        self.setVisible(width >= NARROW)
        if self._wide != (width >= WIDE):
            self._wide = not self._wide
            self._show()

    def event(self, event: QEvent) -> bool:
        """Work the explanation out when somebody asks."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.explanation(), self)
            return True
        return super().event(event)

    def explanation(self) -> str:
        """Each figure with what it means and the layers that account for most of it."""
        answers = self._counted()
        names = {id_: node.name for id_, node in self._context.session.level.analysis.graph.nodes.items()}
        chosen = self._context.session.document.project.training.get("batch_size", 64)
        samples = chosen if isinstance(chosen, int) else 1
        parameters, macs, memory = _sums(answers)
        lines = [
            f"{say.count(parameters)} parameters: numbers that training changes. {_most(answers, names, lambda a: a.parameters)}",
            f"{say.macs(macs)}: multiply–accumulates for one sample. {_most(answers, names, lambda a: a.macs)}",
            f"{say.size(memory)} of activations for one sample, {say.size(samples * memory)} in a batch of {samples:,}. "
            f"{_most(answers, names, lambda a: a.memory)}",
            f"{say.size(_FLOAT * parameters)} model file: {say.count(parameters)} numbers of {_FLOAT} bytes (float32).",
        ]
        return "\n".join(line.strip() for line in lines)

    def _counted(self) -> list[NodeAnalysis]:
        """The answers that are added up: those of several selected layers, or of all that is on show."""
        ids, level = self._context.selection.ids, self._context.session.level
        known = level.analysis.answers if len(ids) > 1 else self._context.session.analysis.answers
        return [known[id_] for id_ in (ids if len(ids) > 1 else known) if id_ in known]

    def _show(self, _analysis: object = None) -> None:
        count, whole = len(self._context.selection.ids), self._context.session.analysis
        parameters, macs, memory = _sums(self._counted()) if count > 1 else (whole.parameters, whole.macs, whole.memory)
        file = say.size(_FLOAT * parameters)
        sizes = [f"{say.size(memory)} activations", f"{file} file"] if self._wide else [file]
        text = " · ".join((f"{say.count(parameters)} parameters", say.macs(macs), *sizes))
        self.setText(f"{count:,} layers: {text}" if count > 1 else text)
        self.setAccessibleName(self.text())


def _sums(answers: Iterable[NodeAnalysis]) -> tuple[int, int, int]:
    parameters = macs = memory = 0
    for answer in answers:
        parameters += answer.parameters
        macs += answer.macs
        memory += answer.memory
    return parameters, macs, memory


def _most(answers: list[NodeAnalysis], names: dict[str, str], of: Callable[[NodeAnalysis], int]) -> str:
    """The layers with most of it, and their shares."""
    total = sum(map(of, answers))
    largest = sorted(answers, key=of, reverse=True)[:_LARGEST]
    shares = [f"{names.get(answer.id, answer.id)} {100 * of(answer) / total:.0f} %" for answer in largest if total and of(answer)]
    return f"Most in {', '.join(shares)}." if shares else ""
