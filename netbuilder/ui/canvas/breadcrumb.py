"""Where the canvas is: the document's name and the graph on show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from netbuilder.ui.theme import Theme, ui_font


class Breadcrumb(QLabel):
    """“LeNet-5 › Network” in the canvas's upper left corner."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas.breadcrumb")
        self.setFont(ui_font(12))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name = ""
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Follow the theme."""
        self._theme = theme
        self._show()

    def set_document(self, name: str) -> None:
        """Show another document's name."""
        self._name = name
        self._show()

    def _show(self) -> None:
        if self._theme is None:
            return
        secondary, text = self._theme.secondary.name(), self._theme.text.name()
        name = self._name.replace("&", "&amp;").replace("<", "&lt;")
        self.setStyleSheet(f"background: {self._theme.canvas.name()}; border: none; border-radius: 4px; padding: 2px 4px; font-size: 12px;")
        self.setText(f'<span style="color:{secondary}">{name}&nbsp;&nbsp;›&nbsp; </span><span style="color:{text}">Network</span>')
        self.adjustSize()
