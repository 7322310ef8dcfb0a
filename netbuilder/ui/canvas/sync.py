"""Keeps the scene equal to the graph on show: a change touches only the items it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from netbuilder.core.diff import Diff
from netbuilder.core.graph import Graph, Link, Node
from netbuilder.net.results import Analysis, NodeAnalysis
from netbuilder.ui.canvas.nodes.look import Glimpse, NodeLook, glimpse, look, outline, shown
from netbuilder.ui.canvas.scene import CanvasScene

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.ui.canvas.glide import Glide, Places


class Sync:
    """Listens to the level and its analysis until `close`."""

    def __init__(self, session: Session, scene: CanvasScene, done: Callable[[], None]) -> None:
        self._document = session.document
        self._level = session.level
        self._scene = scene
        self._done = done
        self._answers: dict[str, NodeAnalysis] = {}
        self._graph: Graph
        self._glide: Glide | None = None
        self.fill()
        self._level.changed.connect(self._on_changed)
        self._level.analysed.connect(self._on_analysed)
        self._document.configured.connect(self._done)

    def close(self) -> None:
        """Stop listening."""
        self._level.changed.disconnect(self._on_changed, missing_ok=True)
        self._level.analysed.disconnect(self._on_analysed, missing_ok=True)
        self._document.configured.disconnect(self._done, missing_ok=True)

    def fill(self) -> None:
        """Build every item from nothing."""
        graph = self._graph = self._level.graph
        self._answers = dict(self._level.judged.answers)
        with self._scene.together():
            self._add(graph.nodes.values(), graph)
            self._scene.add_wires(graph.wires(), self._label)
            self._scene.reroute(graph.nodes)

    def glide(self, before: Places) -> None:
        """Let items move from these places to where they are now."""
        from netbuilder.ui.canvas.glide import Glide

        self.settle()
        self._glide = Glide(self._scene, before, self._scene)

    def settle(self) -> None:
        """Let moving items arrive."""
        if self._glide is not None:
            self._glide.settle()
            self._glide = None

    def refill(self) -> None:
        """Build every item anew, of another graph."""
        self.settle()
        with self._scene.together():
            self._scene.empty()
            self.fill()

    def look(self, node_id: str) -> NodeLook:
        """What a node shows."""
        graph = self._graph
        known, inside = self._scene.nodes[node_id].outline, bool(self._level.uses)
        return look(graph.nodes[node_id], graph, self._answers.get(node_id), known, inside=inside)

    def glimpse(self, node_id: str) -> Glimpse:
        """What of it counts from afar."""
        return glimpse(self._graph.nodes[node_id], self._answers.get(node_id))

    def _on_changed(self, changes: Diff) -> None:
        self.settle()
        self._graph = changes.after
        with self._scene.together():
            self._follow(changes)
        self._done()

    def _follow(self, changes: Diff) -> None:
        scene, graph = self._scene, changes.after
        for link in changes.unlinked:
            if link.target in scene.wires:
                scene.remove_wire(link.target)
        for node_id in changes.removed:
            scene.remove_node(node_id)
            self._answers.pop(node_id, None)
        self._add((graph.nodes[node_id] for node_id in changes.added), graph)
        scene.add_wires(changes.linked, self._label)
        for node_id in changes.moved | changes.changed:
            if scene.nodes[node_id].pos().toTuple() != graph.nodes[node_id].position:
                scene.place(node_id, graph.nodes[node_id].position)
        ends = {port.node for link in (*changes.linked, *changes.unlinked) for port in link} & graph.nodes.keys()
        blocks = {n.id for n in graph.nodes.values() if n.block in changes.blocks} if changes.blocks else set()
        turned = graph.nodes.keys() if changes.turned else frozenset()
        resized = {node_id for node_id in ends | changes.changed | blocks | turned if self._refresh(node_id)}
        moved = ends | resized | changes.moved | changes.changed | changes.added
        if moved or changes.removed:
            scene.reroute(moved)
        if changes.frames:
            scene.update()

    def _on_analysed(self, analysis: Analysis) -> None:
        """Renew the nodes whose answer differs; an answer kept by the analysis is the same object."""
        before, self._answers = self._answers, dict(analysis.answers)
        self._scene.renew(node_id for node_id, answer in analysis.answers.items() if before.get(node_id) is not answer)

    def _add(self, nodes: Iterable[Node], graph: Graph) -> None:
        self._scene.add_nodes([(node.id, outline(node, graph), node.position) for node in nodes], self)

    def _refresh(self, node_id: str) -> bool:
        """Renew a node that was edited; returns whether its ports differ."""
        item = self._scene.nodes[node_id]
        item.renew()
        return item.set_outline(outline(self._graph.nodes[node_id], self._graph))

    def _label(self, link: Link) -> str:
        answer = self._answers.get(link.source.node)
        if answer is None or not answer.outputs:
            return ""
        item = self._scene.nodes.get(link.source.node)
        names = item.outline.outputs if item is not None else ()
        index = names.index(link.source.name) if link.source.name in names else 0
        return shown(answer.outputs[min(index, len(answer.outputs) - 1)].shape)
