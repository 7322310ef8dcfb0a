"""The ghost of an edit that is not done yet: shapes before and after on the nodes, and what else would differ in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QLabel, QStyleOptionGraphicsItem, QWidget

from netbuilder.core import format as say
from netbuilder.net.results import Severity
from netbuilder.net.trial import Trial
from netbuilder.ui.canvas.geometry import WIDTH
from netbuilder.ui.canvas.nodes.item import NodeItem
from netbuilder.ui.canvas.nodes.level_of_detail import Detail, detail
from netbuilder.ui.canvas.nodes.paint import BADGE, card, font, paint_badge
from netbuilder.ui.canvas.painting.above import Above
from netbuilder.ui.theme import ui_font

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_ROW = 22.0
_LONGEST = 150
_EDGE = 24
_FEW = 20


class Preview(Above):
    """Painted above the nodes while an edit is on trial; `note` is the line above them."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__()
        self._canvas = canvas
        self.trial: Trial | None = None
        self.note = QLabel(canvas)
        self.note.setObjectName("canvas.preview")
        self.note.setFont(ui_font(12))
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.note.hide()
        self.setZValue(9)
        canvas.canvas_scene.addItem(self)

    def show_trial(self, trial: Trial | None) -> None:
        """Show what an edit would change; nothing for `None`, or when nothing would."""
        self.about_to_change()
        self.trial = trial if trial is not None and not trial.empty else None
        self.note.setVisible(self.trial is not None)
        if self.trial is not None:
            self._write(summary(self.trial))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._canvas.visible_rect() if self.trial is not None else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        trial, scene = self.trial, self._canvas.canvas_scene
        if trial is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        level = detail(painter.worldTransform().m11())
        come = {problem.node: problem.severity for problem in reversed(trial.come)}
        seen = scene.nodes_in(self._canvas.visible_rect()) & (trial.reshaped | come.keys())
        chosen = self._canvas.selected_ids
        painter.save()
        if 0 < len(chosen) <= _FEW:
            painter.setClipPath(self._around([scene.nodes[id_].rect for id_ in chosen if id_ in scene.nodes]))
        for id_ in seen - chosen:
            self._paint_node(painter, scene.nodes[id_], level, come.get(id_))
        painter.restore()
        for id_ in seen & chosen:
            self._paint_node(painter, scene.nodes[id_], level, come.get(id_))

    def _around(self, rects: list[QRectF]) -> QPainterPath:
        """What is on show but for these, which lie above it."""
        whole, above = QPainterPath(), QPainterPath()
        whole.addRect(self.boundingRect())
        for rect in rects:
            above.addRect(rect)
        return whole - above

    def _paint_node(self, painter: QPainter, item: NodeItem, level: Detail, severity: Severity | None) -> None:
        colours = self._canvas.canvas_scene.colours
        painter.save()
        painter.translate(item.rect.topLeft())
        height = item.rect.height()
        if level is Detail.FULL and self.trial is not None and item.node_id in self.trial.reshaped:
            self._paint_shape(painter, item.node_id, height)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = colours.accent if severity is None else colours.theme.error if severity is Severity.ERROR else colours.theme.warning
        painter.setPen(QPen(edge, 1.5 if level is Detail.FULL else 4, Qt.PenStyle.DashLine))
        painter.drawPath(card(height, 1))
        if severity is not None:
            paint_badge(painter, severity, BADGE, colours, 1.0 if level is Detail.FULL else 1.6)
        painter.restore()

    def _paint_shape(self, painter: QPainter, id_: str, height: float) -> None:
        """The shape as it would be, in the place of the shape as it is."""
        if self.trial is None:
            return
        colours, change = self._canvas.canvas_scene.colours, self.trial.change(id_)
        row = QRectF(6, height - _ROW - 3, WIDTH - 12, _ROW)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.body)
        painter.drawRect(row)
        painter.setFont(font("mono"))
        before, after = f"{change.before or '?'} ", f"→ {change.after or '?'}"
        metrics = QFontMetricsF(font("mono"))
        if metrics.horizontalAdvance(before + after) > WIDTH - 27:
            before = ""
        painter.setPen(colours.secondary)
        painter.drawText(QPointF(15, height - 11), before)
        painter.setPen(colours.accent)
        text = metrics.elidedText(after, Qt.TextElideMode.ElideRight, WIDTH - 27)
        painter.drawText(QPointF(15 + metrics.horizontalAdvance(before), height - 11), text)

    def _write(self, text: str) -> None:
        theme, host = self._canvas.context.themes.current, self._canvas
        self.note.setStyleSheet(
            f"#canvas\\.preview {{ background: {theme.raised.name()}; color: {theme.text.name()}; border: 1px dashed {theme.accent.name()};"
            " border-radius: 6px; padding: 5px 10px; font-size: 12px; }"
        )
        left = host.overlays.breadcrumb.geometry().right() + 16
        room = host.width() - left - 12
        self.note.ensurePolished()
        metrics = self.note.fontMetrics()
        self.note.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - _EDGE))
        self.note.setFixedSize(min(room, metrics.horizontalAdvance(text) + _EDGE), metrics.height() + 12)
        self.note.move(host.width() - self.note.width() - 12, 8)
        self.note.raise_()


def summary(trial: Trial) -> str:
    """All that would differ, in one line: `Would change 3 shapes · +2,416 parameters · new problem: …`."""
    parts = []
    if trial.reshaped:
        parts.append(f"changes {_several(len(trial.reshaped), 'shape')}")
    if trial.parameters:
        parts.append(f"{'+' if trial.parameters > 0 else '−'}{say.count(abs(trial.parameters))} parameters")
    if trial.gone:
        parts.append(f"mends {_several(len(trial.gone), 'problem')}")
    if trial.come:
        first = trial.come[0].message
        shown = first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
        more = f" and {len(trial.come) - 1} more" if len(trial.come) > 1 else ""
        parts.append(f"new {'problem' if any(p.severity is Severity.ERROR for p in trial.come) else 'warning'}{more}: {shown}")
    return f"This {', '.join(parts)}"


def _several(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"
