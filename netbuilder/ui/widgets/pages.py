"""A scrolled place for one of several views at a time, where those that are kept wait for their next turn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget


class Pages(QScrollArea):
    """Kept pages stay here, hidden: a widget that changes its parent is styled anew with all that is in it, which takes much longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._all = QWidget()
        self._column = QVBoxLayout(self._all)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._all)

    def keep(self, page: QWidget) -> None:
        """Have a page ready that nobody looks at yet, styled and laid out."""
        page.hide()
        self._column.addWidget(page)
        for part in (page, *page.findChildren(QWidget)):
            part.ensurePolished()
        page.resize(self.viewport().width(), page.sizeHint().height())
        if (layout := page.layout()) is not None:
            layout.activate()

    def turn_to(self, page: QWidget) -> None:
        """Show a page from its top; the former one stays, hidden. Who looks for something by its name finds that of this page first."""
        if page.parentWidget() is not self._all:
            self._column.addWidget(page)
        if self.page is not None:
            self.page.hide()
        self.page = page
        page.lower()
        page.show()
        QApplication.sendPostedEvents(self._all, QEvent.Type.LayoutRequest.value)
        self.verticalScrollBar().setValue(0)

    def drop(self, page: QWidget) -> None:
        """Have a page no more."""
        self._column.removeWidget(page)
        page.hide()
        page.setParent(None)
        page.deleteLater()
        if page is self.page:
            self.page = None
