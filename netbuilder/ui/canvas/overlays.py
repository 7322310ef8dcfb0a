"""What lies over the canvas: breadcrumb, minimap, messages and the hint of an empty canvas."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QLabel

from netbuilder.core.graph import Graph
from netbuilder.ui.canvas.bubble import Bubble
from netbuilder.ui.canvas.navigation.breadcrumb import Breadcrumb
from netbuilder.ui.canvas.navigation.minimap import Minimap
from netbuilder.ui.theme import Theme, ui_font

if TYPE_CHECKING:
    from netbuilder.ui.canvas.navigation.find_bar import FindBar
    from netbuilder.ui.canvas.view import CanvasView


_EMPTY = ("Nothing is here yet", "Drag a layer here, or press Tab to add one by typing.")
_ELSEWHERE = ("The layers are elsewhere", "Press F to see all of them.")


class Overlays:
    """Children of the view, above its viewport, placed anew when it is resized."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self.breadcrumb = Breadcrumb(canvas)
        self.breadcrumb.chosen.connect(lambda depth: canvas.levels.go_to(depth))
        self.minimap = Minimap(canvas.canvas_scene, canvas.camera.go_to, canvas)
        self.set_theme()
        self.lay_out()

    @cached_property
    def hint(self) -> QLabel:
        """What to do with an empty canvas."""
        hint = QLabel(self._canvas)
        hint.setObjectName("canvas.hint")
        hint.setFont(ui_font(13))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return hint

    @cached_property
    def bubble(self) -> Bubble:
        """Messages beside the place they are about."""
        return Bubble(self._canvas)

    @cached_property
    def finder(self) -> FindBar:
        """The field that finds layers."""
        from netbuilder.ui.canvas.navigation.find_bar import FindBar

        return FindBar(self._canvas)

    def set_theme(self) -> None:
        """Follow the theme."""
        self.breadcrumb.set_theme(self._canvas.context.themes.current)
        self.refresh()
        self.minimap.update()

    def refresh(self) -> None:
        """Follow the document."""
        level, project = self._canvas.level, self._canvas.document.project
        self.breadcrumb.show_place(project.name, level.path, _shared(project.graph, level.path))
        self._show_hint(self._canvas.visible_rect())
        self.minimap.settle()

    def show_view(self, visible: QRectF, painted: QRegion, *, moved: bool) -> None:
        """Follow what is on show, of which a region was painted; `moved` tells whether that is another part than before."""
        self.minimap.show_view(visible, painted)
        if moved:
            self._show_hint(visible)

    def _show_hint(self, visible: QRectF) -> None:
        """Say what to do where nothing is to be seen: nothing was drawn yet, or all of it is elsewhere."""
        canvas = self._canvas
        scene, notes = canvas.canvas_scene, canvas.graph.frames.values()
        lost = bool(scene.nodes) and not visible.intersects(scene.node_bounds())
        lost = lost and not any(visible.intersects(QRectF(*note.position, *note.size)) for note in notes)
        if lost or not scene.nodes:
            self.hint.setText(_invitation(canvas.context.themes.current, *(_ELSEWHERE if lost else _EMPTY)))
            self._place_hint()
        if "hint" in vars(self):
            self.hint.setVisible(lost or not scene.nodes)

    def lay_out(self) -> None:
        """Follow the size of the view."""
        canvas = self._canvas
        self.breadcrumb.move(12, 12)
        self.minimap.move(canvas.width() - self.minimap.width() - 14, canvas.height() - self.minimap.height() - 12)
        self.minimap.settle()
        if "finder" in vars(self):
            self.finder.place()
        if "hint" in vars(self):
            self._place_hint()

    def _place_hint(self) -> None:
        canvas, hint = self._canvas, self.hint
        hint.resize(min(440, canvas.width() - 32), 72)
        hint.move((canvas.width() - hint.width()) // 2, (canvas.height() - hint.height()) // 2)


def _invitation(theme: Theme, title: str, words: str) -> str:
    return f'<p style="color:{theme.text.name()}; font-weight:600">{title}</p><p style="color:{theme.secondary.name()}">{words}</p>'


def _shared(graph: Graph, path: Sequence[str]) -> str:
    """A warning that an edit of the open block changes every use of it; empty for a single use."""
    if not path:
        return ""
    from netbuilder.core.block_definitions import times_used

    times = times_used(graph, path[-1])
    return f"changes all {times} uses" if times > 1 else ""
