"""A row of tabs: plain words, an accent line under the current one, and a count beside those that have one."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QWidget

from netbuilder.ui.theme import Themes, mono_font, ui_font

PAD, LEAST = 11, 3
"""Pixels on either side of a tab's words, and how few they become before the row has to scroll."""


class TabRow(QTabBar):
    """A tab bar in the manner of the mock-ups; keyboard and accessibility as in any tab bar."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._badges: dict[int, tuple[str, str]] = {}
        self._pad = PAD
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFont(ui_font(13))
        themes.changed.connect(self.update)

    def set_badge(self, index: int, text: str, kind: str = "good") -> None:
        """A short count beside the tab's words, coloured `good`, `warning` or `error`."""
        self._badges[index] = (text, kind)
        self.updateGeometry()
        self.update()

    def badge(self, index: int) -> str:
        """The count beside a tab."""
        return self._badges.get(index, ("", ""))[0]

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as its words at the heavier weight, so that nothing moves when the current tab changes."""
        return QSize(self._words(index) + 2 * self._pad, 36)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow row the tabs move closer together."""
        free = event.size().width() - sum(map(self._words, range(self.count())))
        self._pad = max(LEAST, min(PAD, free // (2 * max(1, self.count()))))
        super().resizeEvent(event)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs do not shrink; they scroll."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words, counts and the accent line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            self._paint_tab(painter, index, self.tabRect(index))

    def _paint_tab(self, painter: QPainter, index: int, rect: QRect) -> None:
        theme = self._themes.current
        current = index == self.currentIndex()
        hovered = rect.contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
        painter.setFont(ui_font(13, 600 if current else 400))
        painter.setPen(theme.text if current or hovered else theme.secondary)
        area = rect.adjusted(self._pad, 0, -self._pad, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.tabText(index))
        width = _width(self.tabText(index))
        text, kind = self._badges.get(index, ("", ""))
        if text:
            painter.setFont(mono_font(12, 600))
            painter.setPen(theme.tokens()[kind])
            flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextDontClip.value
            painter.drawText(area.adjusted(width + 6, 0, 0, 0), flags, text)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.accent)
            painter.drawRoundedRect(QRect(area.left(), rect.bottom() - 2, width, 2), 1, 1)
            if self.hasFocus():
                painter.setPen(theme.accent)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect.adjusted(self._pad - 5, 5, 5 - self._pad, -6), 5, 5)

    def _words(self, index: int) -> int:
        """Pixels of a tab's words and its count."""
        badge = self.badge(index)
        return _width(self.tabText(index)) + (6 + max(2, len(badge)) * 8 if badge else 0)


@cache
def _width(text: str) -> int:
    """Pixels at the heavier weight; Qt asks for every tab whenever one is added."""
    return QFontMetrics(ui_font(13, 600)).horizontalAdvance(text)
