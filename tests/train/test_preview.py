"""Looks into a network while it learns: right, no more often than asked for, and without a trace."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.core.build import Builder, chain
from netbuilder.core.graph import Block
from netbuilder.net.compiler import compile_graph
from netbuilder.net.passing import PLAIN, Passing
from netbuilder.train.engine import Engine
from netbuilder.train.events import Preview
from netbuilder.train.inside_blocks import entering, mean
from netbuilder.train.layer_survey import dead_units, output_statistics
from netbuilder.train.preview import Watch
from tests.train.material import images, of, recipe, same_weights, small_cnn, stepwise, train

GRAPH = small_cnn(norm=True, dropout=True)
IDS = {node.name: node.id for node in GRAPH.nodes.values()}


def looking(**fields):
    return Watch(rate=1e9, **fields)


def run(watch, steps=5):
    engine = Engine(GRAPH, images(), recipe(), watch=watch)
    events = stepwise(engine)
    found = []
    for event in events:
        found.append(event)
        if engine.progress.step >= steps and isinstance(event, Preview):
            break
        if engine.progress.step > steps:
            break
    events.close()
    return engine, found


def test_nothing_watched_nothing_shown():
    assert not of(Preview, run(Watch(rate=1e9))[1])


def test_filters_and_maps_are_those_of_the_network():
    engine, events = run(
        looking(nodes=frozenset({IDS["conv2d_1"], IDS["relu_1"]}), filters=frozenset({IDS["conv2d_1"]}), gradients=True, sample=4)
    )
    last = of(Preview, events)[-1]
    assert last.filters.keys() == {IDS["conv2d_1"]}
    np.testing.assert_array_equal(last.filters[IDS["conv2d_1"]], engine.module.conv2d_1.weight.detach().numpy())
    x = (torch.tensor(images().test.inputs[4:5]) / 255 - 0.3) / 0.3
    engine.module.eval()
    np.testing.assert_allclose(last.maps[IDS["conv2d_1"]], engine.module.conv2d_1(x)[0].detach(), rtol=1e-4, atol=1e-5)
    assert last.maps[IDS["relu_1"]].min() >= 0
    assert last.gradients[IDS["conv2d_1"]] > 0
    assert last.sample == 4


@pytest.mark.parametrize("passing", [PLAIN, Passing(2, -1, training=True)])
def test_looking_does_not_change_the_result(passing):
    watch = looking(passing=passing, nodes=frozenset(IDS.values()), filters=frozenset(IDS.values()), gradients=True)
    watched, events = train(GRAPH, images(), engine={"watch": watch})
    alone, _ = train(GRAPH, images())
    assert of(Preview, events)
    assert same_weights(watched.module, alone.module)


def test_a_sample_that_is_not_there_is_the_last_one():
    _, events = run(looking(nodes=frozenset({IDS["conv2d_1"]}), sample=10**9))
    assert of(Preview, events)[0].sample == 29


def test_the_rate_is_kept():
    _, events = train(GRAPH, images(), engine={"watch": Watch(filters=frozenset({IDS["conv2d_1"]}), rate=0.001)}, epochs=4)
    assert len(of(Preview, events)) == 1


def test_arrays_stay_as_they_were():
    _, events = run(looking(filters=frozenset({IDS["conv2d_1"]})))
    shown = [event.filters[IDS["conv2d_1"]] for event in of(Preview, events)]
    assert not np.array_equal(shown[0], shown[-1])


def test_times_and_dead_units_are_measured_only_when_asked_for_and_change_nothing():
    _, events = run(looking(times=True, dead=True))
    last = of(Preview, events)[0]
    assert last.times.keys() >= {IDS["conv2d_1"], IDS["relu_1"]}
    assert IDS["output_1"] not in last.times, "what leads on costs nothing; its time is that of the layer before"
    assert all(0 <= seconds < 1 for seconds in last.times.values())
    assert IDS["relu_1"] in last.dead
    assert all(0 <= share <= 1 for share in last.dead.values())
    watched, _ = train(GRAPH, images(), engine={"watch": looking(times=True, dead=True)})
    alone, _ = train(GRAPH, images())
    assert same_weights(watched.module, alone.module)


def test_dead_units_are_those_that_are_zero_for_every_sample_and_place():
    graph = chain([("input", {"shape": (2, 3, 3)}), ("conv2d", {"out_channels": 4, "kernel_size": 1}), "relu", "output"])
    module = compile_graph(graph)
    with torch.no_grad():
        module.conv2d_1.weight.zero_()
        module.conv2d_1.bias.copy_(torch.tensor([-1.0, -1.0, -1.0, 1.0]))
    assert dead_units(module, torch.zeros(5, 2, 3, 3)) == {"n3": 0.75}


def test_saturated_units_and_outputs_are_measured_only_when_asked_for_and_change_nothing():
    _, events = run(looking(saturated=True))
    last = of(Preview, events)[0]
    assert last.outputs.keys() >= {IDS["conv2d_1"], IDS["relu_1"]}
    assert not last.saturated, "ReLU squeezes nothing between two limits"
    assert not of(Preview, run(looking(dead=True))[1])[0].outputs
    watched, _ = train(GRAPH, images(), engine={"watch": looking(saturated=True)})
    alone, _ = train(GRAPH, images())
    assert same_weights(watched.module, alone.module)


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        ("tanh", torch.tanh),
        ("sigmoid", torch.sigmoid),
        ("softsign", torch.nn.functional.softsign),
        (("scaledtanh", {"amplitude": 1.7159, "slope": 0.5}), lambda x: 1.7159 * torch.tanh(0.5 * x)),
        ("hardsigmoid", torch.nn.functional.hardsigmoid),
        (("hardtanh", {"min_val": -0.3, "max_val": 0.1}), lambda x: x.clamp(-0.3, 0.1)),
    ],
)
def test_saturated_units_are_those_where_the_slope_is_at_most_a_twentieth_of_the_steepest(layer, function):
    graph = chain([("input", {"shape": (2, 3, 3)}), ("conv2d", {"out_channels": 4, "kernel_size": 1}), layer, "output"])
    module = compile_graph(graph)
    with torch.no_grad():
        module.conv2d_1.weight.mul_(8)
        x = torch.randn(16, 2, 3, 3, generator=torch.Generator().manual_seed(5))
        outputs, saturated = output_statistics(module, x)
    before = torch.einsum("oi,nihw->nohw", module.conv2d_1.weight[:, :, 0, 0], x) + module.conv2d_1.bias[:, None, None]
    before = before.detach().double().requires_grad_()
    after = function(before)
    (slope,) = torch.autograd.grad(after.sum(), before)
    grid = torch.linspace(-0.05, 0.05, 101, dtype=torch.float64, requires_grad=True)
    (around,) = torch.autograd.grad(function(grid).sum(), grid)
    expected = (slope <= 0.05 * around.max()).double().mean().item()
    assert 0 < expected < 1
    assert saturated == {"n3": pytest.approx(expected, abs=1e-6)}
    assert outputs["n2"] == pytest.approx((before.mean().item(), before.std(correction=0).item()), abs=1e-5)
    assert outputs["n3"] == pytest.approx((after.mean().item(), after.std(correction=0).item()), abs=1e-5)


def test_a_survey_of_many_samples_waits_until_it_was_a_small_share_of_the_time():
    _, events = run(looking(times=True, gradients=True), steps=30)
    surveys = [event for event in of(Preview, events) if event.times]
    assert len(surveys) < len(of(Preview, events))


def test_figures_inside_an_opened_block_are_those_of_its_layers_on_average_over_the_repeats():
    inner = chain(["input", ("conv2d", {"out_channels": 2, "kernel_size": 3, "padding": 1}), "tanh", "output"])
    net = Builder()
    narrow = net.add("conv2d", net.add("input", shape=(1, 8, 8)), out_channels=2, kernel_size=1)
    use = net.use(Block("Pair", inner), narrow, repeat=2)
    net.add("output", net.add("linear", net.add("flatten", use), out_features=3))
    graph = net.graph()
    block = next(node for node in graph.nodes.values() if node.layer == "block")
    watch = looking(times=True, saturated=True, gradients=True, dead=True, inside=(block.id,))
    engine = Engine(graph, images(), recipe(), watch=watch)
    last = next(event for event in stepwise(engine) if isinstance(event, Preview) and event.outputs)
    conv, tanh = (node.id for node in inner.nodes.values() if node.layer in ("conv2d", "tanh"))
    assert last.inside == (block.id,)
    assert last.gradients.keys() == {conv}
    assert last.times.keys() >= {conv, tanh}
    assert last.saturated.keys() == last.dead.keys() == {tanh}
    assert last.outputs.keys() >= {conv, tanh}
    module = compile_graph(graph, seed=0)
    x = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    met = entering(module, (block.id,), x)
    assert len(met) == 2
    (first, given), (second, passed) = met
    torch.testing.assert_close(first(given), passed[0])
    expected = [part(arrives).mean().item() for part, arrives in ((first, given), (second, passed))]
    found = mean(output_statistics(part, arrives)[0] for part, arrives in met)
    assert found[tanh][0] == pytest.approx(sum(expected) / 2, abs=1e-6)
    assert entering(module, ("nowhere",), x) == []
