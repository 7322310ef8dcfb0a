"""Where the canvas is: the document's name, the network, and the blocks that are open. A click goes up to one of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from netbuilder.ui.icons import icon
from netbuilder.ui.theme import Theme, ui_font

_WIDEST = 220


class Breadcrumb(QWidget):
    """“ResNet-18 › Network › Residual basic” in the canvas's upper left corner. `chosen` carries how many blocks stay open."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas.breadcrumb")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = ""
        self._blocks: tuple[str, ...] = ()
        self._note = ""
        self._theme: Theme | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 6, 2)
        self._row.setSpacing(2)

    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return " › ".join((self._name, "Network", *self._blocks))

    def set_theme(self, theme: Theme) -> None:
        """Follow the theme."""
        self._theme = theme
        if self._blocks:
            self._build()

    def show_place(self, name: str, blocks: Sequence[str] = (), note: str = "") -> None:
        """Show another document's name and the open blocks, with a word about the innermost."""
        if (name, tuple(blocks), note) != (self._name, self._blocks, self._note):
            self._name, self._blocks, self._note = name, tuple(blocks), note
            self._build()

    def _build(self) -> None:
        if self._theme is None:
            return
        self._clear()
        depth = len(self._blocks)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not depth)
        if depth:
            self._row.addWidget(self._up(self._theme, depth - 1))
        self._row.addWidget(self._label(self._name, "document"))
        for number, text in enumerate(("Network", *self._blocks)):
            self._row.addWidget(self._label("›", "sign"))
            self._row.addWidget(self._crumb(text, number) if number < depth else self._label(text, "here"))
        if self._note:
            self._row.addWidget(self._label(self._note, "note"))
        self.setAccessibleName(self.text())
        self.adjustSize()

    def _clear(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(ui_font(12))
        label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST))
        label.setProperty("crumb", role)
        label.show()
        return label

    def _crumb(self, text: str, depth: int) -> QPushButton:
        button = QPushButton(self)
        button.setFont(ui_font(12))
        button.setText(button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST).replace("&", "&&"))
        button.setToolTip(f"Go up to “{text}”" if depth else "Go up to the network")
        self._prepare(button, depth)
        return button

    def _up(self, theme: Theme, depth: int) -> QPushButton:
        button = QPushButton(self)
        button.setIcon(icon("chevron-left", theme.secondary, 14))
        button.setIconSize(QSize(14, 14))
        button.setAccessibleName("One level up")
        button.setToolTip("One level up (Alt+Up)")
        self._prepare(button, depth)
        button.setObjectName("canvas.breadcrumb.up")
        return button

    def _prepare(self, button: QPushButton, depth: int) -> None:
        button.setObjectName(f"canvas.breadcrumb.{depth}")
        button.setProperty("kind", "crumb")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.chosen.emit(depth))
        button.show()
