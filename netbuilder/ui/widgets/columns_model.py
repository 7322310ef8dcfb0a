"""What tables with titled columns share: the columns, their titles, and on which side each is written."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex


class ColumnsModel(QAbstractTableModel):
    """`columns` are the titles; `figures` the numbers of those that hold figures, which stand on the right."""

    columns: ClassVar[tuple[str, ...]]
    figures: ClassVar[range]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """As many as `columns`."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, on the side of what is below them."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(section)
        return self.columns[section] if role == Qt.ItemDataRole.DisplayRole else None

    def alignment(self, column: int) -> int:
        """On which side a column is written."""
        side = Qt.AlignmentFlag.AlignRight if column in self.figures else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)
