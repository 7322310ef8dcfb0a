"""A drawing as a file: lines in SVG and PDF, pixels in PNG, each with the project in it if wanted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from netbuilder.core.atomic import write_atomically
from netbuilder.core.embedded import ATTACHMENT, SUFFIXES, into_png, into_svg
from netbuilder.exchange.declare import ExportError
from netbuilder.ui.pictures.drawings import Drawing, LectureDrawing

_MOST_PIXELS = 100_000_000
_DPI = 96


def write(drawing: Drawing, path: Path, *, scale: float = 1.0, project: bytes = b"", title: str = "") -> None:
    """Write the format that the suffix means, whole or not at all; raises `ExportError` or `FileError`.

    `scale` magnifies pixels and pages; `project` is the file that opening the picture opens.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportError(f"“{path.name}” is no picture that can be written.", place=str(path), remedy=f"Use {', '.join(SUFFIXES)}.")
    if suffix == ".svg":
        text = _svg(drawing, title)
        data = (into_svg(text, project) if project else text).encode()
    elif suffix == ".png":
        picture = _encoded(image(drawing, scale))
        data = into_png(picture, project) if project else picture
    else:
        data = _pdf(drawing, scale, project, title)
    write_atomically(path, data)


def image(drawing: Drawing, scale: float) -> QImage:
    """The drawing in pixels; transparent where it has no ground."""
    size = (drawing.size * scale).toSize()
    if size.width() * size.height() > _MOST_PIXELS:
        raise ExportError(
            f"A picture of {size.width():,} × {size.height():,} pixels is too large.", remedy="Choose a smaller scale, or SVG or PDF."
        )
    result = QImage(size, QImage.Format.Format_ARGB32)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    drawing.paint(painter)
    painter.end()
    return result


def _svg(drawing: Drawing, title: str) -> str:
    if isinstance(drawing, LectureDrawing):
        return drawing.svg
    data = QByteArray()
    buffer = _buffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DPI)
    generator.setSize(drawing.size.toSize())
    generator.setViewBox(QRectF(0, 0, drawing.size.width(), drawing.size.height()))
    generator.setTitle(title)
    generator.setDescription("Made with Netbuilder")
    painter = QPainter(generator)
    drawing.paint(painter)
    painter.end()
    return bytes(data.data()).decode()


def _encoded(picture: QImage) -> bytes:
    data = QByteArray()
    buffer = _buffer(data)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(data.data())


def _pdf(drawing: Drawing, scale: float, project: bytes, title: str) -> bytes:
    data = QByteArray()
    buffer = _buffer(data)
    writer = QPdfWriter(buffer)
    points = QSizeF(drawing.size.width() * scale * 72 / _DPI, drawing.size.height() * scale * 72 / _DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(title)
    writer.setCreator("Netbuilder")
    if project:
        writer.addFileAttachment(ATTACHMENT, QByteArray(project), "application/json")
    painter = QPainter(writer)
    factor = writer.width() / drawing.size.width()
    painter.scale(factor, factor)
    drawing.paint(painter)
    painter.end()
    return bytes(data.data())


def _buffer(data: QByteArray) -> QBuffer:
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
