"""A problem as people read it: what and where, what to do, and buttons that do it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from netbuilder.net.results import Fix, Problem, Severity
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.flow_row import FlowRow
from netbuilder.ui.widgets.labels import label

MARKS = {Severity.ERROR: ("octagon-x", "error"), Severity.WARNING: ("triangle-alert", "warning")}


class ProblemNote(QFrame):
    """One problem. `opened` carries its node id, `fixed` the remedy chosen, `considered` the one pointed at, or `None`."""

    opened = Signal(str)
    fixed = Signal(object)
    considered = Signal(object)

    def __init__(self, problem: Problem, place: str, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = problem
        self._fixes: dict[QObject, Fix] = {}
        glyph, token = MARKS[problem.severity]
        self.setObjectName("problem")
        self.setProperty("role", "note")
        self.setProperty("kind", token)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{problem.severity.value}: {problem.message}")
        if problem.node:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark = QLabel(self)
        mark.setPixmap(glyph_pixmap(glyph, themes.current.tokens()[token], 16, self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._words(problem, place), 1)

    def _words(self, problem: Problem, place: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(3)
        if place:
            column.addWidget(label(place, "heading", self))
        if problem.message:
            column.addWidget(label(problem.message, "", self, wrap=True))
        if problem.remedy:
            column.addWidget(label(problem.remedy, "secondary", self, wrap=True))
        if problem.fixes:
            column.addSpacing(3)
            column.addWidget(self._buttons(problem.fixes))
        return column

    def _buttons(self, fixes: tuple[Fix, ...]) -> FlowRow:
        row = FlowRow(self)
        for number, fix in enumerate(fixes):
            button = QPushButton(fix.label)
            button.setObjectName(f"fix.{number}")
            button.setProperty("kind", "small")
            button.clicked.connect(lambda _checked=False, fix=fix: self.fixed.emit(fix))
            button.installEventFilter(self)
            self._fixes[button] = fix
            row.add(button)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice which remedy is pointed at, by pointer or keyboard."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self.considered.emit(self._fixes.get(watched))
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.considered.emit(None)
        return super().eventFilter(watched, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the layer."""
        if self._problem.node and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._problem.node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the layer."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._problem.node:
            self.opened.emit(self._problem.node)
        else:
            super().keyPressEvent(event)
