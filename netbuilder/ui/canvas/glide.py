"""Animated movement of layers to their new places, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from netbuilder.ui import motion
from netbuilder.ui.canvas.scene import CanvasScene

_MOST = 400

Places = Mapping[str, QPointF]


class Glide:
    """Moves items of the scene from their former places to the present ones; the document is not involved."""

    def __init__(self, scene: CanvasScene, before: Places, parent: QObject) -> None:
        nodes = scene.nodes
        self._scene = scene
        self._ways = {id_: (place, nodes[id_].pos()) for id_, place in before.items() if id_ in nodes and nodes[id_].pos() != place}
        if motion.reduced() or len(self._ways) > _MOST or not self._ways:
            self._ways.clear()
            return
        self._animation = QVariantAnimation(parent)
        self._animation.setDuration(motion.LONGEST)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._show)
        self._animation.finished.connect(self.settle)
        self._show(0.0)
        self._animation.start()

    @property
    def running(self) -> bool:
        """Whether anything is moving."""
        return bool(self._ways)

    def settle(self) -> None:
        """Put everything where it belongs, at once."""
        if self._ways:
            self._show(1.0)
            self._scene.reroute([id_ for id_ in self._ways if id_ in self._scene.nodes])
            self._ways.clear()
            self._animation.stop()
            self._animation.deleteLater()

    def _show(self, share: float) -> None:
        scene = self._scene
        with scene.together():
            for id_, (start, end) in self._ways.items():
                if id_ in scene.nodes:
                    at = start + (end - start) * share
                    scene.place(id_, (at.x(), at.y()))
            scene.reroute([id_ for id_ in self._ways if id_ in scene.nodes], settle=False)
