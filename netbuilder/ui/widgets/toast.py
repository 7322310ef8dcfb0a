"""Short messages at the top of the canvas, where a fitted view has no nodes: they say one sentence, and go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from netbuilder.ui.icons import glyph_pixmap, icon
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.labels import label

_MARKS = {
    "info": ("info", "accent"),
    "good": ("circle-check", "good"),
    "warning": ("triangle-alert", "warning"),
    "error": ("octagon-x", "error"),
}
_WIDEST, _CRUMBS = 680, 220
"""As wide as a sentence in one line, beside the way back out of blocks."""


def below_others(card: QFrame, host: QWidget, top: int) -> int:
    """Where a card in the upper right corner of its host begins: at `top`, or below the cards that stand there already."""
    at = top
    for other in host.findChildren(QFrame, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if other is not card and other.isVisible() and other.property("role") == "toast" and other.y() <= at + card.height():
            at = max(at, other.geometry().bottom() + 5)
    return at


class Toast(QFrame):
    """One message over a host widget. A click on it goes to its place; errors stay until closed."""

    activated = Signal(str)

    def __init__(self, host: QWidget, themes: Themes) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self.setProperty("role", "toast")
        self._host, self._themes, self._place = host, themes, ""
        self._mark = QLabel(self)
        self.text = label("", "", self, wrap=True)
        self.text.setObjectName("toast.text")
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton(self)
        self._close.setObjectName("toast.close")
        self._close.setToolTip("Close this message")
        self._close.clicked.connect(self.hide)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self.text, 1)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, kind: str = "info", place: str | None = None) -> None:
        """Show a sentence; longer ones stay longer."""
        glyph, token = _MARKS[kind]
        colours = self._themes.current.tokens()
        self._mark.setPixmap(glyph_pixmap(glyph, colours[token], 16, self.devicePixelRatioF()))
        self._close.setIcon(icon("x", colours["secondary"], 14))
        self.text.setText(text)
        self._place = place or ""
        self._arrange()
        self.show()
        self.raise_()
        if kind == "error":
            self._timer.stop()
        else:
            self._timer.start(4000 + 40 * len(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the host is resized."""
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place the message speaks of."""
        if self._place:
            self.activated.emit(self._place)
        self.hide()

    def _arrange(self) -> None:
        room = max(200, min(_WIDEST, self._host.width() - _CRUMBS))
        natural = self.text.fontMetrics().horizontalAdvance(self.text.text()) + 90
        self.setFixedWidth(min(room, max(220, natural)))
        self.setFixedHeight(max(34, self._row.totalHeightForWidth(self.width())))
        self.move(self._host.width() - self.width() - 8, below_others(self, self._host, 4))
