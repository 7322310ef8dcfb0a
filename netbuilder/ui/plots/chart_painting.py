"""How a chart is painted: picture, axes, lines, dots and marks, in this order."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from netbuilder.ui.plots.chart_parts import Axis, Band, Content, Dots, Line, Mark, colour
from netbuilder.ui.theme import Theme, mono_font, ui_font

TICKS = 6
"""Pixels between the area and the texts beside it."""


class ChartPainting:
    """One painting of a content into a box; texts go beside it."""

    def __init__(self, painter: QPainter, content: Content, box: QRectF, theme: Theme) -> None:
        self._painter, self._content, self._box, self._theme = painter, content, box, theme

    def paint(self) -> None:
        """Paint everything."""
        content, painter = self._content, self._painter
        if content.picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._box, content.picture)
        self._axes(content.x, content.y)
        painter.save()
        painter.setClipRect(self._box.adjusted(-5, -5, 5, 5))
        for band in content.bands:
            self._band(band)
        for line in content.lines:
            self._line(line)
        for dots in content.dots:
            self._dots(dots)
        painter.restore()
        for mark in content.marks:
            self._mark(mark)

    def _place(self, x: float, y: float) -> QPointF:
        return self._content.place(x, y, self._box)

    def _axes(self, across: Axis, up: Axis) -> None:
        self._painter.setFont(mono_font(11))
        metrics = QFontMetrics(mono_font(11))
        for place, text in up.ticks:
            y = self._place(across.low, place).y()
            if self._content.picture is None:
                self._painter.setPen(QPen(self._theme.line, 1))
                self._painter.drawLine(QPointF(self._box.left(), y), QPointF(self._box.right(), y))
            self._painter.setPen(self._theme.secondary)
            self._painter.drawText(
                QRectF(0, y - 8, self._box.left() - TICKS, 16), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text
            )
        self._painter.setPen(self._theme.secondary)
        words = QFontMetrics(ui_font(11)).horizontalAdvance(across.label)
        free = self._box.right() - words - 8
        last = -1e9
        for place, text in across.ticks:
            width = metrics.horizontalAdvance(text)
            left = min(self._place(place, up.low).x() - width / 2, self._box.right() + 8.0 - width)
            if left > last + 8 and (left + width < free or not across.label):
                self._painter.drawText(QPointF(left, self._box.bottom() + 14), text)
                last = left + width
        self._painter.setFont(ui_font(11))
        self._painter.drawText(QPointF(self._box.right() - words, self._box.bottom() + 14), across.label)
        self._painter.drawText(QPointF(max(0.0, self._box.left() - TICKS - QFontMetrics(ui_font(11)).horizontalAdvance("0")), 11), up.label)

    def _band(self, band: Band) -> None:
        tint = colour(self._theme, band.ink)
        tint.setAlphaF(0.16)
        known = np.isfinite(band.x) & np.isfinite(band.low) & np.isfinite(band.high)
        for piece in np.split(np.arange(len(known)), np.flatnonzero(~known)):
            inside = piece[known[piece]]
            upper, lower = (self._content.places(band.x[inside], side[inside], self._box) for side in (band.high, band.low))
            path = QPainterPath()
            path.addPolygon(QPolygonF([*upper, *reversed(lower)]))
            self._painter.fillPath(path, tint)

    def _line(self, line: Line) -> None:
        pen = QPen(colour(self._theme, line.ink), line.width, Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        known = np.isfinite(line.x) & np.isfinite(line.y)
        for piece in np.split(np.arange(len(known)), np.flatnonzero(~known)):
            inside = piece[known[piece]]
            points = self._content.places(line.x[inside], line.y[inside], self._box)
            if line.filled and points:
                self._fill(points, line)
            self._painter.setPen(pen)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawPolyline(QPolygonF(points))

    def _fill(self, points: list[QPointF], line: Line) -> None:
        tint, bottom = colour(self._theme, line.ink), self._box.bottom()
        tint.setAlphaF(0.12)
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(points[0].x(), bottom), *points, QPointF(points[-1].x(), bottom)]))
        self._painter.fillPath(path, tint)

    def _dots(self, dots: Dots) -> None:
        ink = colour(self._theme, dots.ink)
        edge = QPen(colour(self._theme, dots.edge), 1.2) if dots.edge != "" else QPen(ink, 1.5) if dots.hollow else Qt.PenStyle.NoPen
        self._painter.setPen(edge)
        self._painter.setBrush(Qt.BrushStyle.NoBrush if dots.hollow else ink)
        sizes = np.broadcast_to(np.asarray(dots.size, float), len(dots.x))
        for x, y, size in zip(dots.x, dots.y, sizes, strict=True):
            if np.isfinite(x) and np.isfinite(y):
                self._painter.drawEllipse(self._place(float(x), float(y)), size / 2, size / 2)

    def _mark(self, mark: Mark) -> None:
        ink = colour(self._theme, mark.ink)
        self._painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine))
        self._painter.setFont(ui_font(11))
        width = QFontMetrics(ui_font(11)).horizontalAdvance(mark.label)
        if mark.vertical:
            x = self._place(mark.at, self._content.y.low).x()
            self._painter.drawLine(QPointF(x, self._box.top()), QPointF(x, self._box.bottom()))
            self._painter.drawText(QPointF(x + 4 if x + 4 + width < self._box.right() else x - 4 - width, self._box.top() + 10), mark.label)
        else:
            y = self._place(self._content.x.low, mark.at).y()
            self._painter.drawLine(QPointF(self._box.left(), y), QPointF(self._box.right(), y))
            self._painter.drawText(QPointF(self._box.right() - width, y - 4), mark.label)
