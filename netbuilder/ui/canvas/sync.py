"""Keeps the scene equal to the document: a change touches only the items it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netbuilder.core.diff import Diff
from netbuilder.core.document import Document
from netbuilder.core.graph import Graph, Link
from netbuilder.layers.declare import show
from netbuilder.net.results import Analysis, NodeAnalysis
from netbuilder.ui.canvas.look import look
from netbuilder.ui.canvas.scene import CanvasScene

if TYPE_CHECKING:
    from netbuilder.app.session import Session


class Sync:
    """Listens to the document and the analysis until `close`."""

    def __init__(self, session: Session, scene: CanvasScene, done: Callable[[], None]) -> None:
        self._session = session
        self._document = session.document
        self._scene = scene
        self._done = done
        self._answers: dict[str, NodeAnalysis] = {}
        self.fill()
        self._document.changed.connect(self._on_changed)
        self._document.configured.connect(self._done)
        session.analysed.connect(self._on_analysed)
        session.document_changed.connect(self._on_document)

    def close(self) -> None:
        """Stop listening."""
        self._leave()
        self._session.analysed.disconnect(self._on_analysed, missing_ok=True)
        self._session.document_changed.disconnect(self._on_document, missing_ok=True)

    def fill(self) -> None:
        """Build every item from nothing."""
        graph = self._graph
        self._answers = dict(self._analysis.answers) if self._analysis else {}
        for node in graph.nodes.values():
            self._scene.add_node(node.id, look(node, graph, self._answers.get(node.id)), node.position)
        for link in graph.wires():
            self._scene.add_wire(link, self._label(link))
        self._scene.reroute(graph.nodes)

    @property
    def _graph(self) -> Graph:
        return self._document.graph

    @property
    def _analysis(self) -> Analysis | None:
        return self._session.analysis

    def _leave(self) -> None:
        self._document.changed.disconnect(self._on_changed, missing_ok=True)
        self._document.configured.disconnect(self._done, missing_ok=True)

    def _on_document(self, document: Document) -> None:
        """Another document is open: build anew."""
        self._leave()
        self._document = document
        self._document.changed.connect(self._on_changed)
        self._document.configured.connect(self._done)
        self._scene.empty()
        self._answers = {}
        self.fill()
        self._done()

    def _on_changed(self, changes: Diff) -> None:
        scene, graph = self._scene, changes.after
        for link in changes.unlinked:
            if link.target in scene.wires:
                scene.remove_wire(link.target)
        for node_id in changes.removed:
            scene.remove_node(node_id)
            self._answers.pop(node_id, None)
        for node_id in changes.added:
            node = graph.nodes[node_id]
            scene.add_node(node_id, look(node, graph, self._answers.get(node_id)), node.position)
        for link in changes.linked:
            scene.add_wire(link, self._label(link))
        for node_id in changes.moved | changes.changed:
            scene.place(node_id, graph.nodes[node_id].position)
        ends = {port.node for link in (*changes.linked, *changes.unlinked) for port in link} & graph.nodes.keys()
        blocks = {n.id for n in graph.nodes.values() if n.block in changes.blocks} if changes.blocks else set()
        resized = {node_id for node_id in ends | changes.changed | blocks if self._refresh(node_id)}
        moved = ends | resized | changes.moved | changes.changed | changes.added
        if moved or changes.removed:
            scene.reroute(moved)
        self._done()

    def _on_analysed(self, analysis: Analysis) -> None:
        """Refresh the nodes whose answer differs; an answer kept by the analysis is the same object."""
        fresh = {node_id for node_id, answer in analysis.answers.items() if self._answers.get(node_id) is not answer}
        self._answers = dict(analysis.answers)
        for node_id in fresh & self._scene.nodes.keys() & self._graph.nodes.keys():
            self._refresh(node_id)
            for target in self._scene.wires_of(node_id):
                wire = self._scene.wires[target]
                if wire.link.source.node == node_id:
                    wire.set_label(self._label(wire.link))

    def _refresh(self, node_id: str) -> bool:
        graph = self._graph
        return self._scene.nodes[node_id].show_look(look(graph.nodes[node_id], graph, self._answers.get(node_id)))

    def _label(self, link: Link) -> str:
        answer = self._answers.get(link.source.node)
        if answer is None or not answer.output_shapes:
            return ""
        names = self._scene.nodes[link.source.node].look.outputs if link.source.node in self._scene.nodes else ()
        index = names.index(link.source.name) if link.source.name in names else 0
        return show(answer.output_shapes[min(index, len(answer.output_shapes) - 1)])
