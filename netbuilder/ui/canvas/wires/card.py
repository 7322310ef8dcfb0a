"""What flows along the wire under the pointer: its sizes with their names, element type, memory, and from where to where."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from netbuilder.core import format as say
from netbuilder.core.graph import Link
from netbuilder.layers.declare import TensorSpec
from netbuilder.layers.ports import output_ports
from netbuilder.net.meaning import bytes_for, meaning
from netbuilder.ui.theme import mono_font, ui_font

if TYPE_CHECKING:
    from netbuilder.ui.canvas.view import CanvasView

_SAMPLES = 64


class WireCard(QLabel):
    """A card beside the pointer."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._told: tuple[Link | None, object] = (None, None)
        self.setObjectName("canvas.wire_card")
        self.setFont(ui_font(12))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, link: Link | None, at: QPoint) -> None:
        """Show what flows along a wire, beside a point of the view; nothing for `None` or while it is unknown."""
        newest = (link, self._canvas.level.analysis)
        if link != self._told[0] or newest[1] is not self._told[1]:
            self._told = newest
            self._write(link)
        if self.isVisible():
            host = self._canvas
            x = min(at.x() + 16, host.width() - self.width() - 8)
            y = at.y() - self.height() - 14
            self.move(max(8, x), y if y >= 8 else at.y() + 20)

    def _write(self, link: Link | None) -> None:
        spec = tensor(self._canvas, link) if link is not None else None
        self.setVisible(spec is not None)
        if link is None or spec is None:
            return
        theme = self._canvas.context.themes.current
        self.setStyleSheet(
            f"#canvas\\.wire_card {{ background: {theme.raised.name()}; color: {theme.secondary.name()};"
            f" border: 1px solid {theme.line.name()}; border-radius: 6px; padding: 6px 10px; font-size: 12px; }}"
        )
        first, *rest = map(escape, describe(self._canvas, link, spec))
        strong = f'<span style="color:{theme.text.name()}; font-family:{mono_font(12).family()}">{first}</span>'
        self.setText("<br>".join((strong, *rest)))
        self.adjustSize()
        self.raise_()


def describe(canvas: CanvasView, link: Link, spec: TensorSpec) -> tuple[str, str, str]:
    """Sizes with names; type and memory; from and to."""
    graph = canvas.graph
    source, target = graph.nodes[link.source.node], graph.nodes[link.target.node]
    chosen = canvas.document.project.training.get("batch_size", _SAMPLES)
    samples = chosen if isinstance(chosen, int) else 1
    one, all_ = say.size(bytes_for(spec, 1)), say.size(bytes_for(spec, samples))
    each = f"{spec.dtype} · {one} a sample" + (f", {all_} in a batch of {samples:,}" if samples > 1 else "")
    return meaning(spec, source.layer, target.layer), each, f"{source.name} → {target.name}"


def tensor(canvas: CanvasView, link: Link) -> TensorSpec | None:
    """What leaves the wire's beginning; nothing while that is unknown."""
    node, answer = canvas.graph.nodes.get(link.source.node), canvas.level.analysis.answers.get(link.source.node)
    if node is None or answer is None:
        return None
    names = output_ports(node, canvas.graph)
    index = names.index(link.source.name) if link.source.name in names else 0
    return answer.outputs[index] if index < len(answer.outputs) else None
