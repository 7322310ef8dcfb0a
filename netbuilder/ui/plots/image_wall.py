"""A wall of small pictures on a panel, such as filters or feature maps: one painted widget, sharp pixels, nothing cut off in silence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from netbuilder.ui.plots.chip import Chip
from netbuilder.ui.plots.mosaic import GAP, Grid, Pixels, compose, lay_out
from netbuilder.ui.theme import Themes, ui_font

CAPTION = 18


class ImageWall(QAbstractScrollArea):
    """Shows pictures in as large square cells as fit; scrolls by rows when they do not, and says how many are shown.

    Hovering a cell tells its number, range and norm, and the value under the pointer. The menu chooses scale and order;
    `options_changed` asks the owner for pictures made that way. `picked` carries the number of a clicked picture,
    `opened` that of one clicked twice, or chosen in the menu when `opens` is set, as its numbers are to be seen.
    """

    options_changed = Signal()
    picked = Signal(int)
    opened = Signal(int)

    def __init__(
        self, themes: Themes, *, empty: str = "", word: str = "filter", options: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"Pictures of each {word}")
        self._themes = themes
        self._empty = empty
        self._word = word
        self._options = options
        self._images: Pixels = np.zeros((0, 1, 1), np.uint8)
        self._values: NDArray[np.floating] | None = None
        self._names: Sequence[str] | None = None
        self._grid: Grid | None = None
        self._hover: int | None = None
        self._cache: QPixmap | None = None
        self._least, self._most = 18, 160
        self._total = 0
        self.selected: int | None = None
        self.shared_scale = self.opens = False
        self.by_norm = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(80, 60)
        self._chip = Chip(self.viewport())
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        themes.changed.connect(self._redraw)

    def show_images(
        self, images: Pixels, values: NDArray[np.floating] | None = None, names: Sequence[str] | None = None, total: int = 0
    ) -> None:
        """Show (N, h, w) grey or (N, h, w, 3) colour pictures. `values` are the numbers behind them, in the same order.
        `total` is how many there are when not all are given.

        `names` are what the chip calls them; by default their numbers.
        """
        same = images.shape == self._images.shape
        self._images, self._values, self._total = images, values, max(total, len(images))
        self._names = names
        if not same:
            self._hover = None
        self._arrange() if not same or self._grid is None else self._redraw()
        self._say()

    def clear(self, text: str | None = None) -> None:
        """Show nothing but this text."""
        if text is not None:
            self._empty = text
        self.show_images(np.zeros((0, 1, 1), np.uint8))

    def set_cells(self, least: int, most: int) -> None:
        """Smallest and largest side of a cell, in logical pixels."""
        self._least, self._most = least, most
        self._arrange()

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self._images)

    @property
    def grid(self) -> Grid | None:
        """The present layout."""
        return self._grid

    @property
    def shown_text(self) -> str:
        """`64 of 96 shown` when some are out of sight, else nothing."""
        if self._grid is None or (self._grid.rows <= self._grid.whole and self._total == self.count):
            return ""
        first = self.verticalScrollBar().value() * self._grid.columns
        shown = min(self.count - first, self._grid.visible)
        return f"{shown} of {self._total:,} shown"

    def describe(self, number: int, place: tuple[int, int] | None = None) -> list[str]:
        """What the chip says about the picture in a cell, and about one of its pixels (row, column)."""
        lines = [self._names[number] if self._names is not None else f"{self._word} {number}"]
        if self._values is None:
            return lines
        values = self._values[number]
        lines.append(f"{float(values.min()):+.3f} … {float(values.max()):+.3f}")
        lines.append(f"norm {float(np.linalg.norm(values)):.3f}")
        if place is not None:
            parts = np.atleast_1d(values[place])
            lines.append(f"[{place[0]}, {place[1]}] " + " ".join(f"{float(v):+.3f}" for v in parts))
        return lines

    def to_image(self) -> QImage:
        """All pictures, the hidden ones too, at twice their size here."""
        if self._grid is None or not self.count:
            return QImage()
        data = compose(self._images, self._grid, 0, self._grid.rows, 2.0)
        return QImage(data.tobytes(), data.shape[1], data.shape[0], 4 * data.shape[1], QImage.Format.Format_RGBA8888).copy()

    # Layout

    def _arrange(self) -> None:
        width, height = self.maximumViewportSize().width(), self.viewport().height()
        self._cache = None
        if not self.count or width < 8:
            self._grid = None
            self.verticalScrollBar().setRange(0, 0)
        else:
            tile = max(self._images.shape[1:3])
            grid = lay_out(self.count, width, height, least=self._least, most=self._most, pixels=tile)
            if grid.rows > grid.whole or self._total > self.count:
                bar = self.verticalScrollBar().sizeHint().width()
                grid = lay_out(self.count, width - bar, height - CAPTION, least=self._least, most=self._most, pixels=tile)
            self._grid = grid
            self.verticalScrollBar().setRange(0, max(0, grid.rows - grid.whole))
            self.verticalScrollBar().setPageStep(grid.whole)
        self.viewport().update()

    def _redraw(self) -> None:
        self._cache = None
        self.viewport().update()

    def _scrolled(self) -> None:
        self._hover = None
        self._say()
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.current
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.panel)
        if self._grid is None:
            painter.setFont(ui_font(12))
            painter.setPen(theme.secondary)
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.viewport().rect().adjusted(8, 0, -8, 0), flags, self._empty)
            painter.end()
            return
        painter.drawPixmap(0, 0, self._picture(self._grid))
        for number, width in ((self.selected, 2), (self._hover, 1)):
            if number is not None and number < self.count:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(theme.accent, width))
                painter.drawRoundedRect(self._cell_rect(number).adjusted(-1, -1, 0, 0), 3, 3)
        text = self.shown_text
        if text:
            painter.setPen(theme.secondary)
            painter.setFont(ui_font(11))
            box = self.viewport().rect()
            painter.drawText(
                box.adjusted(0, box.height() - CAPTION, 0, 0), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), text
            )
        painter.end()

    def _picture(self, grid: Grid) -> QPixmap:
        if self._cache is None:
            dpr = self.devicePixelRatioF()
            data = compose(self._images, grid, self.verticalScrollBar().value(), min(grid.whole, grid.rows), dpr)
            image = QImage(data.tobytes(), data.shape[1], data.shape[0], 4 * data.shape[1], QImage.Format.Format_RGBA8888)
            self._cache = QPixmap.fromImage(image)
            self._cache.setDevicePixelRatio(dpr)
        return self._cache

    def _cell_rect(self, number: int) -> QRect:
        assert self._grid is not None
        row, column = divmod(number, self._grid.columns)
        pitch = self._grid.cell + GAP
        return QRect(column * pitch, (row - self.verticalScrollBar().value()) * pitch, self._grid.cell, self._grid.cell)

    # Pointer

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover = None
            self._say()
            self.viewport().update()
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        self._hover = found[0] if found else None
        self._say(found[1] if found else None)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(found[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(found[0])

    def _at(self, point: QPoint) -> tuple[int, tuple[int, int]] | None:
        """Cell and pixel (row, column) under a point."""
        if self._grid is None:
            return None
        pitch = self._grid.cell + GAP
        if point.y() >= self._grid.whole * pitch:
            return None
        y = point.y() + self.verticalScrollBar().value() * pitch
        number = self._grid.cell_at(point.x(), y)
        if number is None:
            return None
        height, width = self._images.shape[1:3]
        size = max(height, width)
        row = int((y % pitch) * size / self._grid.cell) - (size - height) // 2
        column = int((point.x() % pitch) * size / self._grid.cell) - (size - width) // 2
        return number, (min(max(row, 0), height - 1), min(max(column, 0), width - 1))

    def _say(self, place: tuple[int, int] | None = None) -> None:
        if self._hover is None or self._hover >= self.count:
            self._chip.hide()
            return
        rect = self._cell_rect(self._hover)
        theme = self._themes.current
        lines = [(text, theme.text if n else theme.secondary) for n, text in enumerate(self.describe(self._hover, place))]
        self._chip.say(list(lines), rect.center(), theme, avoid=rect)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self._at(self.viewport().mapFromGlobal(event.globalPos()))
        self.menu(found[0] if found else self.selected or 0).popup(event.globalPos())

    def menu(self, number: int = 0) -> QMenu:
        """Open a picture's tensor, scale, order, copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.opens and self.count:
            menu.addAction("Open tensor…", lambda: self.opened.emit(number))
            menu.addSeparator()
        if self._options:
            for title, name in (("One scale for all", "shared_scale"), ("Largest norm first", "by_norm")):
                action = menu.addAction(title)
                action.setCheckable(True)
                action.setChecked(getattr(self, name))
                action.toggled.connect(lambda on, name=name: self._choose(name, on))
            menu.addSeparator()
        menu.addAction("Copy as image", lambda: QGuiApplication.clipboard().setImage(self.to_image()))
        return menu

    def _choose(self, name: str, on: bool) -> None:
        setattr(self, name, on)
        self.options_changed.emit()
