"""Each edit does what its name says, and refuses what makes no sense in words."""

from __future__ import annotations

import pytest
from graph_strategies import graphs
from hypothesis import given, settings

import netbuilder as nb
from netbuilder.core import edits
from netbuilder.core.blocks import remove_block, set_block, set_repeat
from netbuilder.core.build import Builder
from netbuilder.core.clipboard import copy_text, duplicate, paste, paste_edit
from netbuilder.core.document import Project
from netbuilder.core.errors import GraphError
from netbuilder.core.files import dumps, loads
from netbuilder.core.graph import Block, Frame, Graph, Node, Port, fresh_name
from netbuilder.core.names import RESERVED, check_name, legal_stem
from netbuilder.core.rewiring import insert_on_link, remove_and_heal


@pytest.fixture
def line() -> Graph:
    return nb.chain([("input", {"shape": (4,)}), "relu", "tanh", "output"])


@pytest.fixture
def diamond() -> Graph:
    net = Builder()
    a = net.add("input", shape=(4,))
    b, c = net.add("relu", a), net.add("tanh", a)
    net.add("output", net.add("add", b, c))
    return net.graph()


def test_a_wire_that_closes_a_loop_is_refused_with_its_path(line: Graph) -> None:
    with pytest.raises(GraphError, match="relu_1 → tanh_1 → relu_1") as caught:
        edits.connect(Port("n3", "out"), Port("n2", "in"))(line)
    assert caught.value.remedy
    with pytest.raises(GraphError, match="loop"):
        edits.connect(Port("n2", "out"), Port("n2", "in2"))(line)


def test_a_second_wire_at_an_input_replaces_the_first(diamond: Graph) -> None:
    after = edits.connect(Port("n1", "out"), Port("n4", "in1"))(diamond)
    assert after.inputs_of["n4"] == {"in1": Port("n1", "out"), "in2": Port("n3", "out")}


@pytest.mark.parametrize("name", ["", "2x", "a b", "a.b", "_x", "class", "forward", "training", "train", "x" * 65, "grün", "x\n"])
def test_names_that_cannot_be_attributes_are_refused(line: Graph, name: str) -> None:
    with pytest.raises(GraphError):
        edits.rename("n2", name)(line)
    with pytest.raises(GraphError):
        edits.add_node(Node("x", "relu", name))(line)


def test_reserved_names_cover_all_that_modules_have() -> None:
    nn = pytest.importorskip("torch.nn")
    taken = {name for name in dir(nn.Module()) if not name.startswith("_")}
    assert taken <= RESERVED
    exported = pytest.importorskip("torch.fx").GraphModule
    assert {name for name in dir(exported) if not name.startswith("_")} <= RESERVED
    network = nb.compile(nb.chain([("input", {"shape": (4,)}), "relu", "output"]))
    assert {name for name in dir(network) if not name.startswith("_")} - {"relu_1"} <= RESERVED


def test_names_are_unique(line: Graph) -> None:
    with pytest.raises(GraphError, match="already called “tanh_1”"):
        edits.rename("n2", "tanh_1")(line)
    assert edits.rename("n2", "relu_1")(line) is line
    assert fresh_name(line, "tanh") == "tanh_2"
    for stem in ("0 odd-stem!", "", "class", "é"):
        check_name(f"{legal_stem(stem)}_1")


def test_compound_edits_are_refused_whole(line: Graph) -> None:
    edit = edits.compound(edits.rename("n2", "first"), edits.remove_nodes(["gone"]))
    with pytest.raises(GraphError, match="no longer"):
        edit(line)
    assert line.nodes["n2"].name == "relu_1"


def test_removing_nodes_takes_their_wires(diamond: Graph) -> None:
    after = edits.remove_nodes(["n2", "n5"])(diamond)
    assert set(after.nodes) == {"n1", "n3", "n4"}
    assert set(after.links) == {Port("n3", "in"), Port("n4", "in2")}


