"""The parts of the inspector that fold away; what is inside is made when one is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtWidgets import QWidget

from netbuilder.core.blocks import BLOCK
from netbuilder.layers.declare import Category, Layer, find
from netbuilder.layers.kernels import has_kernel
from netbuilder.net.results import Analysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.later_panel import LaterPanel
from netbuilder.ui.widgets.section import Section


class Body(Protocol):
    """What a section shows."""

    def refresh(self, analysis: Analysis) -> None: ...


class LaterSection(Section):
    """A section whose body is made when it is first opened. `opened` knows by title which ones stay open, `open_` is asked of others."""

    def __init__(
        self, title: str, make: Callable[[], QWidget], shown: Callable[[Analysis], bool], opened: set[str], open_: Callable[[], bool]
    ) -> None:
        self._place = LaterPanel(make)
        self._shown, self._opened, self._open_ = shown, opened, open_
        self._analysis: Analysis | None = None
        super().__init__(title, self._place, opened=open_() or title in opened)
        self.setObjectName(f"section.{title.lower()}")
        self.toggled.connect(self._open)

    def refresh(self, analysis: Analysis) -> None:
        """Show the newest values, when it is open and has something to say."""
        self._analysis = analysis
        self.setVisible(self._shown(analysis))
        if self._shown(analysis) and self.header.isChecked():
            cast(Body, self._place.make()).refresh(analysis)

    def turn(self) -> None:
        """Be folded as for nodes that nobody has looked at yet."""
        self.toggled.disconnect(self._open)
        self.header.setChecked(self._open_() or self.header.text() in self._opened)
        self.toggled.connect(self._open)

    def _open(self, on: bool) -> None:
        (self._opened.add if on else self._opened.discard)(self.header.text())
        if on and self._analysis is not None:
            self.refresh(self._analysis)


def node_sections(context: UiContext, subject: Subject, opened: set[str]) -> list[LaterSection]:
    """The sections of one layer: its window at work, its weights and its curve where it has them, and how it learns."""
    kind = find(context.session.level.graph.nodes[subject.id].layer)
    found = [learning_section(context, subject, opened)]
    if kind is not None and (kind.sketch is not Layer.sketch or kind.curve is not Layer.curve):
        found.insert(0, _curve_section(context, subject, opened))
    if kind is not None and has_kernel(kind):
        found.insert(0, _kernel_section(context, subject, opened))
    if kind is not None and _slides(kind):
        found.insert(0, _window_section(context, subject, opened))
    return found


def learning_section(context: UiContext, subject: Subject, opened: set[str]) -> LaterSection:
    """How these layers learn; not shown for those that have nothing to learn."""

    def make() -> QWidget:
        from netbuilder.ui.panels.inspector.learning import LearningForm

        return LearningForm(context, subject)

    def told() -> bool:
        nodes = context.session.level.graph.nodes
        return any(nodes[id_].training for id_ in subject.ids if id_ in nodes)

    return LaterSection("Learning", make, lambda analysis: _learn(context, subject, analysis), opened, told)


def _learn(context: UiContext, subject: Subject, analysis: Analysis) -> bool:
    """Whether any of these nodes has weights, or is a block that may have some."""
    graph = context.session.level.graph
    for node in (graph.nodes[id_] for id_ in subject.ids if id_ in graph.nodes):
        answer = analysis.nodes.get(node.id)
        if node.training or node.layer == BLOCK or (answer is not None and answer.parameters > 0):
            return True
    return False


def _always() -> bool:
    return True


def _curve_section(context: UiContext, subject: Subject, opened: set[str]) -> LaterSection:
    def make() -> QWidget:
        from netbuilder.ui.panels.inspector.activation_curve import ActivationCurve

        return ActivationCurve(context, subject)

    return LaterSection("Curve", make, lambda _analysis: True, opened, _always)


def _kernel_section(context: UiContext, subject: Subject, opened: set[str]) -> LaterSection:
    def make() -> QWidget:
        from netbuilder.ui.panels.inspector.kernel import WeightTensor

        return WeightTensor(context, subject)

    return LaterSection("Weights", make, lambda _analysis: True, opened, _always)


def _slides(kind: type[Layer]) -> bool:
    """Whether a window slides over its input."""
    if kind.about.category not in (Category.CONVOLUTION, Category.POOLING):
        return False
    from netbuilder.probe.sliding import window_of

    return window_of(kind.about.name, kind.defaults()) is not None


def _window_section(context: UiContext, subject: Subject, opened: set[str]) -> LaterSection:
    def make() -> QWidget:
        from netbuilder.ui.panels.inspector.sliding_window import WindowAtWork

        return WindowAtWork(context, subject)

    return LaterSection("At work", make, lambda _analysis: True, opened, _always)
