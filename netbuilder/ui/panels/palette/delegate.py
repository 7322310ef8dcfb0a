"""Paints the palette's rows: headings, layers with their glyph, and the line for the rest."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.panels.palette.model import Entry, Heading, More, PaletteModel
from netbuilder.ui.theme import Theme, Themes, ui_font

ROW, HEADING = 28, 30


class PaletteDelegate(QStyledItemDelegate):
    """Asks the themes for colours at every paint, so a switch needs no update here."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Layers 28 px, headings a little more so that families stand apart."""
        model = index.model()
        heading = isinstance(model, PaletteModel) and isinstance(model.row(index), Heading)
        return QSize(120, HEADING if heading else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """One row."""
        model = index.model()
        assert isinstance(model, PaletteModel)
        row, theme = model.row(index), self._themes.current
        rect: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._background(painter, rect, option, theme)
        if isinstance(row, Heading):
            self._heading(painter, rect, row, option, theme)
        elif isinstance(row, Entry):
            self._entry(painter, rect, row, theme)
        else:
            self._more(painter, rect, row, theme)
        painter.restore()

    def _background(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, theme: Theme) -> None:
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (chosen or hovered):
            return
        painter.setPen(theme.accent if state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen)
        painter.setBrush(theme.selection if chosen else theme.hover)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)

    def _heading(self, painter: QPainter, rect: QRect, row: Heading, option: QStyleOptionViewItem, theme: Theme) -> None:
        painter.setFont(ui_font(11, 600))
        painter.setPen(theme.secondary)
        painter.drawText(rect.adjusted(0, 6, -18, 0), Qt.AlignmentFlag.AlignVCenter, row.title)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if row.folded or hovered:
            name = "chevron-right" if row.folded else "chevron-down"
            mark = glyph_pixmap(name, theme.secondary, 12, painter.device().devicePixelRatio())
            painter.drawPixmap(rect.right() - 15, rect.center().y() - 2, mark)

    def _entry(self, painter: QPainter, rect: QRect, row: Entry, theme: Theme) -> None:
        mark = glyph_pixmap(row.about.glyph, theme.category(row.about.category), 16, painter.device().devicePixelRatio())
        painter.drawPixmap(rect.left() + 8, rect.center().y() - 7, mark)
        painter.setFont(ui_font(13))
        painter.setPen(theme.text)
        area = rect.adjusted(35, 0, -6, 0)
        text = painter.fontMetrics().elidedText(row.about.title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _more(self, painter: QPainter, rect: QRect, row: More, theme: Theme) -> None:
        painter.setFont(ui_font(12))
        painter.setPen(theme.secondary)
        text = f"{row.hidden} more…" if row.hidden else "Fewer"
        painter.drawText(rect.adjusted(35, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