def test_clearing_a_setting_and_replacing_a_layer(line: Graph) -> None:
    graph = edits.set_settings("n2", {"inplace": True, "size": [1, 2]})(line)
    assert graph.nodes["n2"].settings == {"inplace": True, "size": (1, 2)}
    assert edits.clear_setting("n2", "inplace")(graph).nodes["n2"].settings == {"size": (1, 2)}
    replaced = edits.replace_layer("n2", "gelu")(graph)
    assert (replaced.nodes["n2"].name, replaced.nodes["n2"].settings) == ("gelu_1", {})
    assert replaced.links == graph.links
    named = edits.replace_layer("n2", "gelu")(edits.rename("n2", "mine")(graph))
    assert named.nodes["n2"].name == "mine"


@pytest.mark.parametrize("place", [(float("nan"), 0.0), (0.0, float("inf"))])
def test_positions_must_be_finite(line: Graph, place: tuple[float, float]) -> None:
    with pytest.raises(GraphError):
        edits.move({"n2": place})(line)
    with pytest.raises(GraphError):
        edits.set_frame(Frame("f", "", place, (1, 1)))(line)


def test_frames_come_and_go(line: Graph) -> None:
    graph = edits.set_frame(Frame("f", "Features", (0, 0), (400, 100)))(line)
    assert graph.frames["f"].text == "Features"
    assert edits.remove_frame("f")(graph) == line
    with pytest.raises(GraphError):
        edits.remove_frame("f")(line)


def test_a_layer_dropped_on_a_wire_joins_it(line: Graph) -> None:
    node = edits.new_node(line, "dropout")
    after = insert_on_link(node, Port("n3", "in"))(line)
    assert after.links[Port("n3", "in")] == Port(node.id, "out")
    assert after.links[Port(node.id, "in")] == Port("n2", "out")
    placed = edits.add_node(node)(line)
    assert insert_on_link(node.id, Port("n3", "in"))(placed).links == after.links
    with pytest.raises(GraphError, match="no wire"):
        insert_on_link(node, Port("n1", "in"))(line)


def test_removed_layers_heal_their_path(line: Graph, diamond: Graph) -> None:
    after = remove_and_heal(["n2", "n3"])(line)
    assert after.links == {Port("n4", "in"): Port("n1", "out")}
    after = remove_and_heal(["n2"])(diamond)
    assert after.inputs_of["n4"] == {"in1": Port("n1", "out"), "in2": Port("n3", "out")}
    assert Port("n5", "in") not in remove_and_heal(["n4"])(diamond).links
    assert Port("n2", "in") not in remove_and_heal(["n1"])(line).links


def test_copies_get_fresh_ids_and_names(diamond: Graph) -> None:
    edit, ids = duplicate(diamond, ["n2", "n3", "n4"], (10, 20))
    after = edit(diamond)
    copies = [after.nodes[id_] for id_ in ids]
    assert [node.name for node in copies] == ["relu_2", "tanh_2", "add_2"]
    assert copies[0].position == (diamond.nodes["n2"].position[0] + 10, diamond.nodes["n2"].position[1] + 20)
    assert after.inputs_of[ids[2]] == {"in1": Port(ids[0], "out"), "in2": Port(ids[1], "out")}
    assert ids[0] not in after.inputs_of
    assert after.nodes["n2"] == diamond.nodes["n2"]
    other, new = paste(diamond.nodes.values(), diamond.links)
    assert len(other(Graph()).links) == len(diamond.links)
    assert not {*new} & {*ids}


@given(graphs())
@settings(max_examples=40, deadline=None)
def test_copying_everything_and_pasting_it_elsewhere_keeps_all(graph: Graph) -> None:
    edit, ids = paste_edit(copy_text(graph, [*graph.nodes, *graph.frames]))
    pasted = edit(Graph())
    plain = [(n.layer, n.name, n.settings, n.position, n.block, n.repeat, n.extra) for n in graph.nodes.values()]
    assert [(n.layer, n.name, n.settings, n.position, n.block, n.repeat, n.extra) for n in pasted.nodes.values()] == plain
    old = dict(zip(ids, graph.nodes, strict=True))
    assert {Port(old[t.node], t.name): Port(old[s.node], s.name) for t, s in pasted.links.items()} == graph.links
    assert [frame.text for frame in pasted.frames.values()] == [frame.text for frame in graph.frames.values()]


