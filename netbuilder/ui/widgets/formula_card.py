"""A card with arithmetic: monospaced lines, results in the accent colour."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from netbuilder.ui.theme import Theme, Themes


class FormulaCard(QFrame):
    """Shows lines such as `⌊(14 + 2·0 − 5) / 1⌋ + 1 = 10`; what stands after the last `=` is the result."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._themes = themes
        self._lines: tuple[str, ...] = ()
        self._label = QLabel(self)
        self._label.setProperty("role", "mono")
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.addWidget(self._label)
        themes.changed.connect(self._render)

    @property
    def text(self) -> str:
        """The lines as plain text."""
        return "\n".join(self._lines)

    def set_text(self, text: str) -> None:
        """Replace all lines."""
        lines = tuple(text.splitlines())
        if lines != self._lines:
            self._lines = lines
            self._render()

    def _render(self) -> None:
        theme = self._themes.current
        self._label.setText("<br>".join(_line(line, theme) for line in self._lines))


def _line(line: str, theme: Theme) -> str:
    if " → " in line and "=" not in line:
        before, _, after = line.rpartition(" → ")
        return f'<span style="color:{theme.secondary.name()}">{escape(before)} →</span> {escape(after)}'
    head, sign, result = line.rpartition("= ")
    if not sign:
        return escape(line)
    return f'{escape(head)}= <span style="color:{theme.accent.name()}">{escape(result)}</span>'
