"""The field over the canvas that finds layers by name, kind, setting, shape or problem, and walks from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from netbuilder.app.finding import Spot, find
from netbuilder.ui.icons import icon
from netbuilder.ui.listening import listen
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.toast import below_others

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

WIDTH = 380
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape)


class FindBar(QFrame):
    """Searches while the user types; Enter goes on, Shift+Enter back, Escape returns to the canvas. Follows edits of the network."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.setObjectName("canvas.find")
        self.setProperty("role", "toast")
        self._canvas = canvas
        self._spots: tuple[Spot, ...] = ()
        self._at = -1
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 5, 5)
        row.setSpacing(4)
        self.field = QLineEdit(self)
        self.field.setObjectName("canvas.find.field")
        self.field.setAccessibleName("Find layers")
        self.field.setPlaceholderText("Name, kind, shape such as 28×28 or [6, or “problem”")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.told: QLabel = label("", "key", self)
        self.told.setMinimumWidth(62)
        self.told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.field, 1)
        row.addWidget(self.told)
        self._buttons = (
            self._button("previous", "Previous (Shift+Enter)", lambda: self.step(-1)),
            self._button("next", "Next (Enter)", lambda: self.step(1)),
            self._button("close", "Close (Escape)", self.dismiss),
        )
        for button in self._buttons:
            row.addWidget(button)
        self.set_theme()
        canvas.context.themes.changed.connect(self.set_theme)
        for announcer in (canvas.context.session.analysed, canvas.level.analysed):
            listen(self, announcer, self._renew)

    def open(self) -> None:
        """Open with the former text selected."""
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()
        self.field.selectAll()
        self._renew()

    def place(self) -> None:
        """In the upper right corner of the canvas, below a message there."""
        self.setFixedWidth(min(WIDTH, self._canvas.width() - 16))
        self.adjustSize()
        self.move(max(8, self._canvas.width() - self.width() - 8), self.y() if self.isVisible() else below_others(self, self._canvas, 4))

    def dismiss(self) -> None:
        """Close; the layer found last stays selected."""
        self.hide()
        self._canvas.setFocus()

    def step(self, by: int) -> None:
        """Go to the next or the previous match, beginning again at the end."""
        if self._spots:
            self._go((self._at + by) % len(self._spots))

    def set_theme(self) -> None:
        """Follow the theme."""
        colour = self._canvas.context.themes.current.secondary
        for button, name in zip(self._buttons, ("chevron-left", "chevron-right", "x"), strict=True):
            button.setIcon(icon(name, colour, 14))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(Qt.Key(event.key()), back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                return True
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key, *, back: bool) -> None:
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            self.step(-1 if back or key == Qt.Key.Key_Up else 1)

    def _search(self, text: str) -> None:
        session = self._canvas.context.session
        self._spots, self._at = find(session.document.graph, session.judged, text), -1
        if self._spots:
            self._go(0)
        self._tell()

    def _renew(self, _analysis: object = None) -> None:
        """After an edit, search for the same words again and stay at the same match if it still exists."""
        if not self.isVisible():
            return
        session, before = self._canvas.context.session, self._spots[self._at] if 0 <= self._at < len(self._spots) else None
        self._spots = find(session.document.graph, session.judged, self.field.text())
        self._at = self._spots.index(before) if before in self._spots else -1
        self._tell()

    def _go(self, at: int) -> None:
        self._at = at
        uses, node = self._spots[at]
        self._canvas.levels.go(uses)
        self._canvas.selection.set([node])
        self._canvas.reveal(node)
        self._tell()

    def _tell(self) -> None:
        wanted, count = self.field.text().strip(), len(self._spots)
        self.told.setText(f"{self._at + 1} of {count}" if count else "none" if wanted else "")
        for button in self._buttons[:2]:
            button.setEnabled(count > 1)

    def _button(self, name: str, tip: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"canvas.find.{name}")
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setIconSize(QSize(14, 14))
        button.clicked.connect(run)
        return button
