"""The network as a PyTorch program, always in step with the picture."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QGuiApplication, QShowEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from netbuilder.core.errors import NetbuilderError
from netbuilder.layers.declare import Category
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.theme import Theme, mono_font
from netbuilder.ui.widgets.labels import label

DELAY = 250
"""Milliseconds of rest after an edit before the source is written again."""


class PythonColours(QSyntaxHighlighter):
    """Colours for Python, read once for the whole text and painted line by line."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._spans: dict[int, list[tuple[int, int, QTextCharFormat]]] = {}

    def read(self, text: str, theme: Theme) -> None:
        """Find out what every word is; call before the text is shown."""
        from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]

        formats = _formats(theme)
        self._spans = {}
        line = column = 0
        for kind, value in PythonLexer(stripnl=False).get_tokens(text):
            style = next((formats[name] for name in formats if f"Token.{name}" in str(kind)), None)
            for number, part in enumerate(value.split("\n")):
                if number:
                    line, column = line + 1, 0
                if style is not None and part:
                    self._spans.setdefault(line, []).append((column, len(part), style))
                column += len(part)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        for start, length, style in self._spans.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(start, length, style)


def _formats(theme: Theme) -> dict[str, QTextCharFormat]:
    def make(colour: QColor, bold: bool = False) -> QTextCharFormat:
        style = QTextCharFormat()
        style.setForeground(colour)
        if bold:
            style.setFontWeight(QFont.Weight.Medium)
        return style

    return {
        "Comment": make(theme.secondary),
        "Literal.String": make(theme.good),
        "Literal.Number": make(theme.warning),
        "Keyword": make(theme.accent, bold=True),
        "Name.Class": make(theme.category(Category.MERGE), bold=True),
        "Name.Function": make(theme.category(Category.POOLING)),
    }


class SourcePanel(QWidget):
    """Generated source, to read and to copy."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.source")
        self._context = context
        self._stale = True
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("source.text")
        self.text.setAccessibleName("Generated source")
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(12))
        self.text.setProperty("role", "source")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._colours = PythonColours(self.text.document())
        self.copy = QPushButton("Copy", self)
        self.copy.setObjectName("source.copy")
        self.copy.setProperty("kind", "small")
        self.copy.clicked.connect(self._copy)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self.write)
        self._build()
        context.session.analysed.connect(self._edited)
        context.themes.changed.connect(self._repaint)
        self._repaint()

    def showEvent(self, event: QShowEvent) -> None:
        """Write what was put off while the panel was hidden."""
        if self._stale:
            self.write()

    def write(self) -> None:
        """Generate the source of the newest snapshot."""
        from netbuilder.net.source import source

        self._timer.stop()
        self._stale = False
        try:
            text = source(self._context.session.document.graph)
        except NetbuilderError as error:
            text = "\n".join(f"# {line}" for line in (str(error), "The source appears here as soon as the network fits together."))
        if text != self.text.toPlainText():
            self._show(text)

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(label("One PyTorch file without Netbuilder; it runs as it is.", "secondary", self))
        bar.addStretch(1)
        bar.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 8)
        column.setSpacing(6)
        column.addLayout(bar)
        column.addWidget(self.text, 1)

    def _show(self, text: str) -> None:
        place = self.text.verticalScrollBar().value()
        self._colours.read(text, self._context.themes.current)
        self.text.setPlainText(text)
        self.text.verticalScrollBar().setValue(place)

    def _edited(self, _analysis: object) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def _repaint(self) -> None:
        self.copy.setIcon(icon("copy", self._context.themes.current.secondary, 14))
        if self.text.toPlainText():
            self._show(self.text.toPlainText())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._context.notify("The source is on the clipboard.")
