"""What does not fit scrolls, so that the buttons below it can always be seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

LEAST = QSize(200, 64)
"""Down to where it gives way."""


class Scroller(QScrollArea):
    """Asks for the room that its content needs and gives way where there is less height; where it may be `narrow`, less width, too."""

    def __init__(self, content: QWidget | QLayout, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        if isinstance(content, QLayout):
            holder = QWidget(self)
            content.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(content)
        else:
            holder = content
        self._content, self._narrow = holder, narrow
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(holder)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Its content's."""
        return self._content.sizeHint() + self._edges

    def minimumSizeHint(self) -> QSize:
        """As wide as its content beside a scroll bar, or narrow; a few lines high."""
        least = self._content.minimumSizeHint() + self._edges + QSize(self.verticalScrollBar().sizeHint().width(), 0)
        return least.boundedTo(LEAST if self._narrow else QSize(least.width(), LEAST.height()))

    def heightForWidth(self, width: int) -> int:
        """Sentences of the content wrapped beside a scroll bar: one that came up would wrap them so, and stay."""
        inner = width - self._edges.width() - self.verticalScrollBar().sizeHint().width()
        height = self._content.heightForWidth(inner) if self._content.hasHeightForWidth() else self._content.sizeHint().height()
        return height + self._edges.height()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now its content has the sizes of its style."""
        self.updateGeometry()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it asks for follows its content."""
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @property
    def _edges(self) -> QSize:
        """What its own border takes."""
        margins = self.contentsMargins()
        return QSize(margins.left() + margins.right(), margins.top() + margins.bottom())
