"""The list of formats to choose from in the export dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from netbuilder.exchange.declare import Format, formats
from netbuilder.ui.widgets.labels import label

LEAST = 96
"""Height of two rows."""
ORDER = ("python", "state-dict", "safetensors", "pt2", "onnx")


def in_order() -> list[Format]:
    """The formats most people want first; others after them."""
    known = formats()
    return [known[name] for name in ORDER if name in known] + [entry for name, entry in known.items() if name not in ORDER]


class FormatList(QListWidget):
    """A row for each format, all of them in view where there is room."""

    def __init__(self, entries: Sequence[Format]) -> None:
        super().__init__()
        self.setObjectName("export.formats")
        self.setAccessibleName("Format")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for entry in entries:
            item, row = QListWidgetItem(self), _FormatRow(entry)
            for words in row.findChildren(QLabel):
                words.ensurePolished()
            item.setSizeHint(row.sizeHint())
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.about.title}: {entry.about.tip}")
            self.setItemWidget(item, row)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setCurrentRow(0)

    def sizeHint(self) -> QSize:
        """Room for all."""
        height = sum(self.sizeHintForRow(row) for row in range(self.count())) + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Room for two rows."""
        return QSize(super().minimumSizeHint().width(), LEAST)


class _FormatRow(QWidget):
    """A format's title and its one-line explanation."""

    def __init__(self, entry: Format) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 7)
        column.setSpacing(1)
        head = QHBoxLayout()
        head.addWidget(label(entry.about.title, "heading"))
        head.addStretch(1)
        head.addWidget(label(" ".join(entry.about.suffixes), "key"))
        column.addLayout(head)
        column.addWidget(label(entry.about.tip, "secondary"))
