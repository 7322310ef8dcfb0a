"""The open document: labels, sprees, announcements, saved state."""

from __future__ import annotations

from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.core.diff import Diff
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import add_node, connect, disconnect, move, new_node, rename, set_setting
from netbuilder.core.errors import GraphError, NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.core.history import History, Step


@pytest.fixture
def document() -> Document:
    return Document(nb.chain([("input", {"shape": (4,)}), ("linear", {"out_features": 3}), "relu", "output"]))


def test_consecutive_edits_with_one_key_are_one_step(document: Document) -> None:
    original = document.graph
    for value in (4, 5, 6):
        document.apply(set_setting("n2", "out_features", value), "Change features", merge="n2.out_features")
    assert document.undo_label == "Change features"
    document.undo()
    assert document.graph is original
    assert document.undo_label is None
    document.redo()
    assert document.graph.nodes["n2"].settings["out_features"] == 6


def test_a_sealed_spree_and_another_key_begin_new_steps(document: Document) -> None:
    document.apply(move({"n2": (1, 0)}), "Move", merge="drag")
    document.end_merge()
    document.apply(move({"n2": (2, 0)}), "Move", merge="drag")
    document.apply(move({"n3": (3, 0)}), "Move", merge="drag other")
    places = []
    while document.undo_label:
        document.undo()
        places.append(document.graph.nodes["n2"].position)
    assert places == [(2, 0), (1, 0), (204, 0)]


def test_an_undone_spree_is_not_continued(document: Document) -> None:
    document.apply(move({"n2": (1, 0)}), "Move", merge="drag")
    document.undo()
    document.redo()
    document.apply(move({"n2": (2, 0)}), "Move", merge="drag")
    document.undo()
    assert document.graph.nodes["n2"].position == (1, 0)


def test_a_spree_that_ends_where_it_began_leaves_no_step(document: Document) -> None:
    start = document.graph.nodes["n2"].position
    document.apply(move({"n2": (1, 0)}), "Move", merge="drag")
    document.apply(move({"n2": start}), "Move", merge="drag")
    assert document.undo_label is None
    assert document.graph.nodes["n2"].position == start


def test_an_edit_that_changes_nothing_is_no_step(document: Document) -> None:
    document.apply(set_setting("n2", "out_features", 3), "Change features")
    document.apply(rename("n2", "linear_1"), "Rename")
    assert document.undo_label is None
    assert not document.modified


def test_each_change_is_announced_once_and_precisely(document: Document) -> None:
    seen = []
    document.changed.connect(seen.append)
    document.apply(move({"n2": (7, 7)}), "Move")
    document.apply(rename("n2", "first"), "Rename")
    document.apply(disconnect(Port("n3", "in")), "Disconnect")
    assert [(set(d.moved), set(d.changed), d.structural) for d in seen] == [
        ({"n2"}, set(), False),
        (set(), {"n2"}, True),
        (set(), set(), True),
    ]
    assert [link.target for link in seen[2].unlinked] == [Port("n3", "in")]


def test_a_listener_that_edits_does_not_reorder_what_others_hear(document: Document) -> None:
    heard = []

    def answer(change: Diff) -> None:
        if change.after.nodes["n2"].name == "one":
            document.apply(rename("n2", "two"), "Rename")

    document.changed.connect(answer)
    document.changed.connect(lambda change: heard.append(change.after.nodes["n2"].name))
    document.apply(rename("n2", "one"), "Rename")
    assert heard == ["one", "two"]


def test_settings_of_the_project_are_undoable_and_checked(document: Document) -> None:
    told = []
    document.configured.connect(lambda: told.append(document.project.training))
    document.configure(training={"epochs": 3, "optimizer": {"name": "sgd", "betas": [1, 2]}}, label="Epochs")
    assert document.project.training["optimizer"]["betas"] == (1, 2)
    with pytest.raises(nb.NetbuilderError, match="finite"):
        document.configure(training={"optimizer": {"learning_rate": float("nan")}})
    document.undo()
    assert document.project.training == {}
    assert len(told) == 2


