"""The whole network in small, with the visible part framed; click or drag to go there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from netbuilder.layers.declare import Category
from netbuilder.ui.canvas.scene import CanvasScene

SIZE = QSize(134, 78)
_INSET = 5.0
_MANY = 200
_CROWD = 600
_QUIET = 120


class Minimap(QWidget):
    """Draws every node as a block in its category's colour; `go_to` is called with a scene point."""

    def __init__(self, scene: CanvasScene, go_to: Callable[[QPointF], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas.minimap")
        self.setAccessibleName("Minimap")
        self.setFixedSize(SIZE)
        self._scene, self._canvas = scene, parent
        self._go_to = go_to
        self._view = QRectF()
        self._blocks: QPixmap | None = None
        self._around = QRectF()
        self._drawn: tuple[object, ...] = ()
        self._shown: tuple[object, QPixmap] = ((), QPixmap())
        self._paper: tuple[object, QPixmap] = ((), QPixmap())
        self._quiet = QTimer(self, interval=_QUIET, singleShot=True)
        self._quiet.timeout.connect(self._renew)

    def settle(self) -> None:
        """Be there while there is a network, and room beside it: a small canvas is its own map."""
        room = self._canvas.size()
        self.setVisible(bool(self._scene.nodes) and room.width() > 2.5 * self.width() and room.height() > 2.5 * self.height())

    def show_view(self, visible: QRectF, painted: QRegion) -> None:
        """Frame this part of the scene; where the view is painted just now, this is painted over it anyway."""
        self._view = visible
        self.settle()
        if not QRegion(self.geometry()).subtracted(painted).isEmpty():
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go_to(self._to_scene(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(self._to_scene(event.position()))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._follow()
        shown = (self._drawn, self._view.getRect())
        if self._shown[0] != shown:
            self._shown = (shown, self._draw())
        QPainter(self).drawPixmap(0, 0, self._shown[1])

    def _draw(self) -> QPixmap:
        """The whole map, which is painted again and again while the canvas stays as it is."""
        world = self._world()
        laid = (self._drawn, world.getRect())
        if self._paper[0] != laid:
            self._paper = (laid, self._draw_paper(world))
        picture = self._paper[1].copy()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._map(self._view, world).intersected(QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET))
        accent = QColor(self._scene.colours.accent)
        accent.setAlphaF(0.8)
        painter.setPen(QPen(accent, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 3, 3)
        painter.end()
        return picture

    def _draw_paper(self, world: QRectF) -> QPixmap:
        """The map without the frame, which alone differs while one looks around in the network."""
        colours, picture = self._scene.colours, self._blank(QSizeF(SIZE))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._blocks is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # with it, scaling costs many times as much
            painter.drawPixmap(self._map(self._around, world), self._blocks, QRectF(self._blocks.rect()))
        painter.end()
        return picture

    def _blank(self, size: QSizeF) -> QPixmap:
        dpr = self.devicePixelRatioF()
        pixmap = QPixmap(max(1, round(size.width() * dpr)), max(1, round(size.height() * dpr)))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _world(self) -> QRectF:
        around = self._around
        return around.united(self._view) if around.intersects(self._view) and self._view.width() < 2 * around.width() else around

    def _map(self, rect: QRectF, world: QRectF) -> QRectF:
        scale, offset = self._transform(world)
        return QRectF(rect.x() * scale + offset.x(), rect.y() * scale + offset.y(), rect.width() * scale, rect.height() * scale)

    def _transform(self, world: QRectF) -> tuple[float, QPointF]:
        width, height = SIZE.width() - 2 * _INSET, SIZE.height() - 2 * _INSET
        scale = min(width / max(world.width(), 1.0), height / max(world.height(), 1.0))
        x = (SIZE.width() - world.width() * scale) / 2 - world.x() * scale
        y = (SIZE.height() - world.height() * scale) / 2 - world.y() * scale
        return scale, QPointF(x, y)

    def _to_scene(self, point: QPointF) -> QPointF:
        scale, offset = self._transform(self._world())
        return (point - offset) * (1 / scale)

    def _follow(self) -> None:
        """Draw the blocks anew when they differ: at once when they are few, else when nothing has changed for a moment."""
        look = (self._scene.colours.theme.name, self.devicePixelRatioF())
        if self._blocks is not None and self._drawn == (self._scene.version, *look):
            return
        if self._blocks is None or len(self._scene.nodes) <= _CROWD or self._drawn[1:] != look:
            self._drawn = (self._scene.version, *look)
            self._around = self._scene.node_bounds().adjusted(-40, -40, 40, 40)
            self._blocks = self._draw_blocks(self._around)
        else:
            self._quiet.start()

    def _renew(self) -> None:
        self._blocks = None
        self.update()

    def _draw_blocks(self, world: QRectF) -> QPixmap:
        scale, _ = self._transform(world)
        pixmap = self._blank(world.size() * scale)
        painter = QPainter(pixmap)
        painter.scale(scale, scale)
        painter.translate(-world.topLeft())
        crisp = len(self._scene.nodes) > _MANY
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not crisp)
        for category, rects in self._families().items():
            colour = self._scene.colours.category(category)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            if crisp:
                painter.drawRects(rects)
            else:
                for rect in rects:
                    painter.drawRoundedRect(rect, 1 / scale, 1 / scale)
        painter.end()
        return pixmap

    def _families(self) -> dict[Category | None, list[QRectF]]:
        """The nodes' rectangles by family, so that each colour is one stroke."""
        families: dict[Category | None, list[QRectF]] = {}
        for item in self._scene.nodes.values():
            families.setdefault(item.category, []).append(item.rect)
        return families