@pytest.mark.parametrize(
    "text", ["", "hello", "[1]", "{}", '{"format": "netbuilder-layers", "version": 1, "graph": {"nodes": 3}}', "\ud800"]
)
def test_a_clipboard_without_layers_is_refused(text: str) -> None:
    with pytest.raises(GraphError, match="clipboard"):
        paste_edit(text)


def test_pasted_blocks_are_shared_when_equal_and_renamed_when_not(line: Graph) -> None:
    inner = nb.chain([("input", {"shape": (4,)}), "relu", "output"])
    source = edits.add_node(Node("u", "block", "unit", block="Unit"))(set_block(Block("Unit", inner))(line))
    text = copy_text(source, ["u"])
    edit, (new,) = paste_edit(text)
    assert edit(source).blocks == source.blocks
    changed = set_block(Block("Unit", line))(source)
    edit, (new,) = paste_edit(text)
    after = edit(changed)
    assert after.blocks["Unit"].graph == line
    assert after.blocks[after.nodes[new].block].graph == inner
    assert "Unit" in paste_edit(text)[0](Graph()).blocks


def test_blocks_cannot_contain_themselves(line: Graph) -> None:
    def using(name: str) -> Graph:
        return Graph({"u": Node("u", "block", "use", block=name)})

    with pytest.raises(GraphError, match="contain itself"):
        set_block(Block("A", using("A")))(line)
    graph = set_block(Block("B", using("A")))(set_block(Block("A", Graph()))(line))
    with pytest.raises(GraphError, match="“A” → “B” → “A”"):
        set_block(Block("A", using("B")))(graph)
    with pytest.raises(GraphError, match="still used by the block “B”"):
        remove_block("A")(graph)
    assert set(remove_block("B")(graph).blocks) == {"A"}


@pytest.mark.parametrize("times", [0, -1, 10_001, 2.0, True])
def test_repeat_counts_are_checked(line: Graph, times: int) -> None:
    graph = edits.add_node(Node("u", "block", "unit", block="Unit"))(set_block(Block("Unit", Graph()))(line))
    with pytest.raises(GraphError):
        set_repeat("u", times)(graph)
    assert set_repeat("u", 6)(graph).nodes["u"].repeat == 6
    with pytest.raises(GraphError, match="Only blocks"):
        set_repeat("n2", 2)(graph)


def test_how_layers_learn_is_set_for_several_at_once_and_survives_saving(line: Graph) -> None:
    chosen = [line.by_name["relu_1"].id, line.by_name["tanh_1"].id]
    graph = edits.compound(edits.set_training(chosen, "frozen", True), edits.set_training(chosen[:1], "l1", 0.01))(line)
    assert [dict(graph.nodes[id_].training) for id_ in chosen] == [{"frozen": True, "l1": 0.01}, {"frozen": True}]
    again = loads(dumps(Project(graph=graph))).graph
    assert again == graph
    cleared = edits.compound(edits.set_training(chosen, "frozen", None), edits.set_training(chosen, "l1", None))(again)
    assert b"training" not in dumps(Project(graph=cleared)).split(b'"links"')[0]
    with pytest.raises(GraphError):
        edits.set_training(chosen, "l1", float("nan"))(line)


def test_a_word_of_exported_programs_is_kept_in_a_file_but_not_given() -> None:
    check_name("code", kept=True)
    for name, kept in (("code", False), ("forward", True), ("lambda", True)):
        with pytest.raises(GraphError, match="already means something"):
            check_name(name, kept=kept)
