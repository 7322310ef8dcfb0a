"""The project file: what goes in comes out, and no bytes whatsoever do anything but open or explain."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from graph_strategies import projects
from hypothesis import given, settings
from hypothesis import strategies as st

import netbuilder as nb
from netbuilder.core import files
from netbuilder.core.document import Project
from netbuilder.core.errors import FileError
from netbuilder.core.files import dumps, load, loads, save
from netbuilder.core.graph import Graph, Node

EXAMPLE = Project(
    "Example",
    nb.chain([("input", {"shape": (1, 28, 28)}), ("conv2d", {"out_channels": 6, "kernel_size": 5}, "C1"), "flatten", "output"]),
    {"epochs": 3},
    {"source": {"name": "mnist"}},
)


def document(**changes: Any) -> dict[str, Any]:
    """The example as plain JSON with top-level fields changed."""
    return {**json.loads(dumps(EXAMPLE)), **changes}


def with_node(**changes: Any) -> dict[str, Any]:
    """The example with fields of its second node changed."""
    raw = document()
    raw["graph"]["nodes"][1] |= changes
    return raw


def with_graph(**changes: Any) -> dict[str, Any]:
    """The example with fields of its graph changed."""
    raw = document()
    raw["graph"] |= changes
    return raw


@given(projects())
@settings(max_examples=60, deadline=None)
def test_what_is_saved_is_what_is_read(project: Project) -> None:
    data = dumps(project)
    again = loads(data)
    assert again == project
    assert list(again.graph.nodes) == list(project.graph.nodes)
    assert list(again.graph.links) == list(project.graph.links)
    assert dumps(again) == data


def test_the_file_is_made_for_people_and_for_diffs() -> None:
    lines = dumps(EXAMPLE).decode().splitlines()
    assert [line.strip(' ",') for line in lines[:3]] == ["{", 'format": "netbuilder', 'version": 1']
    ours = [line for line in lines if '"C1"' in line]
    assert len(ours) == 1
    assert json.loads(ours[0].strip().rstrip(","))["settings"] == {"out_channels": 6, "kernel_size": 5}
    moved = Project("Example", nb.core.edits.move({"n2": (5, 5)})(EXAMPLE.graph), EXAMPLE.training, EXAMPLE.data)
    assert sum(a != b for a, b in zip(lines, dumps(moved).decode().splitlines(), strict=True)) == 1


def test_unknown_fields_and_layers_survive_at_every_level() -> None:
    new = {"from": "the future", "list": [1, [2.5, None]]}
    raw = document(later=new)
    graph = raw["graph"]
    graph["later"] = new
    graph["nodes"][1] |= {"later": new, "layer": "hyperconv9d"}
    graph["frames"] = [{"id": "f", "text": "", "position": [0, 0], "size": [1, 1], "later": new}]
    inner = {"nodes": [{"id": "a", "layer": "input", "name": "x", "later": new}], "later": new}
    parameters = [{"name": "width", "default": [3, 3], "later": new}]
    graph["blocks"] = [{"name": "Unit", "graph": inner, "parameters": parameters, "later": new}]
    again = json.loads(dumps(loads(json.dumps(raw).encode())))
    del inner["nodes"][0]["later"]
    inner["nodes"][0] |= {"position": [0, 0], "later": new}
    assert again == raw


WRONG = {
    "not a project": ({"a": 1}, "not a Netbuilder project"),
    "a list": ([], "not a Netbuilder project"),
    "newer": (document(version=2), "newer Netbuilder"),
    "version text": (document(version="1"), "version"),
    "version true": (document(version=True), "version"),
    "graph list": (document(graph=[]), "“graph” must be an object"),
    "name number": (document(name=3), "“name” must be a text"),
    "training list": (document(training=[]), "“training” must be"),
    "node id": (with_node(id=3), "layer 2, “id” must be a text"),
    "node path id": (with_node(id="../x"), "cannot be a layer's id"),
    "node name": (with_node(name="a.b"), "cannot be a layer name"),
    "same id": (with_node(id="n1"), "two layers with the id “n1”"),
    "same name": (with_node(name="flatten_1"), "two layers called “flatten_1”"),
    "position": (with_node(position=[1]), "position"),
    "position text": (with_node(position=["a", 1]), "position"),
    "repeat": (with_node(repeat=0), "“repeat” must be a whole number of at least 1"),
    "settings": (with_node(settings=[1]), "“settings” must be"),
    "wire from nowhere": (with_graph(links=[["gone", "out", "n2", "in"]]), "“gone”, which does not exist"),
    "two wires": (with_graph(links=[["n1", "out", "n3", "in"], ["n2", "out", "n3", "in"]]), "two wires end at"),
    "short wire": (with_graph(links=[["n1", "n2"]]), "links"),
    "same block": (with_graph(blocks=[{"name": "B", "graph": {}}, {"name": "B", "graph": {}}]), "two blocks called “B”"),
    "block without graph": (with_graph(blocks=[{"name": "B"}]), "“graph” is missing"),
    "same frame": (with_graph(frames=[{"id": "f", "text": "", "position": [0, 0], "size": [1, 1]}] * 2), "two frames"),
    "too many": (with_graph(nodes=[{"id": f"n{i}", "layer": "relu", "name": f"r{i}"} for i in range(20_001)], links=[]), "20,000"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_documents_are_refused_in_a_sentence(case: str) -> None:
    raw, words = WRONG[case]
    with pytest.raises(FileError) as caught:
        loads(json.dumps(raw).encode(), "/somewhere/net.netb")
    assert words in str(caught.value)
    assert str(caught.value).startswith("“net.netb” ")
    assert str(caught.value).endswith(".")
    assert caught.value.place == "/somewhere/net.netb"


RAW = {
    "empty": (b"", "empty"),
    "spaces": (b" \n", "empty"),
    "broken off": (dumps(EXAMPLE)[:200], "breaks off"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"),
    "twice": (b'{"format": "netbuilder", "format": "netbuilder"}', "“format” occurs twice"),
    "nan": (b'{"format": NaN}', "NaN"),
    "infinity": (b'{"a": -Infinity}', "-Infinity"),
    "huge float": (b'{"a": 1e999}', "too large"),
    "huge integer": (b'{"a": ' + b"9" * 5000 + b"}", "too large"),
    "large integer": (b'{"a": 9223372036854775808}', "too large"),
    "half a pair": (b'{"a": "\\ud800"}', "broken character"),
    "deep": (b"[" * 65 + b"]" * 65, "64 levels"),
    "very deep": (b"[" * 200_000, "64 levels"),
    "comment": (b'{\n// hello\n"a": 1}', "line 2"),
    "too big": (b" " * (32 * 1024 * 1024 + 1), "32 MiB"),
}


@pytest.mark.parametrize("case", RAW)
def test_bytes_that_are_not_strict_json_are_refused(case: str) -> None:
    data, words = RAW[case]
    with pytest.raises(FileError) as caught:
        loads(data)
    assert words in str(caught.value)


def test_depth_is_limited_exactly() -> None:
    start = dumps(EXAMPLE)[:-3] + b', "later": '
    again = loads(start + b"[" * 63 + b'"x"' + b"]" * 63 + b"}")
    assert loads(dumps(again)) == again
    with pytest.raises(FileError, match="64 levels"):
        loads(start + b"[" * 64 + b"]" * 64 + b"}")


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_random_bytes_raise_nothing_but_a_file_error(data: bytes) -> None:
    with pytest.raises(FileError):
        loads(data)


@given(projects(), st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_files_open_or_explain(project: Project, data: st.DataObject) -> None:
    whole = bytearray(dumps(project))
    cut = data.draw(st.integers(0, len(whole) - 2))
    with pytest.raises(FileError):
        loads(bytes(whole[:cut]))
    for _ in range(3):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        again = loads(bytes(whole))
    except FileError:
        return
    assert loads(dumps(again)) == again


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "layer", "nodes", "links", "graph", "settings"]), inner)
    ),
    max_leaves=8,
)


@given(junk, st.sampled_from(["nodes", "links", "blocks", "frames", "name", "training"]))
@settings(max_examples=60, deadline=None)
def test_well_formed_nonsense_opens_or_explains(value: object, where: str) -> None:
    raw = document(**{where: value}) if where in ("name", "training") else with_graph(**{where: value})
    try:
        again = loads(json.dumps(raw).encode())
    except FileError:
        return
    assert loads(dumps(again)) == again


def test_a_byte_order_mark_is_tolerated() -> None:
    assert loads(b"\xef\xbb\xbf" + dumps(EXAMPLE)) == EXAMPLE


def test_values_json_cannot_say_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    for value in (float("nan"), object(), "\ud800", {1, 2}):
        with pytest.raises(FileError, match=r"cannot be saved|broken"):
            save(Project(graph=Graph({"a": Node("a", "relu", "a", {"x": value})})), path)
    assert not path.exists()


def test_an_unreadable_project_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    save(EXAMPLE, path)
    before = path.read_bytes()
    with pytest.raises(FileError, match="cannot be a layer name"):
        save(Project(graph=Graph({"a": Node("a", "relu", "not a name")})), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.netb"]


def test_old_versions_are_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "VERSION", 3)
    steps = {1: lambda raw: {**raw, "title": raw["name"]}, 2: lambda raw: {**raw, "name": raw.pop("title") + "!"}}
    monkeypatch.setattr(files, "MIGRATIONS", steps)
    assert loads(json.dumps(document(version=1)).encode()).name == "Example!"


def test_files_that_cannot_be_read_are_explained(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        load(tmp_path / "gone.netb")
    with pytest.raises(FileError, match="is not a file"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="is not a file"):
        load(tmp_path / "pipe")
    with pytest.raises(FileError):
        load("a\0b")


def test_a_damaged_file_points_at_its_backup(tmp_path: Path) -> None:
    path = tmp_path / "net.netb"
    save(EXAMPLE, path)
    save(EXAMPLE, path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FileError, match=r"net\.netb\.bak"):
        load(path)
    assert load(tmp_path / "net.netb.bak") == EXAMPLE
