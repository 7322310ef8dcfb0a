"""Random graphs, settings and edits for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from netbuilder.core import edits
from netbuilder.core.blocks import remove_block, set_block, set_repeat
from netbuilder.core.clipboard import duplicate
from netbuilder.core.document import Project
from netbuilder.core.edits import Edit
from netbuilder.core.graph import Block, BlockParameter, Frame, Graph, Node, Port
from netbuilder.core.rewiring import insert_on_link, remove_and_heal

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True).filter(lambda name: name not in {"to", "cpu", "run", "self", "type", "half"})
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
settings_maps = st.dictionaries(names, values, max_size=3)
points = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
layers = st.sampled_from(["relu", "conv2d", "add", "from-the-future", "block"])


def extras(*known: str) -> st.SearchStrategy[dict[str, object]]:
    """Fields of a newer version: any key that this version does not use there."""
    return st.dictionaries(texts.filter(lambda key: key not in known), values, max_size=2)


@st.composite
def graphs(draw: st.DrawFn, depth: int = 1) -> Graph:
    """Nodes with forward wires, frames, blocks one level deep, unknown fields everywhere."""
    labels = draw(st.lists(names.filter(lambda name: name.isidentifier() and not edits_keyword(name)), unique=True, max_size=6))
    nodes = {}
    for number, name in enumerate(labels):
        id_ = f"n{number}"
        more = draw(extras("id", "layer", "name", "settings", "position", "block", "repeat", "linked", "training"))
        block = draw(st.sampled_from(["", "b"]))
        nodes[id_] = Node(
            id_,
            draw(layers),
            name,
            draw(settings_maps),
            draw(points),
            block,
            draw(st.integers(1, 9)),
            training=draw(settings_maps),
            linked=draw(st.booleans()),
            extra=more,
        )
    links = {}
    ids = list(nodes)
    for target in range(1, len(ids)):
        for port in draw(st.lists(st.sampled_from(["in", "in1", "in2"]), unique=True, max_size=2)):
            links[Port(ids[target], port)] = Port(ids[draw(st.integers(0, target - 1))], "out")
    frames = {}
    for number in range(draw(st.integers(0, 2))):
        more = draw(extras("id", "text", "position", "size", "colour"))
        frames[f"f{number}"] = Frame(f"f{number}", draw(texts), draw(points), draw(points), draw(texts), draw(st.booleans()), more)
    blocks = {}
    if depth and draw(st.booleans()):
        parameter = BlockParameter("width", draw(values), draw(texts), draw(extras("name", "default", "tip")))
        blocks["b"] = Block("b", draw(graphs(depth=depth - 1)), (parameter,), draw(extras("name", "graph", "parameters")))
    return Graph(nodes, links, blocks, frames, draw(extras("nodes", "links", "blocks", "frames")))


def edits_keyword(name: str) -> bool:
    """Whether a name is refused for another reason than its letters."""
    from netbuilder.core.errors import GraphError
    from netbuilder.core.names import check_name

    try:
        check_name(name)
    except GraphError:
        return True
    return False


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """A project with everything that a file can hold."""
    more = draw(extras("format", "version", "name", "graph", "training", "data"))
    return Project(draw(texts), draw(graphs()), draw(settings_maps), draw(settings_maps), draw(settings_maps), more)


@st.composite
def random_edit(draw: st.DrawFn, graph: Graph) -> Edit:
    """One edit that may or may not be possible on this graph."""
    ids = [*graph.nodes, "gone"]
    some = st.sampled_from(ids)
    ports = st.sampled_from([*graph.links, Port(draw(some), "in"), Port(draw(some), "in2")])
    kind = draw(st.integers(0, 14))
    if kind <= 1:
        return edits.add_node(edits.new_node(graph, draw(layers), draw(settings_maps), draw(points)))
    if kind == 2:
        return edits.remove_nodes(draw(st.lists(some, max_size=2)))
    if kind <= 4:
        return edits.connect(Port(draw(some), "out"), draw(ports))
    if kind == 5:
        return edits.disconnect(draw(ports))
    if kind == 6:
        return edits.set_setting(draw(some), draw(names), draw(values))
    if kind == 7:
        return edits.rename(draw(some), draw(names))
    if kind == 8:
        return edits.move({draw(some): draw(points)})
    if kind == 9:
        return insert_on_link(edits.new_node(graph, "relu"), draw(ports))
    if kind == 10:
        return remove_and_heal(draw(st.lists(some, max_size=2)))
    if kind == 11:
        return duplicate(graph, draw(st.lists(st.sampled_from(ids[:-1]), max_size=3)) if ids[:-1] else [])[0]
    if kind == 12:
        return edits.set_frame(Frame("f1", draw(texts), draw(points), draw(points)))
    if kind == 13:
        return draw(st.sampled_from([edits.remove_frame("f1"), remove_block("b"), set_repeat(draw(some), draw(st.integers(0, 4)))]))
    return draw(
        st.sampled_from([set_block(Block("b", Graph())), edits.replace_layer(draw(some), "tanh"), edits.clear_setting(draw(some), "a")])
    )
