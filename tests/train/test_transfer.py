"""Transfer to other data: the head of a network, freezing the rest, another number of classes."""

from __future__ import annotations

import pytest
from material import small_cnn

import netbuilder as nb
from netbuilder.core.build import Builder, chain
from netbuilder.core.edits import set_training
from netbuilder.net.analysis import analyze
from netbuilder.train.errors import TrainingError
from netbuilder.train.transfer import freeze_all_but, frozen_layers, head_layers, new_head, thaw


@pytest.mark.parametrize(
    ("template", "options", "head"),
    [
        ("resnet18", {}, ("fc",)),
        ("densenet121", {}, ("classifier",)),
        ("lenet5-1998", {}, ("F6",)),
        ("googlenet", {"auxiliary": True}, ("aux1", "aux2", "fc")),
    ],
)
def test_the_head_is_what_comes_last_before_each_output(template: str, options: dict[str, bool], head: tuple[str, ...]) -> None:
    graph = nb.template(template, **options)
    assert tuple(graph.nodes[id_].name for id_ in head_layers(analyze(graph))) == head


def test_all_but_the_head_is_frozen_and_thawed_again() -> None:
    graph = small_cnn(norm=True)
    analysis = analyze(graph)
    edited = freeze_all_but(analysis, head_layers(analysis))(graph)
    assert [edited.nodes[id_].layer for id_ in frozen_layers(analyze(edited))] == ["conv2d", "batchnorm2d"]
    assert thaw(analyze(edited))(edited) == graph


def test_freezing_for_another_layer_lets_that_one_learn_again() -> None:
    graph = small_cnn()
    convolution = graph.by_name["conv2d_1"].id
    graph = set_training([convolution], "frozen", True)(set_training([convolution], "learning_rate", 0.1)(graph))
    edited = freeze_all_but(analyze(graph), [convolution])(graph)
    assert dict(edited.nodes[convolution].training) == {"learning_rate": 0.1}
    assert frozen_layers(analyze(edited)) == (graph.by_name["linear_1"].id,)


@pytest.mark.parametrize(("free", "says"), [("relu", "nothing would be left"), ("linear", "no other layers")])
def test_freezing_everything_or_nothing_is_refused(free: str, says: str) -> None:
    graph = chain([("input", {"shape": (4,)}), "relu", ("linear", {"out_features": 3}), "output"])
    with pytest.raises(TrainingError, match=says):
        freeze_all_but(analyze(graph), [graph.by_name[f"{free}_1"].id])


@pytest.mark.parametrize(
    ("template", "options"),
    [("resnet18", {}), ("googlenet", {"auxiliary": True}), ("inception-v3", {"auxiliary": True}), ("chexnet", {}), ("lecture-cnn", {})],
)
def test_every_output_gets_another_number_of_classes(template: str, options: dict[str, bool]) -> None:
    graph = nb.template(template, **options)
    after = analyze(new_head(analyze(graph), 5)(graph))
    assert not after.errors
    ends = [node.id for node in graph.nodes.values() if node.layer == "output"]
    assert {after.answers[id_].inputs[0].shape for id_ in ends} == {(None, 5)}
    assert after.graph.nodes.keys() == graph.nodes.keys()


def test_a_head_without_a_number_of_outputs_is_refused() -> None:
    net = Builder()
    net.add("output", net.add("relu", net.add("input", shape=(4,))), name="end")
    with pytest.raises(TrainingError, match="“end” cannot be made to end in 5 scores"):
        new_head(analyze(net.graph()), 5)
