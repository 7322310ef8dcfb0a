"""How hot a node is, drawn: a tint of its card, and a bar whose length says the same without colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from netbuilder.ui.canvas.geometry import STRIPE, WIDTH
from netbuilder.ui.canvas.heat.quantities import STEPS
from netbuilder.ui.canvas.nodes.level_of_detail import Detail
from netbuilder.ui.canvas.nodes.paint import card
from netbuilder.ui.canvas.painting.colours import Colours
from netbuilder.ui.theme import mix


def paint_heat(painter: QPainter, step: int, height: float, level: Detail, colours: Colours) -> None:
    """Tint a card in its own coordinates, and draw its bar along the lower edge."""
    share = step / STEPS
    tint = QColor(mix(colours.theme.warning, colours.theme.error, share))
    tint.setAlphaF(0.04 + 0.3 * share)
    thick = 4.0 if level is Detail.FULL else 9.0
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setClipPath(card(height, 1))
    painter.setBrush(tint)
    painter.drawRect(QRectF(0, 0, WIDTH, height))
    tint.setAlphaF(1.0)
    painter.setBrush(tint)
    painter.drawRect(QRectF(STRIPE, height - thick - 1, (WIDTH - STRIPE) * share, thick))
    painter.restore()
