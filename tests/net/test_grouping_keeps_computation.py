"""Whatever layers become a block, and whatever is expanded again, the network computes the same; undo returns exactly."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from netbuilder.core.build import Builder
from netbuilder.core.document import Document
from netbuilder.core.errors import GraphError
from netbuilder.core.expanding import expand
from netbuilder.core.graph import Graph
from netbuilder.core.grouping import make_block
from netbuilder.net.analysis import analyze
from netbuilder.net.compiler import compile_graph
from netbuilder.net.inside import open_ports
from netbuilder.net.weights import carry

STEPS = ("linear", "tanh", "relu", "layernorm", "add", "multiply")


@st.composite
def networks(draw: st.DrawFn) -> Graph:
    """Layers on six numbers, each fed by earlier ones; what leads nowhere is added up at the end."""
    net = Builder()
    made = [net.add("input", shape=(6,))]
    used: set[str] = set()
    for layer in draw(st.lists(st.sampled_from(STEPS), min_size=2, max_size=8)):
        count = 2 if layer in ("add", "multiply") else 1
        sources = draw(st.lists(st.sampled_from(made), min_size=count, max_size=count))
        made.append(net.add_settings(layer, {"out_features": 6} if layer == "linear" else {}, *sources))
        used.update(sources)
    ends = [id_ for id_ in made if id_ not in used]
    net.add("output", net.add("add", *ends) if len(ends) > 1 else ends[0])
    return net.graph()


def answer(graph: Graph, old: Graph) -> torch.Tensor:
    """What the network gives with the weights of the old one."""
    module, before = compile_graph(graph, 2), compile_graph(old, 1)
    plan = carry(before, module)
    assert not any((plan.changed, plan.fresh, plan.dropped, plan.replaced, plan.partly))
    with torch.no_grad():
        result: torch.Tensor = module.eval()(torch.linspace(-1, 1, 18).reshape(3, 6))
    return result


@settings(max_examples=40, deadline=None)
@given(networks(), st.data())
def test_made_and_expanded_it_computes_the_same(graph: Graph, data: st.DataObject) -> None:
    layers = [id_ for id_, node in graph.nodes.items() if node.layer not in ("input", "output")]
    chosen = data.draw(st.lists(st.sampled_from(layers), min_size=1, unique=True))
    document = Document(graph)
    expected = answer(graph, graph)
    inputs, outputs = open_ports(graph, [id_ for id_ in graph.nodes if id_ in chosen])
    try:
        document.apply(make_block(chosen, "Part", inputs=inputs, outputs=outputs), "Make block")
    except GraphError as error:
        told = str(error)
    else:
        told = ""
    if told:
        assert "leaves the selection and comes back" in told
        assert document.graph is graph
        return
    grouped = document.graph
    assert analyze(grouped).parameters == analyze(graph).parameters
    torch.testing.assert_close(answer(grouped, graph), expected)
    use = next(node.id for node in grouped.nodes.values() if node.block == "Part")
    document.apply(expand(use), "Expand block")
    torch.testing.assert_close(answer(document.graph, grouped), answer(grouped, grouped))
    assert {id_: node.layer for id_, node in document.graph.nodes.items()} == {id_: node.layer for id_, node in graph.nodes.items()}
    document.undo()
    assert document.graph == grouped
    document.undo()
    assert document.graph == graph
