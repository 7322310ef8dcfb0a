"""File → Open recent: each project with its network in small, its folder and when it was saved last; those gone can be taken off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from netbuilder.app.preferences import Preferences
from netbuilder.core.format import moment
from netbuilder.ui.dialogs.recent import graph_of
from netbuilder.ui.dialogs.thumbnail import Thumbnail
from netbuilder.ui.theme import Themes, ui_font

PICTURE = QSize(84, 46)
ROW = QSize(400, 58)
EDGE, GAP = 8, 12


def fill(menu: QMenu, preferences: Preferences, themes: Themes, open_: Callable[[Path], object]) -> None:
    """A row for every project opened lately, the newest first; `open_` is called with the path of the one chosen."""
    menu.clear()
    paths = preferences.recent
    stems = Counter(path.stem for path in paths)
    for path in paths:
        name = f"{path.stem}  ({path.parent})" if stems[path.stem] > 1 else path.stem
        action = QWidgetAction(menu)
        action.setText((name if path.is_file() else f"{name}, missing").replace("&", "&&"))
        action.setObjectName(f"action.recent.{path.stem}")
        action.setDefaultWidget(Row(menu, action, path, themes))
        action.triggered.connect(lambda _checked=False, path=path: open_(path))
        menu.addAction(action)
    if not paths:
        menu.addAction("Nothing opened yet").setEnabled(False)
    gone = [path for path in paths if not path.is_file()]
    if gone:
        menu.addSeparator()
        tidy = menu.addAction("Take the missing ones off this list")
        tidy.setObjectName("action.recent.tidy")
        for path in gone:
            tidy.triggered.connect(lambda _checked=False, path=path: preferences.forget(path))


class Row(QWidget):
    """A project in the menu. The pointer and the keys belong to the menu, whose chosen row it paints."""

    def __init__(self, menu: QMenu, action: QWidgetAction, path: Path, themes: Themes) -> None:
        super().__init__()
        self._menu, self._action, self._path, self._themes = menu, action, path, themes
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(ROW)
        self._there = path.is_file()
        self.picture = Thumbnail(themes, parent=self)
        self.picture.setFixedSize(PICTURE)
        self.picture.move(EDGE, (ROW.height() - PICTURE.height()) // 2)
        if self._there:
            QTimer.singleShot(0, self, self._draw)

    @property
    def words(self) -> str:
        """The line below the name."""
        folder = str(self._path.parent).replace(str(Path.home()), "~", 1)
        if not self._there:
            return f"missing · was in {folder}"
        return f"{moment(datetime.fromtimestamp(self._path.stat().st_mtime), datetime.now())} · {folder}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, name, and where and when."""
        theme, painter = self._themes.current, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._menu.activeAction() is self._action:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.selection)
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        left = EDGE + PICTURE.width() + GAP
        room = QRectF(left, 9, self.width() - left - EDGE, 20)
        lines = ((self._path.stem, ui_font(13, 600), theme.text), (self.words, ui_font(12), theme.secondary))
        for text, font, colour in lines:
            painter.setFont(font)
            painter.setPen(QPen(colour if self._there else theme.warning if text == self.words else theme.secondary))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
            room.translate(0, 20)
        painter.end()

    def _draw(self) -> None:
        """Once the menu is open: reading many projects may take a moment."""
        self.picture.show_graph(graph_of(self._path))
