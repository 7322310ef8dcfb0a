"""A tree of names and shapes: the names take the room that the shapes leave."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QWidget

NAME, SHAPE = 0, 1
"""Its columns."""


class ShapeTree(QTreeWidget):
    """Without a heading and without a frame."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(20)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(SHAPE, QHeaderView.ResizeMode.ResizeToContents)
