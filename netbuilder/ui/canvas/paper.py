"""A graphics view set up as drawing paper: no bars, no frame, nothing moves by itself, and Tab is a key like any other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget


class Paper(QGraphicsView):
    """Repaints only what has changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        paper = QWidget()  # made here: Qt's own viewport would first be looked up among all classes of widgets
        paper.setMouseTracking(True)
        paper.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the ground fills it: nothing is wiped before
        self.setViewport(paper)
        self.setMinimumSize(240, 160)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Tab is a key like any other while the paper itself has the focus."""
        return not (following and self.hasFocus()) and super().focusNextPrevChild(following)
