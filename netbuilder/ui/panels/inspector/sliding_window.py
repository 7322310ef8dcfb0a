"""A convolution or pooling beside the dense layer of the same shapes, and the way to see it at work."""

from __future__ import annotations

from math import prod

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from netbuilder.core.format import count
from netbuilder.net.results import Analysis, NodeAnalysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.side_windows import selected_window
from netbuilder.ui.widgets.formula_card import FormulaCard


class WindowAtWork(QWidget):
    """What parameter sharing saves, in figures, and a button that opens the window step by step."""

    def __init__(self, context: UiContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._subject = context, subject
        self.card = FormulaCard(context.themes, self)
        self.card.setObjectName("card.dense")
        self.button = QPushButton("Step through…", self)
        self.button.setObjectName("inspector.step_through")
        self.button.setProperty("kind", "small")
        self.button.clicked.connect(lambda: context.commands.run("inspect.step_through"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.card)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self, analysis: Analysis) -> None:
        """Compare the newest shapes."""
        answer = analysis.nodes.get(self._subject.id)
        text = compared(answer) if answer is not None else ""
        self.card.set_text(text)
        self.card.setVisible(bool(text))
        self.button.setEnabled(selected_window(self._context) is not None)


def compared(answer: NodeAnalysis) -> str:
    """Parameters of a dense layer between the same shapes, and of this one; nothing while shapes are not known."""
    if not answer.inputs or not answer.outputs or not answer.parameters:
        return ""
    sizes = [spec.shape[1:] for spec in (answer.inputs[0], answer.outputs[0])]
    if any(size is None for shape in sizes for size in shape):
        return ""
    before, after = (prod(size for size in shape if size is not None) for shape in sizes)
    bias = bool(getattr(answer.layer, "bias", False))
    return f"dense {count(before + bias)}·{count(after)} = {count((before + bias) * after)}\nshared weights = {count(answer.parameters)}"
