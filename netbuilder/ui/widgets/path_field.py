"""A field for a folder or a file: typed, or chosen in the desktop's dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from netbuilder.core.graph import Value
from netbuilder.ui.icons import icon
from netbuilder.ui.widgets.fields import LineField
from netbuilder.ui.widgets.kinds import Kind


class PathField(LineField):
    """Text is taken as it stands. The button at the end of the line opens the dialog."""

    def __init__(self, kind: Kind, parent: QWidget) -> None:
        super().__init__(kind, parent)
        self._line.setPlaceholderText(f"Choose a {kind.path}")
        self._choose = QAction(f"Choose a {kind.path}…", self._line)
        self._choose.triggered.connect(self.ask)
        self._line.addAction(self._choose, QLineEdit.ActionPosition.TrailingPosition)
        self._line.installEventFilter(self)
        self._recolour()

    def understand(self, text: str) -> Value:
        """The path as it was typed."""
        return text.strip()

    def ask(self) -> None:
        """Let the user choose; giving up leaves what is there."""
        place = self._line.text().strip() or str(Path.home())
        if self._kind.path == "folder":
            found = QFileDialog.getExistingDirectory(self._line.window(), "Choose a folder", place)
        else:
            found, _ = QFileDialog.getOpenFileName(self._line.window(), "Choose a file", place)
        if found:
            self._line.setText(found)
            self._read(found)
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The drawing follows the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()
        return super().eventFilter(watched, event)

    def _recolour(self) -> None:
        self._choose.setIcon(icon("folder-open", self._line.palette().color(QPalette.ColorRole.PlaceholderText)))
