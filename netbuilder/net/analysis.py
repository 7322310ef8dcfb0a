"""The analysis of a graph: shapes, costs and problems of every node. After an edit, only what it can have changed is worked out again."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.graph import Graph, Port
from netbuilder.net import problems as say
from netbuilder.net.analysis_state import Known, Remembered
from netbuilder.net.changes import changed_nodes, changed_wires, inherit
from netbuilder.net.loops import find_loop
from netbuilder.net.node_analysis import NodeAnalyser
from netbuilder.net.results import Analysis, Problem, Severity


def analyze(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """Everything about `graph`. Nodes that an edit since `previous` cannot have changed keep their answers."""
    return _Pass(graph, previous).run()


def analyze_inside(graph: Graph, previous: Analysis | None = None) -> Analysis:
    """The analysis of what a block computes: its outputs are wires to the outside, so that no loss is looked for behind them."""
    return _Pass(graph, previous, inside=True).run()


class _Pass:
    """One analysis in progress: finds the nodes whose answers may differ from those of an earlier analysis, and asks about them."""

    def __init__(self, graph: Graph, earlier: Analysis | None, *, inside: bool = False) -> None:
        self.graph = graph
        self.previous = previous = earlier if isinstance(earlier, Remembered) else None
        self.inside = inside or (previous is not None and previous.inside)
        self.old: Mapping[str, Known] = previous.answers if previous else {}
        self.same_ids = previous is not None and (previous.graph.nodes is graph.nodes or previous.graph.nodes.keys() == graph.nodes.keys())
        self.wires: set[Port] = set()
        if previous is not None:
            self.wires = changed_wires(previous.graph, graph)
            inherit(previous.graph, graph, self.wires, self.same_ids)
        untouched = previous is not None and self.same_ids and not self.wires
        self.leaves = previous.leaves if previous and untouched else frozenset(graph.nodes.keys() - graph.outputs_of.keys())
        self.ended = any(node.layer == "output" for node in reversed(tuple(graph.nodes.values())))
        self.known: dict[str, Known] = dict(self.old) if self.same_ids else {}

    def run(self) -> Analysis:
        """Analyse what has to be analysed; returns `previous` with the new graph when that is nothing."""
        graph, previous, known, old = self.graph, self.previous, self.known, self.old
        dirty = self._dirty()
        whole = len(graph.order) == len(graph.nodes)
        if previous is not None and not dirty and not self.wires and self.same_ids and whole:
            return replace(previous, graph=graph)
        analyser = NodeAnalyser(graph, known, previous, leaves=self.leaves, ended=self.ended, inside=self.inside, analyze=analyze_inside)
        for id_ in graph.order:
            if id_ in dirty:
                answer = known[id_] = analyser.answer(graph.nodes[id_])
            else:
                if not self.same_ids:
                    known[id_] = old[id_]
                continue
            if previous is not None:
                before = old.get(id_)
                if before is None or _differs(before, answer):
                    dirty.update(link.target.node for link in graph.outputs_of.get(id_, ()))
        if not whole:
            self._loops()
        return self._total()

    def _dirty(self) -> set[str]:
        """Nodes to analyse again: changed ones, ends of changed wires, and those whose problems depend on the whole graph."""
        graph, previous = self.graph, self.previous
        if previous is None:
            return set(graph.nodes)
        dirty, renamed = changed_nodes(previous.graph, graph)
        dirty.update(target.node for target in self.wires)
        dirty |= self.leaves ^ previous.leaves
        if len(previous.graph.order) < len(previous.graph.nodes):  # what was behind a loop has not been worked out yet
            dirty.update(graph.nodes.keys() - set(previous.graph.order))
        if graph.blocks is not previous.graph.blocks:
            dirty.update(id_ for id_, node in graph.nodes.items() if node.layer == "block")
        if self.ended != previous.ended:
            dirty |= self.leaves
        if renamed or self.wires or self.leaves != previous.leaves:
            dirty.update(id_ for id_, answer in self.old.items() if answer.open)
        at_fault = (self.old.get(problem.node or "") for problem in previous.problems)
        dirty.update([answer.id for answer in at_fault if answer is not None and not answer.behind.isdisjoint(dirty)])
        return dirty & graph.nodes.keys()

    def _loops(self) -> None:
        """Nodes on a loop, or fed by one, have no shapes; one problem names the loop."""
        ordered = set(self.graph.order)
        left = [id_ for id_ in self.graph.nodes if id_ not in ordered]
        path = find_loop(self.graph, left)
        for id_ in left:
            problems = (say.loop(self.graph, path),) if id_ == path[0] else ()
            self.known[id_] = Known(id_, problems=problems)

    def _total(self) -> Analysis:
        parameters = macs = memory = 0
        errors: list[Problem] = say.missing_ends(self.graph, self.leaves)
        warnings: list[Problem] = []
        for answer in self.known.values():
            parameters += answer.parameters
            macs += answer.macs
            memory += answer.memory
            if answer.problems:
                for problem in answer.problems:
                    (errors if problem.severity is Severity.ERROR else warnings).append(problem)
        return Remembered(self.graph, self.known, parameters, macs, memory, (*errors, *warnings), self.leaves, self.ended, self.inside)


def _differs(before: Known, after: Known) -> bool:
    """Whether the nodes behind must be analysed again."""
    return before.outputs != after.outputs or before.linear != after.linear or type(before.layer) is not type(after.layer)