def test_saving_marks_the_document_as_unmodified(document: Document, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="path"):
        document.save()
    document.apply(rename("n2", "first"), "Rename")
    assert document.modified
    path = document.save(tmp_path / "net.netb")
    assert not document.modified
    again = nb.open(path)
    assert again.project == document.project
    assert again.path == path
    document.undo()
    assert document.modified
    document.redo()
    assert not document.modified


def test_a_failed_save_leaves_the_document_modified(document: Document, tmp_path: Path) -> None:
    document.apply(rename("n2", "first"), "Rename")
    with pytest.raises(nb.NetbuilderError, match="folder does not exist"):
        document.save(tmp_path / "nowhere" / "net.netb")
    assert document.modified
    assert document.path is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**30, object(), {1: 2}, "\ud800", b"bytes"])
def test_settings_that_no_file_can_hold_are_refused(document: Document, value: object) -> None:
    before = document.project
    with pytest.raises(GraphError):
        document.apply(set_setting("n2", "out_features", value), "Change")
    assert document.project is before


def test_a_large_graph_is_built_edit_by_edit_in_reasonable_time() -> None:
    document = Document(Project(graph=Graph()))
    last = None
    for _ in range(300):
        node = new_node(document.graph, "relu")
        document.apply(add_node(node), "Add")
        if last:
            document.apply(connect(Port(last, "out"), Port(node.id, "in")), "Connect")
        last = node.id
    assert len(document.graph.order) == 300
    assert "relu_300" in document.graph.by_name


def test_history_forgets_the_oldest_steps_beyond_its_limit() -> None:
    history: History[int] = History(limit=3)
    for number in range(10):
        history.record(Step(str(number), number, number + 1))
    undone = []
    while step := history.undo():
        undone.append(step.before)
    assert undone == [9, 8, 7]


def test_a_new_edit_forgets_what_was_undone(document: Document) -> None:
    document.apply(rename("n2", "one"), "Rename")
    document.undo()
    assert document.redo_label == "Rename"
    document.apply(rename("n2", "two"), "Rename again")
    assert document.redo_label is None
    assert document.redo() is None


def test_any_step_can_be_gone_to_with_one_announcement(document: Document) -> None:
    states = [document.graph]
    for value in (4, 5, 6, 7):
        document.apply(set_setting("n2", "out_features", value), f"Set to {value}")
        states.append(document.graph)
    seen: list[Diff] = []
    document.changed.connect(seen.append)
    for position in (1, 4, 0, 2, 2):
        document.go_to(position)
        assert document.graph is states[position]
        assert document.position == position
        assert document.steps == ("Set to 4", "Set to 5", "Set to 6", "Set to 7")
    assert len(seen) == 4
    document.go_to(99)
    assert document.graph is states[4]
    document.go_to(-1)
    assert document.graph is states[0]


def test_a_name_that_saving_gives_is_no_step(document: Document, tmp_path: Path) -> None:
    document.apply(move({"n2": (1, 0)}), "Move")
    document.apply(move({"n2": (2, 0)}), "Move again")
    document.undo()
    configured: list[str] = []
    document.configured.connect(lambda: configured.append(document.project.name))
    document.save(tmp_path / "net.netb", name="net")
    assert (document.project.name, document.modified, configured) == ("net", False, ["net"])
    assert document.steps == ("Move", "Move again")
    document.undo()
    assert (document.project.name, document.modified) == ("net", True)
    document.redo()
    assert (document.project.name, document.modified) == ("net", False), "back at what was saved"
    document.redo()
    assert (document.project.name, document.modified) == ("net", True)
    assert nb.open(tmp_path / "net.netb").project.name == "net"


def test_names_that_somebody_gave_outlive_a_save_under_another(document: Document, tmp_path: Path) -> None:
    document.configure(name="Mine", label="Rename project")
    document.undo()
    document.save(tmp_path / "net.netb", name="net")
    document.redo()
    assert document.project.name == "Mine"
    document.undo()
    assert (document.project.name, document.modified) == ("net", False)


def test_a_save_that_fails_gives_no_name(document: Document, tmp_path: Path) -> None:
    with pytest.raises((NetbuilderError, OSError)):
        document.save(tmp_path / "nowhere" / "net.netb", name="net")
    assert (document.project.name, document.path, document.steps) == ("Untitled", None, ())
