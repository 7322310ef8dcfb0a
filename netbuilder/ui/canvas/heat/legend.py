"""What the colours of the heat map mean: the quantity, its scale, and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from netbuilder.ui.canvas.heat.quantities import STEPS, Quantity, Values
from netbuilder.ui.theme import mono_font, ui_font

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_BAR = QSize(96, 8)


class _Scale(QWidget):
    """The colours from cold to hot."""

    def __init__(self, canvas: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.setFixedSize(_BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._canvas.canvas_scene.colours
        ramp = QLinearGradient(0, 0, self.width(), 0)
        for step in range(1, STEPS + 1):
            ramp.setColorAt((step - 1) / (STEPS - 1), colours.heat(step / STEPS))
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ramp)
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)


class HeatLegend(QFrame):
    """In the canvas's upper right corner, where no node of the fitted view lies. A click goes on to the next quantity."""

    def __init__(self, canvas: CanvasView, following: Callable[[], None], close: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("canvas.heat_legend")
        self.title = QPushButton(self)
        self.title.setObjectName("canvas.heat_legend.next")
        self.title.setFont(ui_font(12, 500))
        self.title.clicked.connect(following)
        self.low, self.high = QLabel(self), QLabel(self)
        leave = QPushButton("×", self)
        leave.setObjectName("canvas.heat_legend.close")
        leave.setAccessibleName("Hide the heat map")
        leave.clicked.connect(close)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 4, 2)
        row.setSpacing(8)
        for part in (self.title, self.low, _Scale(canvas, self), self.high, leave):
            row.addWidget(part)
        for label in (self.low, self.high):
            label.setFont(mono_font(11))
        canvas.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def tell(self, quantity: Quantity, values: Values, why: str) -> None:
        """Name the quantity and the ends of its scale, or say `why` a training has not told any."""
        low, high = quantity.range(values)
        scale = ", logarithmic" if quantity.logarithmic else ""
        self.title.setText(f"{quantity.title}{scale}")
        self.title.setToolTip(f"{quantity.tip} Click for the next quantity.")
        waits = bool(quantity.live and not values)
        self.low.setText(why if waits else quantity.write(low))
        self.high.setText("" if waits else quantity.write(high))
        self.setAccessibleName(f"Heat map: {quantity.title}, {self.low.text()} to {self.high.text()}")
        self._style()
        self.ensurePolished()
        self.adjustSize()
        self._place()
        self.raise_()

    def _place(self) -> None:
        self.move(self._canvas.width() - self.width() - 12, 7)

    def _style(self) -> None:
        theme = self._canvas.context.themes.current
        self.setStyleSheet(
            f"#canvas\\.heat_legend {{ background: {theme.panel.name()}; border: 1px solid {theme.line.name()}; border-radius: 6px; }}"
            f"QLabel {{ background: transparent; border: none; color: {theme.secondary.name()}; }}"
            f"QPushButton {{ background: transparent; border: none; color: {theme.text.name()}; padding: 2px 4px; min-height: 0; }}"
            f"QPushButton:hover, QPushButton:focus {{ background: {theme.hover.name()}; border-radius: 4px; }}"
        )
