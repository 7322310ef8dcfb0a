"""A field for on and off: the word and a small switch."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from netbuilder.ui.theme import mono_font


class Switch(QAbstractButton):
    """A checkable field, 26 px high; Space and click toggle it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As wide as other fields may be, 26 px high."""
        return QSize(120, 26)

    def minimumSizeHint(self) -> QSize:
        """Room for the word and the switch."""
        return QSize(80, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Field, word, pill and knob in palette colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self.palette()
        edge = colours.highlight() if self.hasFocus() else colours.mid()
        painter.setPen(QPen(edge.color(), 1))
        painter.setBrush(colours.base())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(colours.text().color())
        painter.setFont(mono_font(12))
        painter.drawText(self.rect().adjusted(9, 0, -40, 0), Qt.AlignmentFlag.AlignVCenter, "on" if self.isChecked() else "off")
        pill = QRectF(self.width() - 34, (self.height() - 14) / 2, 26, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.highlight() if self.isChecked() and self.isEnabled() else colours.placeholderText())
        painter.drawRoundedRect(pill, 7, 7)
        painter.setBrush(colours.window())
        left = pill.right() - 12 if self.isChecked() else pill.left() + 2
        painter.drawEllipse(QRectF(left, pill.top() + 2, 10, 10))
