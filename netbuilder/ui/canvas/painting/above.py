"""Items painted above the network for a moment, which must leave nothing behind on the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene


class Above(QGraphicsItem):
    """An item whose size depends on what it shows."""

    def about_to_change(self) -> None:
        """Call this before anything that is painted differs.

        Qt alone forgets the place that is left when something else has the view painted before it looks at its items.
        """
        self.prepareGeometryChange()
        scene, left = self.scene(), self.boundingRect()
        if scene is not None and not left.isEmpty():
            QGraphicsScene.update(scene, left)  # not the canvas's own, which would have the network drawn anew
