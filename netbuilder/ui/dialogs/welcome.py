"""The first choice: a template with its options, an empty project, or a file opened lately."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from netbuilder.app.preferences import Preferences
from netbuilder.core.document import Project
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.format import count, macs
from netbuilder.core.graph import Value
from netbuilder.net.analysis import analyze
from netbuilder.templates import Template, templates
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.recent import RecentTiles
from netbuilder.ui.dialogs.template_options import options_struct
from netbuilder.ui.dialogs.thumbnail import Thumbnail
from netbuilder.ui.fuzzy import score
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.scroller import Scroller
from netbuilder.ui.widgets.searched_list import SearchedList
from netbuilder.ui.widgets.struct_form import StructForm

RECENT = 3
CARD = 72
"""Height of a template in the gallery: its picture, or a title and two lines."""
HEADING = 34


class WelcomeDialog(Dialog):
    """After `exec()`: `project` is the new project, or `path` the file to open; both `None` when it was dismissed."""

    def __init__(self, context: UiContext, parent: QWidget | None = None, *, preferences: Preferences | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.welcome")
        self.setWindowTitle("New project")
        self.setModal(True)
        self.resize(960, 600)
        self._context = context
        self.project: Project | None = None
        self.path: Path | None = None
        self._made: Project | None = None
        self._options: dict[str, Value] = {}
        self._form: StructForm | None = None
        self._templates = _with_headings(templates())
        self._recent = [path for path in (preferences or Preferences()).recent if path.is_file()][:RECENT]
        self._build()
        self.gallery.setCurrentRow(1)
        self.gallery.setFocus()

    @property
    def template(self) -> Template | None:
        """The chosen template; `None` stands for an empty project."""
        chosen = self._templates[max(1, self.gallery.currentRow())]
        return chosen if isinstance(chosen, Template) else None

    def choose(self, name: str) -> None:
        """Choose a template by name; an empty name is the empty project."""
        wanted = [entry.name if isinstance(entry, Template) else "" if entry is None else None for entry in self._templates]
        self.gallery.setCurrentRow(wanted.index(name))

    def take(self) -> None:
        """Take the chosen template with its options and close."""
        if self._made is not None:
            self.project = self._made
            self.accept()

    def open_path(self, path: Path) -> None:
        """Take a file and close."""
        self.path = path
        self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever types in the gallery searches; from the search field the arrows walk through what was found."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            walks = watched is self.search and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            types = watched is self.gallery and event.text().isprintable() and event.text().strip()
            if walks or types:
                there = self.gallery if walks else self.search
                there.setFocus()
                QApplication.sendEvent(there, event)
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        """Show the templates whose name, title or words fit; the first of them is chosen where the old choice is none."""
        fits = [not isinstance(entry, str) and _fits(text, entry) for entry in self._templates]
        below = False
        for row in reversed(range(len(fits))):
            heading = isinstance(self._templates[row], str)
            self.gallery.setRowHidden(row, not (below if heading else fits[row]))
            below = not heading and (below or fits[row])
        if any(fits) and not fits[self.gallery.currentRow()]:
            self.gallery.setCurrentRow(fits.index(True))
        self._go.setEnabled(any(fits) and self._made is not None)

    # Showing the choice

    def _show(self) -> None:
        template = self.template
        self._options = dict(template.options) if template is not None else {}
        self._title.setText(template.title if template is not None else "Empty project")
        self._summary.setText(
            template.summary if template is not None else "An empty canvas: drag layers onto it, or press Tab to add one."
        )
        self._paper.setText(template.paper if template is not None else "")
        self._paper.setVisible(bool(self._paper.text()))
        if self._form is not None:
            self._options_place.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if template is not None and template.choices:
            self._form = StructForm(options_struct(template), self._options)
            self._form.edited.connect(self._edit)
            self._options_place.addWidget(self._form)
        self._make()

    def _edit(self, name: str, value: Value) -> None:
        self._options[name] = value
        self._make()

    def _make(self) -> None:
        template = self.template
        try:
            self._made = template.project(**self._options) if template is not None else Project()
        except NetbuilderError as error:
            self._made = None
            if self._form is not None and error.place:
                self._form.set_error(error.place, str(error))
        else:
            if self._form is not None:
                self._form.clear_errors()
            self._picture.show_graph(self._made.graph)
            self._figures.setText(_figures(self._made))
        self._go.setEnabled(self._made is not None)

    # Building

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 18, 20, 16)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(label("Start from a template", "title"))
        self.search = QLineEdit()
        self.search.setObjectName("welcome.search")
        self.search.setPlaceholderText("Search templates")
        self.search.setAccessibleName("Search templates")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        left.addWidget(self.search)
        self.gallery = self._gallery()
        for typed in (self.search, self.gallery):
            typed.installEventFilter(self)
        left.addWidget(self.gallery, 1)
        row.addLayout(left, 6)
        row.addWidget(rule(vertical=True))
        row.addLayout(self._details(), 4)

    def _gallery(self) -> QListWidget:
        found = SearchedList(self.search)
        found.setObjectName("welcome.gallery")
        found.setAccessibleName("Templates")
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setResizeMode(QListWidget.ResizeMode.Adjust)
        for entry in self._templates:
            item = QListWidgetItem(found)
            if isinstance(entry, str):
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setSizeHint(QSize(200, HEADING))
                found.setItemWidget(item, _heading(entry))
                continue
            title = entry.title if entry is not None else "Empty project"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
            card = _Card(self._context, entry)
            item.setSizeHint(QSize(200, CARD))
            found.setItemWidget(item, card)
        found.currentRowChanged.connect(lambda _row: self._show())
        found.itemActivated.connect(lambda _item: self.take())
        return found

    def _details(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        self._picture = Thumbnail(self._context.themes)
        self._picture.setFixedHeight(132)
        self._title: QLabel = label("", "title")
        self._summary: QLabel = label("", "secondary", wrap=True)
        self._paper: QLabel = label("", "secondary", wrap=True, selectable=True)
        self._figures: QLabel = label("", "key")
        self._options_place = QVBoxLayout()
        for part in (self._picture, self._title, self._summary, self._figures, self._paper):
            column.addWidget(part)
        column.addLayout(self._options_place)
        column.addStretch(1)
        if self._recent:
            column.addWidget(label("Opened lately", "heading"))
            tiles = RecentTiles(self._context.themes, self._recent)
            tiles.chosen.connect(self.open_path)
            column.addWidget(tiles)
        whole = QVBoxLayout()
        whole.setSpacing(8)
        whole.addWidget(Scroller(column), 1)
        whole.addLayout(self._buttons())
        return whole

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self._go = QPushButton("Create")
        self._go.setObjectName("welcome.create")
        self._go.setDefault(True)
        self._go.clicked.connect(self.take)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._go)
        return row


class _Card(QWidget):
    """A template in the gallery: its picture, title and first sentence."""

    def __init__(self, context: UiContext, template: Template | None) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(12)
        picture = Thumbnail(context.themes, template.graph() if template is not None else None)
        picture.setFixedSize(112, 60)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(label(template.title if template is not None else "Empty project", "heading"))
        words.addWidget(label(template.summary if template is not None else "Begin with an empty canvas.", "secondary", wrap=True))
        words.addStretch(1)
        row.addWidget(picture)
        row.addLayout(words, 1)


def _heading(family: str) -> QLabel:
    """What a group of templates is called."""
    text = label(family, "group")
    text.setContentsMargins(8, 10, 8, 2)
    return text


def _with_headings(found: Iterable[Template]) -> list[Template | str | None]:
    """Templates with the name of each family before its first, and the empty project last."""
    rows: list[Template | str | None] = []
    family = ""
    for entry in found:
        if entry.family != family:
            family = entry.family
            rows.append(family)
        rows.append(entry)
    return [*rows, "Without a template", None]


def _fits(text: str, template: Template | None) -> bool:
    """Whether a template is among those that are looked for; words of the summary and the paper count where they are written so."""
    wanted = text.strip()
    if template is None:
        return score(wanted, "Empty project") is not None
    told = f"{template.summary} {template.paper}".casefold()
    return wanted.casefold() in told or any(score(wanted, name) is not None for name in (template.name, template.title))


def _figures(project: Project) -> str:
    if not project.graph.nodes:
        return ""
    analysis = analyze(project.graph)
    return f"{count(analysis.parameters)} parameters · {macs(analysis.macs)} · {len(project.graph.nodes)} layers"
