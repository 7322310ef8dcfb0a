"""The network as a picture: how it is drawn, how much of it, in which colours, and the preview of exactly that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from netbuilder.app.files import slug
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.files import dumps
from netbuilder.layers.tones import PICTURE_TONES
from netbuilder.ui.context import UiContext
from netbuilder.ui.pictures.drawings import STYLES, Drawing
from netbuilder.ui.pictures.writing import image, write
from netbuilder.ui.theme import Themes
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.segmented import Segmented

_CHECKS = 8


class PictureDialog(Dialog):
    """`path` is the file that was written last."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.picture")
        self.setWindowTitle("Export picture")
        self.setModal(True)
        self.resize(860, 600)
        self._context = context
        self._level = context.session.level
        self._selected = context.selection.ids & self._level.graph.nodes.keys()
        self.path: Path | None = None
        self._drawing: Drawing | None = None
        self._build()
        self._draw()

    @property
    def scale(self) -> float:
        """How much pixels and pages are magnified."""
        return float(self.magnify.current)

    def save(self) -> None:
        """Ask where, and write."""
        suffix = self.format.current
        folder = self.path.parent if self.path else _folder()
        start = folder / f"{slug(self._context.session.document.project.name)}.{suffix}"
        name, _ = QFileDialog.getSaveFileName(self, "Export picture to", str(start), f"{suffix.upper()} (*.{suffix})")
        if name:
            path = Path(name)
            self.write(path if path.suffix.lower() == f".{suffix}" else path.with_name(f"{path.name}.{suffix}"))

    def write(self, path: Path) -> None:
        """Write the picture; says what came of it."""
        if self._drawing is None:
            return
        project = self._context.session.document.project
        try:
            write(self._drawing, path, scale=self.scale, project=dumps(project) if self.embed.isChecked() else b"", title=project.name)
        except (NetbuilderError, OSError) as error:
            self._say(str(error), "error")
            return
        self.path = path
        carried = ", with the project in it" if self.embed.isChecked() else ""
        self._say(f"✓ Written to {path.name}{carried}.", "good")

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if self._drawing is not None:
            QGuiApplication.clipboard().setImage(image(self._drawing, self.scale))
            self._say("✓ The picture is on the clipboard.", "good")

    def _draw(self) -> None:
        kind, tones = STYLES[self.style_.current], PICTURE_TONES[self.colours.current]
        only = self._selected if self.extent.current == "selection" else ()
        try:
            self._drawing = kind(self._level.graph, self._level.analysis, tones, only, transparent=self.clear.isChecked())
        except NetbuilderError as error:
            self._drawing = None
            self._say(str(error), "error")
        else:
            self._measure()
        self.preview.show_drawing(self._drawing)
        for part in (self._save, self._copy):
            part.setEnabled(self._drawing is not None)

    def _measure(self) -> None:
        if self._drawing is None:
            return
        width, height = round(self._drawing.size.width() * self.scale), round(self._drawing.size.height() * self.scale)
        unit = {"svg": "", "png": " pixels", "pdf": " pixels at 96 dpi"}[self.format.current]
        self.magnify.setEnabled(self.format.current != "svg")
        said = "Lines and letters at any size" if self.format.current == "svg" else f"{width:,} × {height:,}{unit}"
        self._say(said, "secondary")

    def _say(self, text: str, tone: str) -> None:
        self.outcome.setText(text)
        self.outcome.setProperty("tone", tone)
        self.outcome.style().polish(self.outcome)

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(f"{self._context.session.document.project.name} as a picture", "title"))
        self.preview = _Preview(self._context.themes)
        column.addWidget(self.preview, 1)
        column.addLayout(self._choices())
        self.outcome: QLabel = label("", wrap=True, selectable=True)
        self.outcome.setObjectName("picture.outcome")
        column.addWidget(self.outcome)
        column.addLayout(self._buttons())

    def _choices(self) -> QGridLayout:
        self.style_ = _choice("picture.style", [("canvas", "As on the canvas"), ("lecture", "As in papers")])
        self.extent = _choice("picture.extent", [("whole", "Everything"), ("selection", "Selection")])
        self.extent.setEnabled(bool(self._selected))
        self.colours = _choice("picture.colours", [(name, name.capitalize()) for name in PICTURE_TONES])
        self.format = _choice("picture.format", [("svg", "SVG"), ("png", "PNG"), ("pdf", "PDF")])
        self.magnify = _choice("picture.scale", [("1", "1×"), ("2", "2×"), ("4", "4×")])
        self.clear = QCheckBox("Transparent background")
        self.clear.setObjectName("picture.clear")
        self.embed = QCheckBox("Put the project in: opening the picture opens it")
        self.embed.setObjectName("picture.embed")
        self.embed.setChecked(True)
        for redraws in (self.style_.chosen, self.extent.chosen, self.colours.chosen, self.clear.toggled):
            redraws.connect(lambda _on: self._draw())
        for measures in (self.format.chosen, self.magnify.chosen):
            measures.connect(lambda _key: self._measure())
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, 64)
        grid.setColumnMinimumWidth(2, 64)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        rows = (("Drawing", self.style_, "Format", self.format), ("Show", self.extent, "Scale", self.magnify))
        for row, (left, first, right, second) in enumerate(rows):
            for column, part in enumerate((label(left, "label"), first, label(right, "label"), second)):
                grid.addWidget(part, row, column)
        grid.addWidget(label("Colours", "label"), 2, 0)
        grid.addWidget(self.colours, 2, 1)
        grid.addWidget(self.clear, 2, 2, 1, 2)
        grid.addWidget(self.embed, 3, 2, 1, 2)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._copy, close, self._save = QPushButton("Copy image"), QPushButton("Close"), QPushButton("Save…")
        for button, name, run in ((self._copy, "copy", self.copy), (close, "close", self.reject), (self._save, "save", self.save)):
            button.setObjectName(f"picture.{name}")
            button.setAutoDefault(False)
            button.clicked.connect(run)
        self._save.setDefault(True)
        row.addWidget(self._copy)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self._save)
        return row


class _Preview(QWidget):
    """The drawing as large as it fits, on squares where it is transparent."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self.setAccessibleName("Preview")
        self.setMinimumSize(QSize(320, 120))
        self._themes = themes
        self._drawing: Drawing | None = None

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Show another one, or nothing."""
        self._drawing = drawing
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._themes.current
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(theme.window)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._drawing is not None:
            size = self._drawing.size
            scale = min((self.width() - 24) / size.width(), (self.height() - 24) / size.height(), 1.0)
            place = QRectF(0, 0, size.width() * scale, size.height() * scale)
            place.moveCenter(QRectF(self.rect()).center())
            _squares(painter, place, theme.panel, theme.raised)
            painter.translate(place.topLeft())
            painter.scale(scale, scale)
            self._drawing.paint(painter)
        painter.end()


def _squares(painter: QPainter, place: QRectF, one: QColor, other: QColor) -> None:
    painter.save()
    painter.setClipRect(place)
    painter.fillRect(place, one)
    for down in range(int(place.height()) // _CHECKS + 1):
        for across in range(down % 2, int(place.width()) // _CHECKS + 1, 2):
            painter.fillRect(QRectF(place.x() + across * _CHECKS, place.y() + down * _CHECKS, _CHECKS, _CHECKS), other)
    painter.restore()


def _choice(name: str, options: list[tuple[str, str]]) -> Segmented:
    found = Segmented(options)
    found.setObjectName(name)
    found.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    row = found.layout()
    if isinstance(row, QHBoxLayout):
        row.addStretch(1)
    return found


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()
