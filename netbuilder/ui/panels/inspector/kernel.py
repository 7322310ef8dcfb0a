"""The weight tensor of a layer, drawn with its sizes, counted, and the way to its numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from netbuilder.core.format import count
from netbuilder.layers.kernels import Kernel, kernel_of
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.plots.kernel_drawing import KernelDrawing
from netbuilder.ui.widgets.formula_card import FormulaCard


class WeightTensor(QWidget):
    """The drawing, the arithmetic, and a button that opens the tensor."""

    def __init__(self, context: UiContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._subject = context, subject
        self.drawing = KernelDrawing(context.themes, self)
        self.drawing.setObjectName("inspector.kernel")
        self.card = FormulaCard(context.themes, self)
        self.card.setObjectName("card.kernel")
        self.button = QPushButton("Open tensor…", self)
        self.button.setObjectName("inspector.open_weight")
        self.button.setProperty("kind", "small")
        self.button.clicked.connect(lambda _checked: self._open())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.drawing, self.card):
            column.addWidget(part)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self, analysis: Analysis) -> None:
        """Draw the newest sizes; nothing while what arrives is not known."""
        answer = analysis.nodes.get(self._subject.id)
        kernel = kernel_of(answer.layer, answer.inputs) if answer is not None else None
        self.drawing.show_kernel(kernel)
        self.card.set_text("" if kernel is None else told(kernel))
        for part in (self.drawing, self.card, self.button):
            part.setVisible(kernel is not None)

    def _open(self) -> None:
        from netbuilder.probe.places import Place
        from netbuilder.ui.side_windows import show_tensor

        uses = tuple((use, 0) for use in self._context.session.level.uses)
        show_tensor(self._context, self, Place("parameter", self._subject.id, "weight", uses))


def told(kernel: Kernel) -> str:
    """How many weights there are, and in which order they are stored."""
    return f"{kernel.counted()}\nweight[{', '.join(kernel.axes)}]: {'×'.join(map(count, kernel.shape))}"
