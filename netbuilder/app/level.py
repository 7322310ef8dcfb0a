"""The graph on show: the network itself, or the inside of a block that somebody has opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from netbuilder.core.diff import Diff, diff
from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.graph import Block, Graph, Node, Value
from netbuilder.core.signals import Signal
from netbuilder.net.analysis import analyze_inside
from netbuilder.net.results import Analysis

if TYPE_CHECKING:
    from netbuilder.app.session import Session


class _Place(NamedTuple):
    """What the open blocks lead to in one snapshot of the network: their nodes, the innermost definition and its graph."""

    whole: Graph
    nodes: tuple[Node, ...]
    graph: Graph
    block: Block | None


class Level:
    """A view of the session's document from inside the opened blocks, for canvas and inspector alike.

    `moved` tells that another graph is on show, `changed` carries what an edit did to it, `analysed` what is `judged` of it.
    Edits are those of the definition; the analysis is that of the use through which it was opened.
    """

    moved = Signal()
    changed = Signal()
    analysed = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._uses: tuple[str, ...] = ()
        self._place: _Place | None = None
        self._known: tuple[Analysis, Analysis] | None = None
        self._seen: tuple[tuple[str, ...], Graph] = (), session.document.graph
        self._told = session.analysis
        session.document.changed.connect(self._on_changed)

    @property
    def uses(self) -> tuple[str, ...]:
        """Ids of the opened block nodes, the outermost first."""
        return self._uses

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The opened block nodes, the outermost first."""
        return self._find().nodes

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the opened definitions, the outermost first."""
        return tuple(node.block for node in self.nodes)

    @property
    def graph(self) -> Graph:
        """The graph on show, as it is written: settings may be expressions."""
        return self._find().graph

    @property
    def block(self) -> Block | None:
        """The innermost open definition; nothing at the network itself."""
        return self._find().block

    @property
    def analysis(self) -> Analysis:
        """The analysis of the graph on show; its own `graph` has the expressions worked out."""
        whole = self._session.analysis
        if not self._uses:
            return whole
        if self._known is None or self._known[0] is not whole:
            from netbuilder.net.inside import inside

            previous = self._known[1] if self._known is not None else None
            self._known = whole, analyze_inside(inside(whole.graph, self._uses, whole), previous)
        return self._known[1]

    @property
    def judged(self) -> Analysis:
        """The analysis with every problem that is known; those that come with the data are told of the network itself."""
        return self.analysis if self._uses else self._session.judged

    def judge(self) -> None:
        """Announce problems that have come or gone without an edit of the network: with its data, or with its recipe."""
        judged = self.judged
        if judged is not self._told:
            self._tell(judged)

    def apply(self, edit: Edit, label: str, *, merge: str | None = None) -> None:
        """Edit the graph on show; refused edits raise and leave no trace."""
        if self._uses:
            from netbuilder.core.block_definitions import within

            edit = within(self.path, edit)
        self._session.document.apply(edit, label, merge=merge)

    def redefine(self, name: str, edit: Edit, label: str, *, merge: str | None = None) -> None:
        """Edit the graph in which the definition `name`, as seen here, is defined; `edit` is one of `core.block_definitions`."""
        from netbuilder.core.block_definitions import home, within

        graph = self._session.document.graph
        self._session.document.apply(within(home(graph, self.path, name), edit), label, merge=merge)

    @property
    def values(self) -> Mapping[str, Value]:
        """What the parameters of the innermost open block are in the use through which it was opened."""
        values: Mapping[str, Value] = {}
        graph = self._session.document.graph
        for node in self.nodes:
            from netbuilder.core.block_definitions import find_block, graph_at
            from netbuilder.core.expressions import ExpressionError, substitute

            defaults = {parameter.name: parameter.default for parameter in find_block(graph, node.block).parameters}
            try:
                values = {**defaults, **substitute(node.settings, values)}
            except ExpressionError:
                values = defaults
            graph = graph_at(graph, [node.block])
        return values

    def enter(self, id_: str) -> None:
        """Open the block that this node uses; raises `GraphError` for a layer and for a block that is not defined."""
        self.go((*self._uses, id_))

    def leave(self) -> None:
        """Go one level up."""
        self.go(self._uses[:-1])

    def go(self, uses: Sequence[str]) -> None:
        """Open exactly these block nodes, each inside the one before it; raises `GraphError`."""
        wanted = tuple(uses)
        place = _follow(self._session.document.graph, wanted)
        if wanted != self._uses:
            self._uses, self._place, self._known, self._seen = wanted, place, None, (wanted, place.graph)
            self.moved.emit()

    def step(self, changes: Diff | None) -> None:
        """After undo or redo: go to where it changed something, unless that is on show."""
        if not changes or self._touched(changes):
            return
        from netbuilder.core.block_definitions import way_to

        ways = (way_to(changes.after, name) for name in sorted(changes.blocks))
        self.go(() if _outside_blocks(changes) else next((way for way in ways if way), self._uses))

    def outermost(self, ids: Collection[str]) -> frozenset[str]:
        """The layers of the whole network that these layers of the graph on show belong to."""
        return frozenset(self._uses[:1]) if self._uses else frozenset(ids)

    def _touched(self, changes: Diff) -> bool:
        return _outside_blocks(changes) if not self._uses else self.path[-1] in changes.blocks

    def _find(self) -> _Place:
        whole = self._session.document.graph
        if self._place is None or self._place.whole is not whole:
            self._uses = _still_there(whole, self._uses)
            self._place = _follow(whole, self._uses)
        return self._place

    def _tell(self, judged: Analysis) -> None:
        self._told = judged
        self.analysed.emit(judged)

    def _on_changed(self, changes: Diff) -> None:
        (uses, before), after = self._seen, self.graph
        self._seen = self._uses, after
        if self._uses != uses:
            self._known = None
            self.moved.emit()
            return
        if changes.structural:
            self._tell(self.judged)
        local = diff(before, after) if uses else changes
        if local:
            self.changed.emit(local)


def _follow(graph: Graph, uses: Sequence[str]) -> _Place:
    whole, nodes, block = graph, [], None
    for id_ in uses:
        node = graph.nodes.get(id_)
        if node is None:
            raise GraphError("This block is no longer in the network.", place=id_)
        if node.layer != "block":
            raise GraphError(f"“{node.name}” is a layer, not a block.", place=id_, remedy="Choose a block.")
        from netbuilder.core.block_definitions import find_block, graph_at

        block = find_block(graph, node.block)
        graph = graph_at(graph, [node.block])
        nodes.append(node)
    return _Place(whole, tuple(nodes), graph, block)


def _still_there(graph: Graph, uses: Sequence[str]) -> tuple[str, ...]:
    """As many of the opened blocks as there are still."""
    for number in range(len(uses), 0, -1):
        try:
            _follow(graph, uses[:number])
        except GraphError:
            continue
        return tuple(uses[:number])
    return ()


def _outside_blocks(changes: Diff) -> bool:
    """Whether the network itself changed, as opposed to definitions only."""
    whole = (changes.added, changes.removed, changes.changed, changes.moved, changes.linked, changes.unlinked, changes.frames)
    return any(whole)
