"""The Python of a layer: read, written and allowed. What is not allowed is never run."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from netbuilder.app import consent
from netbuilder.core.edits import set_setting
from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.custom import PythonLayer
from netbuilder.net import custom
from netbuilder.ui.context import UiContext
from netbuilder.ui.listening import listen
from netbuilder.ui.panels.source import PythonColours
from netbuilder.ui.theme import mono_font
from netbuilder.ui.widgets.labels import label

_HEIGHT = 250
_REST = 150  # milliseconds after a key before colours follow
WARNING = "It can do all that you can do: read and delete files, use the network. Allow it only if you wrote it or have read it."


class PythonCard(QWidget):
    """An editor with colours; below it what state the text is in, and the one thing to do about it."""

    def __init__(self, context: UiContext, id_: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._id = context, id_
        self._level = context.session.level
        self._shown = ""
        self.editor = QPlainTextEdit(self)
        self.editor.setObjectName("python.source")
        self.editor.setAccessibleName("Python of the layer")
        self.editor.setProperty("role", "code")
        self.editor.setFont(mono_font(11))
        self.editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.editor.setTabStopDistance(4 * self.editor.fontMetrics().horizontalAdvance(" "))
        self.editor.setMinimumHeight(_HEIGHT)
        self._colours = PythonColours(self.editor.document())
        self.state: QLabel = label("", "secondary", self, wrap=True)
        self.state.setObjectName("python.state")
        self.go = QPushButton(self)
        self.go.setObjectName("python.go")
        self.go.clicked.connect(self.take)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.editor, self.state):
            column.addWidget(part)
        column.addLayout(row)
        self._rest = QTimer(self, interval=_REST, singleShot=True)
        self._rest.timeout.connect(self._colour)
        self.editor.textChanged.connect(self._typed)
        for announcer in (self._level.changed, self._level.analysed):
            listen(self, announcer, self._follow)
        context.themes.changed.connect(self._colour)
        self._follow()

    @property
    def source(self) -> str:
        """The text that the network has."""
        node = self._level.graph.nodes.get(self._id)
        return str(node.settings.get("source", PythonLayer.defaults()["source"])) if node is not None else ""

    def take(self) -> None:
        """Take what was typed, which its author allows by that; or allow what is there, after a question."""
        text = self.editor.toPlainText()
        if text == self.source:
            from netbuilder.ui.ask import ask

            if not ask(self, "Allow Python", "Run the Python of this layer?", "Allow", WARNING):
                return
            consent.give(text)
            self._context.session.analyse_again()
        else:
            consent.give(text)
            try:
                self._level.apply(set_setting(self._id, "source", text), "Change Python")
            except NetbuilderError as error:
                self._context.notify(str(error), "error")
        self._tell()

    def _follow(self, _what: object = None) -> None:
        """Show the network's text, unless something else is being typed."""
        before, self._shown = self._shown, self.source
        if self._shown != before and self.editor.toPlainText() in ("", before):
            self.editor.setPlainText(self._shown)
            self._colour()
        self._tell()

    def _typed(self) -> None:
        self._rest.start()
        self._tell()

    def _tell(self) -> None:
        edited, allowed = self.editor.toPlainText() != self.source, custom.is_allowed(self.source)
        self.go.setText("Apply and allow" if edited else "Allow…")
        self.go.setEnabled(edited or not allowed)
        if edited:
            self.state.setText("Changed here. Applying it allows it to run.")
        elif allowed:
            self.state.setText("Allowed: exactly this text may run.")
        else:
            self.state.setText("Not allowed, so it is not run and its shape is not known. Read it first.")

    def _colour(self) -> None:
        text = self.editor.toPlainText()
        self._colours.read(text, self._context.themes.current)
        self.editor.blockSignals(True)
        self._colours.rehighlight()
        self.editor.blockSignals(False)
