"""One layer: its settings, why its shape and its parameters are what they are, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from netbuilder.core import format as say
from netbuilder.core.blocks import BLOCK
from netbuilder.core.edits import rename
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Value
from netbuilder.layers.declare import About, find, show
from netbuilder.layers.kinship import category_of
from netbuilder.net.receptive_field import ReceptiveField
from netbuilder.net.results import Analysis, Fix, NodeAnalysis
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.panels.inspector.sections import node_sections
from netbuilder.ui.panels.inspector.settings import apply_setting, block_use, end_of_block, kept_settings, settings_struct, signature
from netbuilder.ui.panels.inspector.subject import Subject
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.formula_card import FormulaCard
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.problem_note import ProblemNote
from netbuilder.ui.widgets.section import Section
from netbuilder.ui.widgets.struct_form import StructForm

if TYPE_CHECKING:
    from netbuilder.ui.panels.inspector.promotion import Promotions

FACTS = {
    "macs": "Operations",
    "memory": "Activation memory",
    "field": "Receptive field",
    "gradient": "Gradient norm",
}


class NodeView(QWidget):
    """The inspector's content for one node; with `turns` it can be that for another of its kind, too."""

    def __init__(self, context: UiContext, id_: str, opened: set[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = Subject(id_)
        self._context = context
        self._level = context.session.level
        node = self._level.graph.nodes[id_]
        self.made_for = signature(self._level, id_)
        self._kind = find(node.layer)
        self._promotions: Promotions | None = None
        self._about = self._kind.about if self._kind else None
        self._problems: tuple[object, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        self._add_header(column, node.layer)
        end = end_of_block(node) if self._level.uses else ""
        struct = settings_struct(self._level.graph, node) if not end else None
        self.form = self._form(struct, node.settings) if struct is not None else None
        self._use = block_use(context, self._subject, self) if node.layer == BLOCK else None
        if self.form is not None:
            self.form.edited.connect(self._edit)
            self.form.finished.connect(lambda _name: context.session.document.end_merge())
            column.addWidget(self.form)
        else:
            column.addWidget(label(end, "secondary", self, wrap=True) if end else kept_settings(node, self, context))
        if self._use is not None:
            column.addWidget(self._use)
        self.turns = self.form is not None
        self._notes = QVBoxLayout()
        self._notes.setSpacing(6)
        column.addLayout(self._notes)
        self._add_answers(column)
        self._sections = node_sections(context, self._subject, opened)
        for section in self._sections:
            column.addWidget(section)
        if self._about is not None:
            column.addWidget(self._about_section(self._about))
        column.addStretch(1)
        context.themes.changed.connect(self._paint_mark)
        self._paint_mark()

    @property
    def id(self) -> str:
        """The node."""
        return self._subject.id

    def turn(self, id_: str) -> None:
        """Be about another node, one that needs the same form."""
        self._subject.ids = (id_,)
        self.made_for = signature(self._level, id_)
        self._name_error.hide()
        if self._use is not None:
            self._use.turn()
        for section in self._sections:
            section.turn()

    def refresh(self, analysis: Analysis, gradient: float | None) -> None:
        """Show the newest settings and answers."""
        node = self._level.graph.nodes.get(self.id)
        result = analysis.nodes.get(self.id)
        if node is None or result is None:
            return
        if not self.name.hasFocus():
            self.name.setText(node.name)
        if self.form is not None:
            self.form.set_values(node.settings)
        if self._promotions is not None:
            self._promotions.refresh(node.settings)
        if self._use is not None:
            self._use.refresh()
        self._show_problems(result)
        self._show_answers(result)
        for section in self._sections:
            section.refresh(analysis)
        self.show_gradient(gradient)

    def show_gradient(self, gradient: float | None) -> None:
        """The norm of this layer's gradient in the newest training step."""
        self.facts.set("gradient", "" if gradient is None else f"{gradient:.3g}")

    def _form(self, struct: type[Struct], settings: Mapping[str, Value]) -> StructForm:
        """Inside a block with expressions in its fields, and a button beside each."""
        if not self._level.uses:
            return StructForm(struct, settings, self)
        from netbuilder.ui.panels.inspector.promotion import Promotions
        from netbuilder.ui.widgets.expression_field import scoped_field

        form = StructForm(struct, settings, self, partial(scoped_field, self._level))
        self._promotions = Promotions(self._context, self._subject, form)
        return form

    def _add_header(self, column: QVBoxLayout, layer: str) -> None:
        self._mark = QLabel(self)
        title = label(self._about.title if self._about else "Block" if layer == BLOCK else layer, "title", self)
        self.name = QLineEdit(self)
        self.name.setObjectName("inspector.name")
        self.name.setAccessibleName("Name of the layer")
        self.name.setToolTip("Name of the layer: modules, weights and the generated source use it")
        self.name.setProperty("role", "title")
        self.name.editingFinished.connect(self._rename)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(title)
        row.addWidget(self.name, 1)
        column.addLayout(row)
        self._name_error = label("", "error", self, wrap=True)
        self._name_error.setObjectName("error.name")
        self._name_error.hide()
        column.addWidget(self._name_error)

    def _add_answers(self, column: QVBoxLayout) -> None:
        self._shape_title = label("Why this shape", "heading", self)
        self.shape = FormulaCard(self._context.themes, self)
        self.shape.setObjectName("card.shape")
        self._parameters_title = label("Parameters", "heading", self)
        self.parameters = FormulaCard(self._context.themes, self)
        self.parameters.setObjectName("card.parameters")
        for title, card in ((self._shape_title, self.shape), (self._parameters_title, self.parameters)):
            title.setContentsMargins(0, 10, 0, 0)
            column.addWidget(title)
            column.addWidget(card)
        self.facts = Facts(FACTS, self)
        self.facts.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.facts)

    def _about_section(self, about: About) -> QWidget:
        body = QWidget(self)
        lines = QVBoxLayout(body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addWidget(label(about.tip, "secondary", body, wrap=True, selectable=True))
        if about.formula:
            card = FormulaCard(self._context.themes, body)
            card.set_text(about.formula)
            lines.addWidget(card)
        if about.paper:
            lines.addWidget(label(about.paper, "secondary", body, wrap=True, selectable=True))
        section = Section("About", body, self, opened=False)
        section.setObjectName("inspector.about")
        return section

    def _paint_mark(self) -> None:
        theme = self._context.themes.current
        node = self._level.graph.nodes.get(self.id)
        category = category_of(node, self._level.graph) if node is not None else None
        glyph = self._about.glyph if self._about else "block" if self._use is not None else "identity"
        self._mark.setPixmap(glyph_pixmap(glyph, theme.category(category), 18, self.devicePixelRatioF()))

    def _edit(self, name: str, value: object) -> None:
        apply_setting(self._level, (self.id,), name, value)

    def _rename(self) -> None:
        try:
            self._level.apply(rename(self.id, self.name.text().strip()), "Rename layer")
        except NetbuilderError as error:
            self._name_error.setText(str(error))
            self._name_error.show()
        else:
            self._name_error.hide()

    def _show_answers(self, result: NodeAnalysis) -> None:
        lines = [result.explanation] if result.explanation else []
        if result.outputs and "→" not in result.explanation:
            arriving = ", ".join(show(spec.shape) for spec in result.inputs)
            leaving = ", ".join(show(spec.shape) for spec in result.outputs)
            lines.append(f"{arriving} → {leaving}" if arriving else leaving)
        self._show_card(self._shape_title, self.shape, "\n".join(lines))
        self._show_card(self._parameters_title, self.parameters, result.parameter_explanation)
        known = bool(result.outputs)
        self.facts.set("macs", say.macs(result.macs) if known else "–")
        self.facts.set("memory", say.size(result.memory) if known else "–")
        self.facts.set("field", field_text(result.receptive_field) if known else "–")

    def _show_card(self, title: QLabel, card: FormulaCard, text: str) -> None:
        card.set_text(text)
        title.setVisible(bool(text))
        card.setVisible(bool(text))

    def _show_problems(self, result: NodeAnalysis) -> None:
        inline: dict[str, str] = {}
        for problem in result.problems:
            if self.form is not None and problem.setting in self.form.names:
                inline.setdefault(str(problem.setting), problem.message)
        if self.form is not None:
            self.form.clear_errors()
            for name, text in inline.items():
                self.form.set_error(name, text)
        told = tuple(
            replace(problem, message="") if str(problem.setting) in inline else problem
            for problem in result.problems
            if problem.fixes or str(problem.setting) not in inline
        )
        if told == self._problems:
            return
        self._problems = told
        while (item := self._notes.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        for problem in told:
            note = ProblemNote(problem, "", self._context.themes, self)
            note.fixed.connect(self._fix)
            note.considered.connect(self._consider)
            self._notes.addWidget(note, 0, Qt.AlignmentFlag.AlignTop)

    def _consider(self, fix: Fix | None) -> None:
        """Show on the canvas what a remedy would change."""
        self._context.session.previews.show(fix.edit if fix is not None else None)

    def _fix(self, fix: Fix) -> None:
        try:
            self._level.apply(fix.edit, fix.label)
        except NetbuilderError as error:
            self._context.notify(str(error), "error", error.place)


def field_text(field: ReceptiveField) -> str:
    """A receptive field as people write it: `14 × 14, step 2`."""
    if field.everything:
        return "the whole input"
    if not field.size:
        return "–"
    size = " × ".join(str(extent) for extent in field.size)
    steps = {f"{step:g}" for step in field.step}
    return f"{size}, step {' × '.join(f'{step:g}' for step in field.step) if len(steps) > 1 else steps.pop()}" if steps else size
