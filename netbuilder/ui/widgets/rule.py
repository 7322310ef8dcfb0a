"""One-pixel lines between areas."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget


def rule(vertical: bool = False, parent: QWidget | None = None) -> QFrame:
    """A line in the theme's line colour."""
    line = QFrame(parent)
    line.setProperty("role", "rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
