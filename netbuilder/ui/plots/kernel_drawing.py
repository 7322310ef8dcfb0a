"""The weight tensor of a layer as it is: cuboids with their sizes for a convolution, a matrix for a dense layer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from netbuilder.core.format import count
from netbuilder.layers.declare import Category
from netbuilder.layers.kernels import Kernel
from netbuilder.ui.theme import Themes, mix, mono_font, ui_font

HEIGHT, MARGIN, GAP, LABEL = 140, 26.0, 14.0, 16.0
MOST_CELLS, MOST_SLICES = 11, 8
"""Lines and slices that are drawn one by one."""
FACE, SLANT, FLAT = 58.0, 5.0, 12.0


class KernelDrawing(QWidget):
    """`show_kernel` draws as many kernels as there is room for and says how many there are."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._kernel: Kernel | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Drawing of the weights")
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the inspector."""
        return QSize(240, HEIGHT)

    def show_kernel(self, kernel: Kernel | None) -> None:
        """Draw another one."""
        if kernel != self._kernel:
            self._kernel = kernel
            self.setAccessibleDescription("" if kernel is None else said(kernel))
            self.update()

    @property
    def labels(self) -> list[str]:
        """The words and numbers of the drawing."""
        return [] if self._kernel is None else labels(self._kernel)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The drawing."""
        if self._kernel is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._kernel.sizes:
            self._paint_kernels(painter, self._kernel)
        else:
            self._paint_matrix(painter, self._kernel)
        painter.end()

    def _paint_kernels(self, painter: QPainter, kernel: Kernel) -> None:
        theme, colour = self._themes.current, self._themes.current.category(Category.CONVOLUTION)
        rows, columns = (1, kernel.sizes[0]) if len(kernel.sizes) == 1 else kernel.sizes[-2:]
        cell = min(18.0, FACE / max(rows, columns))
        wide, high, deep = columns * cell, max(rows * cell, FLAT), min(kernel.inputs, MOST_SLICES) * SLANT
        top, x = LABEL + deep, MARGIN
        times = f"… ×{count(kernel.outputs)}"
        room = self.width() - QFontMetrics(mono_font(15, 600)).horizontalAdvance(times) - GAP
        drawn = max(1, min(kernel.outputs, int((room - MARGIN + GAP) / (wide + deep + GAP))))
        for number in range(drawn):
            _cuboid(
                painter, QRectF(x, top, wide, high), (rows, columns), kernel.inputs, mix(theme.panel, colour, 0.9 if number == 0 else 0.55)
            )
            if number == 0:
                self._paint_sizes(painter, QRectF(x, top, wide, high), deep, kernel)
            x += wide + deep + GAP
        painter.setPen(theme.text)
        painter.setFont(mono_font(15, 600))
        text = times if drawn < kernel.outputs else times[2:]
        painter.drawText(QRectF(x - 4, top, 120, high), int(Qt.AlignmentFlag.AlignVCenter), text)
        self._paint_caption(painter, said(kernel))

    def _paint_sizes(self, painter: QPainter, face: QRectF, deep: float, kernel: Kernel) -> None:
        painter.setFont(mono_font(11))
        painter.setPen(self._themes.current.secondary)
        height, width, inside = labels(kernel)[:3]
        painter.drawText(
            QRectF(0, face.top(), MARGIN - 5, face.height()), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), height
        )
        painter.drawText(QRectF(face.left(), face.bottom() + 2, max(face.width(), 120), LABEL), int(Qt.AlignmentFlag.AlignLeft), width)
        painter.drawText(QRectF(0, face.top() - deep - LABEL, face.left() + deep + 30, LABEL), int(Qt.AlignmentFlag.AlignRight), inside)

    def _paint_matrix(self, painter: QPainter, kernel: Kernel) -> None:
        theme, colour = self._themes.current, self._themes.current.category(Category.DENSE)
        shown = min(kernel.outputs, MOST_CELLS), min(kernel.inputs, 3 * MOST_CELLS)
        left = 72.0
        cell = min(18.0, 76.0 / shown[0], (self.width() - left - 40) / shown[1])
        box = QRectF(left, LABEL + 4, shown[1] * cell, shown[0] * cell)
        for row in range(shown[0]):
            place = QRectF(box.left(), box.top() + row * cell, box.width(), cell)
            painter.fillRect(place, mix(theme.panel, colour, 0.55 if row % 2 else 0.75))
        _grid(painter, box, shown, mix(theme.panel, colour, 0.3))
        painter.setFont(mono_font(11))
        painter.setPen(theme.secondary)
        outs, ins = labels(kernel)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(0, box.top(), left - 6, box.height()), right, outs)
        painter.drawText(QRectF(box.left(), box.top() - LABEL - 2, max(box.width(), 60), LABEL), int(Qt.AlignmentFlag.AlignLeft), ins)
        if shown != (kernel.outputs, kernel.inputs):
            painter.drawText(QPointF(box.right() + 6, box.center().y() + 4), "…")
        self._paint_caption(painter, said(kernel))

    def _paint_caption(self, painter: QPainter, text: str) -> None:
        painter.setFont(ui_font(12))
        painter.setPen(self._themes.current.secondary)
        box = QRectF(0, self.height() - 18, self.width(), 18)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), text)


def labels(kernel: Kernel) -> list[str]:
    """Height, width, depth and number of the kernels; of a matrix rows and columns."""
    if not kernel.sizes:
        return [f"out {count(kernel.outputs)}", f"in {count(kernel.inputs)}"]
    tall = "" if len(kernel.sizes) == 1 else str(kernel.sizes[-2])
    wide = str(kernel.sizes[-1]) + (f", {kernel.sizes[0]} slices" if len(kernel.sizes) == 3 else "")
    return [tall, wide, f"in {count(kernel.inputs)}", f"×{count(kernel.outputs)}"]


def said(kernel: Kernel) -> str:
    """The drawing in a sentence."""
    if not kernel.sizes:
        return f"A row of {count(kernel.inputs)} weights for each of {count(kernel.outputs)} units"
    size = "×".join(map(str, (*kernel.sizes, kernel.inputs)))
    return f"{count(kernel.outputs)} {'kernel' if kernel.outputs == 1 else 'kernels'} of {size}, one per map"


def _cuboid(painter: QPainter, face: QRectF, cells: tuple[int, int], slices: int, colour: QColor) -> None:
    """The slices from the last to the first, each a step to the right and up; the first with its cells."""
    count_ = min(slices, MOST_SLICES)
    edge = QPen(colour.darker(170), 1)
    for number in reversed(range(count_)):
        place = face.translated(number * SLANT, -number * SLANT)
        painter.setPen(edge)
        painter.setBrush(colour if number == 0 else colour.darker(112 + 4 * number))
        painter.drawPolygon(QPolygonF([place.topLeft(), place.topRight(), place.bottomRight(), place.bottomLeft()]))
    if max(cells) <= MOST_CELLS:
        _grid(painter, face, cells, colour.darker(150))


def _grid(painter: QPainter, box: QRectF, cells: tuple[int, int], colour: QColor) -> None:
    painter.setPen(QPen(colour, 1))
    for row in range(1, cells[0]):
        y = box.top() + row * box.height() / cells[0]
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    for column in range(1, cells[1]):
        x = box.left() + column * box.width() / cells[1]
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
