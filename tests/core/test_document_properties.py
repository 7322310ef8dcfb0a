"""Whatever a person does to a document, undo returns it, redo repeats it, and a refusal leaves no trace."""

from __future__ import annotations

import contextlib

from graph_strategies import graphs, random_edit
from hypothesis import given, settings
from hypothesis import strategies as st

from netbuilder.core.diff import Diff, diff
from netbuilder.core.document import Document
from netbuilder.core.errors import GraphError
from netbuilder.core.files import dumps, loads
from netbuilder.core.graph import Graph, Link


def _check(graph: Graph) -> None:
    """What holds for every graph that edits can make."""
    for target, source in graph.links.items():
        assert target.node in graph.nodes
        assert source.node in graph.nodes
    assert len(graph.by_name) == len(graph.nodes)
    assert set(graph.order) == set(graph.nodes)
    fresh = Graph(graph.nodes, graph.links, graph.blocks, graph.frames)
    assert dict(graph.inputs_of) == dict(fresh.inputs_of)
    assert dict(graph.outputs_of) == dict(fresh.outputs_of)
    assert graph.order == fresh.order
    assert graph.by_name == fresh.by_name


@given(st.data(), graphs())
@settings(max_examples=80, deadline=None)
def test_undo_all_returns_the_original_and_redo_all_the_last(data: st.DataObject, graph: Graph) -> None:
    document = Document(graph)
    seen = []
    document.changed.connect(seen.append)
    original = document.project
    states = [original]
    for _ in range(data.draw(st.integers(0, 12))):
        edit = data.draw(random_edit(document.graph))
        _ = document.graph.order, document.graph.by_name  # indexes worked out before the edit are carried over
        before, announced = document.project, len(seen)
        try:
            document.apply(edit, "Edit")
        except GraphError:
            assert document.project is before
            assert len(seen) == announced
            continue
        _check(document.graph)
        if document.project is not before:
            states.append(document.project)
    for state in reversed(states[:-1]):
        document.undo()
        assert document.project is state
    assert document.undo() is None
    for state in states[1:]:
        document.redo()
        assert document.project is state
    assert document.redo() is None


@given(st.data(), graphs())
@settings(max_examples=40, deadline=None)
def test_every_edited_project_can_be_saved_and_read_back(data: st.DataObject, graph: Graph) -> None:
    document = Document(graph)
    for _ in range(4):
        with contextlib.suppress(GraphError):
            document.apply(data.draw(random_edit(document.graph)), "Edit")
    assert loads(dumps(document.project)) == document.project


def _replay(change: Diff) -> Graph:
    """The graph after, made from the one before and what the diff says."""
    before, after = change.before, change.after
    nodes = {id_: node for id_, node in before.nodes.items() if id_ not in change.removed}
    nodes |= {id_: after.nodes[id_] for id_ in change.added | change.changed | change.moved}
    links = dict(before.links)
    for link in change.unlinked:
        del links[link.target]
    for link in change.linked:
        links[link.target] = link.source
    frames = {id_: frame for id_, frame in before.frames.items() if id_ not in change.frames}
    frames |= {id_: after.frames[id_] for id_ in change.frames if id_ in after.frames}
    return Graph(nodes, links, after.blocks, frames, after.extra)


@given(graphs(), graphs())
@settings(max_examples=40, deadline=None)
def test_a_diff_says_all_that_changed_and_nothing_else(before: Graph, after: Graph) -> None:
    change = diff(before, after)
    assert _replay(change) == after
    for id_ in change.moved:
        assert before.nodes[id_].position != after.nodes[id_].position
    for id_ in change.changed:
        assert before.nodes[id_] != after.nodes[id_]
    assert not change.added & before.nodes.keys()
    assert not change.removed & after.nodes.keys()
    assert set(change.linked) == {Link(s, t) for t, s in after.links.items()} - {Link(s, t) for t, s in before.links.items()}
    assert not diff(after, after)
