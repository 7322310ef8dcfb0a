"""Blocks as edits: made of a selection, opened again, changed from inside, renamed, given parameters."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from netbuilder.core.block_definitions import graph_at, rename_block, within
from netbuilder.core.block_parameters import promote_setting, remove_block_parameter, rename_block_parameter, set_block_parameter
from netbuilder.core.blocks import set_block, set_linked, set_repeat
from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Document, Project
from netbuilder.core.edits import Edit, add_node, compound, rename, set_setting
from netbuilder.core.errors import GraphError
from netbuilder.core.expanding import expand
from netbuilder.core.files import dumps, loads
from netbuilder.core.graph import Block, BlockParameter, Direction, Graph, Node, Port
from netbuilder.core.grouping import make_block
from netbuilder.core.layout import NODE, turn
from netbuilder.templates import template


def line() -> Graph:
    """image → c1 → r1 → c2 → r2 → end, with a wire from r1 to a sum behind r2."""
    b = Builder()
    image = b.add("input", name="image", shape=(4, 6, 6))
    r1 = b.add("relu", b.add("conv2d", image, name="c1", out_channels=4, kernel_size=3, padding=1), name="r1")
    r2 = b.add("relu", b.add("conv2d", r1, name="c2", out_channels=4, kernel_size=3, padding=1), name="r2")
    b.add("output", b.add("add", r2, r1, name="sum"), name="end")
    return b.graph()


def ids(graph: Graph, *names: str) -> list[str]:
    """The ids of the nodes with these names."""
    return [graph.by_name[name].id for name in names]


def use_of(graph: Graph) -> Node:
    """The only use of a block."""
    (node,) = (node for node in graph.nodes.values() if node.layer == "block")
    return node


def plain(graph: Graph) -> set[tuple[str, str, str, str]]:
    """The wires by the names of their ends, and what the nodes are, without the prefix that expanding gives."""
    called = {id_: node.name.removeprefix("Unit_1_") for id_, node in graph.nodes.items()}
    nodes = {(called[n.id], n.layer, str(sorted(n.settings.items())), "") for n in graph.nodes.values()}
    return nodes | {(called[s.node], s.name, called[t.node], t.name) for t, s in graph.links.items()}


def test_a_selection_becomes_a_block_with_its_cut_wires_as_ends() -> None:
    graph = line()
    made = make_block(ids(graph, "c2", "r2", "sum"), "Unit")(graph)
    use = use_of(made)
    assert (use.name, use.block, set(made.by_name)) == ("Unit_1", "Unit", {"image", "c1", "r1", "Unit_1", "end"})
    inner = made.blocks["Unit"].graph
    assert set(inner.by_name) == {"input", "c2", "r2", "sum", "output"}
    assert made.links[Port(use.id, "input")] == Port(ids(graph, "r1")[0], "out")
    assert made.links[Port(ids(graph, "end")[0], "in")] == Port(use.id, "output")


def test_several_ends_are_called_after_the_layers_they_belong_to() -> None:
    graph = line()
    made = make_block(ids(graph, "r1", "c2"), "Unit")(graph)
    assert {n.name for n in made.blocks["Unit"].graph.nodes.values() if n.layer == "output"} == {"output_r1", "output_c2"}
    made = make_block(ids(graph, "sum"), "Unit")(graph)
    assert {n.name for n in made.blocks["Unit"].graph.nodes.values() if n.layer == "input"} == {"input_r1", "input_r2"}
    assert plain(expand(use_of(made).id)(made)) == plain(graph)


def test_ports_that_wait_for_a_wire_become_ends_too() -> None:
    graph = chain(["relu", "tanh"])
    first, last = graph.nodes
    made = make_block([first], "Unit", inputs=[Port(first, "in")])(graph)
    assert set(made.blocks["Unit"].graph.by_name) == {"input", "relu_1", "output"}
    assert not [port for port in made.links if port.node == use_of(made).id]
    made = make_block([last], "Unit")(graph)
    assert "output" in made.blocks["Unit"].graph.by_name


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "No layers are selected"),
        (("image", "c1"), "“image” is an input of the network"),
        (("sum", "end"), "“end” is an output"),
        (("r1", "sum"), "comes back to “sum” through “r2”"),
    ],
)
def test_selections_that_cannot_be_a_block(names: tuple[str, ...], words: str) -> None:
    with pytest.raises(GraphError, match=words) as refused:
        make_block(ids(line(), *names), "Unit")(line())
    assert refused.value.remedy


def test_names_of_blocks_are_unique_and_not_empty() -> None:
    graph = set_block(Block("Unit", Graph()))(line())
    with pytest.raises(GraphError, match="already a block “Unit”"):
        make_block(ids(graph, "r1"), "Unit")(graph)
    with pytest.raises(GraphError, match="needs a name"):
        make_block(ids(graph, "r1"), " ")(graph)


@given(st.sets(st.sampled_from(["c1", "r1", "c2", "r2", "sum"]), min_size=1))
def test_making_a_block_and_expanding_it_gives_the_network_back(names: set[str]) -> None:
    document = Document(line())
    before = document.graph
    try:
        document.apply(make_block(ids(before, *names), "Unit"), "Make block")
    except GraphError:
        assert document.graph is before
        return
    made = document.graph
    assert loads(dumps(Project(graph=made))).graph == made
    document.apply(expand(use_of(made).id), "Expand")
    assert plain(document.graph) == plain(before)
    document.undo()
    assert document.graph == made
    document.undo()
    assert document.graph == before


def parametrised() -> Graph:
    """Two uses of one block whose parameter reaches a layer, and a block that uses it."""
    graph = make_block(ids(line(), "c2", "r2"), "Unit")(line())
    at = ids(graph.blocks["Unit"].graph, "c2")[0]
    graph = promote_setting("Unit", at, "out_channels", "channels", 4, "Maps.")(graph)
    inner = Graph({"u": Node("u", "block", "unit", {"channels": "$width * 2"}, block="Unit")})
    return set_block(Block("Pair", inner, (BlockParameter("width", 3),)))(graph)


def test_expanding_fills_parameters_in_and_unrolls_repeats() -> None:
    graph = parametrised()
    use = use_of(graph)
    opened = expand(use.id)(compound(set_setting(use.id, "channels", 8), set_repeat(use.id, 3))(graph))
    convolutions = [opened.by_name[f"Unit_1_{number}_c2"] for number in range(3)]
    assert [node.settings["out_channels"] for node in convolutions] == [8, 8, 8]
    assert opened.links[Port(convolutions[1].id, "in")] == Port(opened.by_name["Unit_1_0_r2"].id, "out")
    assert opened.links[Port(opened.by_name["sum"].id, "in1")] == Port(opened.by_name["Unit_1_2_r2"].id, "out")
    assert len({node.position for node in opened.nodes.values()}) == len(opened.nodes)


def test_in_a_drawing_that_flows_down_blocks_do_so_inside_and_out() -> None:
    down = turn("down")(chain(["input", *["relu"] * 4, "output"]))
    made = make_block(["n3", "n4"], "Unit")(down)
    assert made.blocks["Unit"].graph.direction == "down"
    use = use_of(made)
    opened = expand(use.id)(set_repeat(use.id, 3)(made))
    assert_flows_down(made.blocks["Unit"].graph)
    assert_flows_down(opened)


def assert_flows_down(graph: Graph) -> None:
    assert len({node.position[0] for node in graph.nodes.values()}) == 1
    assert all(graph.nodes[t.node].position[1] > graph.nodes[s.node].position[1] for t, s in graph.links.items())


def test_expanding_inside_a_block_keeps_its_parameters() -> None:
    graph = within(["Pair"], expand("u"))(parametrised())
    assert graph.blocks["Pair"].graph.by_name["unit_c2"].settings["out_channels"] == "$width * 2"
    assert "Unit" in graph.blocks


def test_a_block_made_inside_a_block_hands_its_parameters_on() -> None:
    graph = parametrised()
    at = ids(graph.blocks["Unit"].graph, "c2")[0]
    graph = within(["Unit"], make_block([at], "Core"))(graph)
    use = use_of(graph.blocks["Unit"].graph)
    assert use.settings == {"channels": "$channels"}
    assert graph.blocks["Core"].parameters == (BlockParameter("channels", 4, "Maps."),)
    assert graph_at(graph, ["Pair", "Unit", "Core"]).nodes[at].settings["out_channels"] == "$channels"


def test_what_cannot_be_expanded_is_refused() -> None:
    graph = parametrised()
    use = use_of(graph)
    for edit, words in (
        (expand(ids(graph, "c1")[0]), "is a layer, not a block"),
        (expand("gone"), "no longer"),
        (compound(set_repeat(use.id, 2), set_linked(use.id, True), expand(use.id)), "share their weights"),
        (compound(set_setting(use.id, "depth", 2), expand(use.id)), "no parameter “depth”"),
        (compound(rename_inside("$channels.x"), expand(use.id)), "asks for an attribute"),
    ):
        with pytest.raises(GraphError, match=words):
            edit(graph)


def rename_inside(expression: str) -> Edit:
    """An edit that writes this expression into the definition."""

    def edit(graph: Graph) -> Graph:
        at = ids(graph.blocks["Unit"].graph, "c2")[0]
        return within(["Unit"], set_setting(at, "out_channels", expression))(graph)

    return edit


def test_edits_inside_change_the_definition_and_nothing_else() -> None:
    graph = parametrised()
    at = ids(graph.blocks["Unit"].graph, "r2")[0]
    after = within(["Pair", "Unit"], rename(at, "curve"))(graph)
    assert after.blocks["Unit"].graph.nodes[at].name == "curve"
    assert replace(after, blocks=graph.blocks) == graph
    assert after.blocks["Pair"] == graph.blocks["Pair"]
    assert within(["Pair"], lambda inner: inner)(graph) is graph
    with pytest.raises(GraphError, match="no block “Gone”"):
        within(["Pair", "Gone"], rename(at, "x"))(graph)


def test_a_definition_inside_a_definition_stays_there() -> None:
    local = Block("Unit", chain(["tanh"]))
    graph = set_block(Block("Pair", Graph({"u": Node("u", "block", "unit", block="Unit")}, blocks={"Unit": local})))(parametrised())
    after = within(["Pair", "Unit"], rename("n1", "curve"))(graph)
    assert after.blocks["Pair"].graph.blocks["Unit"].graph.nodes["n1"].name == "curve"
    assert after.blocks["Unit"] == graph.blocks["Unit"]
    opened = within(["Pair"], expand("u"))(graph)
    assert set(opened.blocks["Pair"].graph.by_name) == {"unit_tanh_1"}


def test_a_block_cannot_be_put_inside_itself() -> None:
    for path, name in ((["Unit"], "Unit"), (["Unit"], "Pair"), (["Pair", "Unit"], "Pair")):
        with pytest.raises(GraphError, match="would contain itself"):
            within(path, add_node(Node("n", "block", "again", block=name)))(parametrised())


def test_renaming_a_block_takes_its_uses_along() -> None:
    graph = rename_block("Unit", "Cell")(parametrised())
    assert list(graph.blocks) == ["Cell", "Pair"]
    assert use_of(graph).block == graph.blocks["Pair"].graph.nodes["u"].block == graph.blocks["Cell"].name == "Cell"
    with pytest.raises(GraphError, match="already a block"):
        rename_block("Cell", "Pair")(graph)


def test_parameters_are_renamed_and_removed_everywhere() -> None:
    graph = parametrised()
    use, at = use_of(graph), ids(graph.blocks["Unit"].graph, "c2")[0]
    graph = compound(set_setting(use.id, "channels", 8), rename_inside("$channels * 2"))(graph)
    renamed = rename_block_parameter("Unit", "channels", "maps")(graph)
    assert renamed.nodes[use.id].settings == {"maps": 8}
    assert renamed.blocks["Pair"].graph.nodes["u"].settings == {"maps": "$width * 2"}
    assert renamed.blocks["Unit"].graph.nodes[at].settings["out_channels"] == "$maps * 2"
    gone = remove_block_parameter("Unit", "maps")(renamed)
    assert gone.nodes[use.id].settings == {}
    assert gone.blocks["Unit"].graph.nodes[at].settings["out_channels"] == 8
    assert gone.blocks["Unit"].parameters == ()


@pytest.mark.parametrize("name", ["", "2x", "a b", "class", "a.b", "__import__"])
def test_names_of_parameters_are_words(name: str) -> None:
    with pytest.raises(GraphError, match="cannot be the name of a parameter"):
        set_block_parameter("Unit", BlockParameter(name, 1))(parametrised())


def test_parameters_are_replaced_in_place_and_hold_plain_values() -> None:
    graph = set_block_parameter("Unit", BlockParameter("kernel", [3, 3]))(parametrised())
    graph = set_block_parameter("Unit", BlockParameter("channels", 16))(graph)
    assert graph.blocks["Unit"].parameters == (BlockParameter("channels", 16), BlockParameter("kernel", (3, 3)))
    with pytest.raises(GraphError, match="cannot be an expression"):
        set_block_parameter("Unit", BlockParameter("channels", "$width"))(graph)
    with pytest.raises(GraphError, match="already the expression"):
        promote_setting("Unit", ids(graph.blocks["Unit"].graph, "c2")[0], "out_channels", "width", "$channels")(graph)


def test_shared_weights_are_for_blocks_and_are_kept_in_files() -> None:
    graph = parametrised()
    linked = set_linked(use_of(graph).id, True)(graph)
    assert loads(dumps(Project(graph=linked))).graph == linked
    assert b"linked" not in dumps(Project(graph=graph))
    with pytest.raises(GraphError, match="Only blocks can share weights"):
        set_linked(ids(graph, "c1")[0], True)(graph)


def test_wires_of_every_use_follow_an_end_that_is_renamed() -> None:
    graph = make_block(ids(line(), "c2", "r2"), "Unit")(line())
    graph = make_block([use_of(graph).id, *ids(graph, "sum")], "Outer")(graph)
    inner = graph.blocks["Unit"].graph
    document = Document(graph)
    document.apply(within(("Outer", "Unit"), compound(*(rename(inner.by_name[n].id, f"{n}_new") for n in ("input", "output")))), "Rename")
    outer = document.graph.blocks["Outer"].graph
    use = use_of(outer).id
    assert Port(use, "input_new") in outer.links
    assert Port(use, "output_new") in outer.links.values()
    assert not {port.name for port in (*outer.links, *outer.links.values()) if port.node == use} & {"input", "output"}
    assert document.graph.links == graph.links
    document.undo()
    assert document.graph == graph


def test_an_expanded_block_covers_nothing() -> None:
    b = Builder()
    x = b.add("input", name="x")
    branches = [b.add("relu", b.add("conv2d", x, name=f"c{n}", kernel_size=1), name=f"r{n}") for n in range(4)]
    b.add("output", b.add("concat", *branches, name="join"), name="y")
    wide = b.block("Wide")
    net = Builder()
    at = net.add("input", shape=(3, 8, 8))
    for number in range(8):
        at = net.use(wide, at, name=f"wide{number}")
    net.add("output", at)
    graph = net.graph(wrap=4)
    for number in range(8):
        graph = expand(graph.by_name[f"wide{number}"].id)(graph)
    places = sorted(node.position for node in graph.nodes.values())
    assert not [(a, b) for a in places for b in places if a < b and b[0] - a[0] < 168 and abs(b[1] - a[1]) < 72]


def test_an_expanded_block_whose_layers_stood_in_two_rows_leads_on_in_one() -> None:
    inner = chain(["input", *["relu"] * 6, "output"], wrap=4)
    block = Block("Six", inner)
    net = Builder()
    net.add("output", net.use(block, net.add("input"), name="six"))
    expanded = expand("n2")(net.graph())
    places = {id_: node.position for id_, node in expanded.nodes.items()}
    assert len(places) == 8
    assert all(places[source.node][0] < places[target.node][0] for target, source in expanded.links.items())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("direction", ["right", "down"])
def test_blocks_expanded_in_any_order_cover_nothing(direction: Direction, seed: int) -> None:
    chance, graph = Random(seed), turn(direction)(template("inception-v3"))
    while blocks := [id_ for id_, node in graph.nodes.items() if node.layer == "block"]:
        graph = expand(chance.choice(blocks))(graph)
    places = [node.position for node in graph.nodes.values()]
    assert not [(a, b) for a in places for b in places if a < b and b[0] - a[0] < NODE[0] and abs(b[1] - a[1]) < NODE[1]]
