"""The landscape of a network's loss: heights along lines and planes, and eigenvalues of the Hessian against exact ones."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.func import functional_call

from netbuilder.core.build import chain
from netbuilder.net.compiler import compile_graph
from netbuilder.train.errors import TrainingError
from netbuilder.train.landscape import curvature as curving
from netbuilder.train.landscape.curvature import curvature, products
from netbuilder.train.landscape.grid import explore, landscape
from netbuilder.train.landscape.ground import Ground, ground
from netbuilder.train.landscape.meaning import meaning
from netbuilder.train.landscape.plane import eigen_plane, filter_normalised, line, path_plane, random_plane
from tests.train.material import images, linear, part, points, recipe, small_cnn, values


def laid(graph, data, *, seed=0, samples=512, **settings) -> Ground:
    return ground(compile_graph(graph, seed=seed), graph, data, recipe(**settings), samples=samples)


def result(steps):
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return finished.value


def tiny(*between):
    return chain([("input", {"shape": (2,)}), ("linear", {"out_features": 4}), *between, ("linear", {"out_features": 2}), "output"])


def exact_hessian(found: Ground) -> np.ndarray:
    """By torch.func on a twin in double precision."""
    twin = copy.deepcopy(found.module).double()
    shapes = [(name, weight.shape, weight.numel()) for name, weight in found.weights]

    def loss(vector):
        state, start = {}, 0
        for name, shape, count in shapes:
            state[name] = vector[start : start + count].view(shape)
            start += count
        x, target = found.feeder.gather(torch.arange(found.feeder.count))
        return found.objective(functional_call(twin, state, (x.double(),)), target)[0]

    return torch.func.hessian(loss)(found.here[: found.size].double()).numpy()


@pytest.mark.parametrize("between", [("tanh",), (("batchnorm1d", {}), "gelu"), ("relu", ("dropout", {"p": 0.5}))])
def test_products_are_those_with_the_exact_hessian(between):
    found = laid(tiny(*between), points())
    hessian = exact_hessian(found)
    vector = torch.randn(found.size, generator=torch.Generator().manual_seed(1))
    assert found.product(vector).numpy() == pytest.approx(hessian @ vector.numpy(), rel=1e-3, abs=1e-5)
    assert found._subtracted(vector, None).numpy() == pytest.approx(hessian @ vector.numpy(), rel=5e-2, abs=3e-3)
    assert found.exact


def test_every_eigenvalue_of_a_small_network():
    found = laid(tiny("tanh"), points())
    known = result(curvature(found, 5))
    expected = np.linalg.eigvalsh(exact_hessian(found))[::-1]
    assert known.whole
    assert known.spectrum == pytest.approx(expected, rel=1e-3, abs=1e-5)
    assert known.largest == pytest.approx(expected[:5], rel=1e-3, abs=1e-5)
    assert known.bottom == pytest.approx(expected[-1], rel=1e-3, abs=1e-5)
    assert known.trace == pytest.approx(expected.sum(), rel=1e-3)
    assert known.slope == pytest.approx(float(found.gradient().norm()))


def test_the_ends_of_a_larger_spectrum(monkeypatch):
    found = laid(small_cnn(norm=True), images(count=60))
    expected = np.linalg.eigvalsh(exact_hessian(found))[::-1]
    monkeypatch.setattr(curving, "WHOLE", 0)
    known = result(curvature(found, 4, seed=2))
    assert not known.whole
    assert known.largest == pytest.approx(expected[:4], rel=5e-3)
    assert known.bottom == pytest.approx(expected[-1], abs=2e-3 * expected[0])
    assert abs(known.trace - expected.sum()) < 5 * known.trace_error + 1e-6
    for value, vector in zip(known.largest, known.vectors, strict=True):
        assert float(vector.norm()) == pytest.approx(1.0, rel=1e-3)
        assert float((found.product(vector) - value * vector).norm()) < 0.02 * expected[0]
    rest = math.sqrt(np.square(expected[4:]).mean())
    assert known.others == pytest.approx(rest, rel=0.5)
    assert known.condition == pytest.approx(expected[0] / rest, rel=0.5)


def quadratic(slopes=(1.0, 2.0)) -> Ground:
    """The mean of (w·x)² over x = (s₁, 0) and (0, s₂): the Hessian is diagonal with s²."""
    graph = chain([("input", {"shape": (2,)}), ("linear", {"out_features": 1, "bias": False}), ("output", {"task": "values"})])
    whole = part(np.diag(np.array(slopes, np.float32)), np.zeros(2, np.float32))
    data = replace(values(), train=whole, validation=whole, test=whole)
    return laid(graph, data, loss="mse")


def test_a_quadratic_with_known_eigenvalues():
    known = result(curvature(quadratic((1.0, 3.0))))
    assert known.spectrum == pytest.approx((9.0, 1.0))
    assert (known.shape, known.condition, known.limit) == ("convex", pytest.approx(9.0), pytest.approx(2 / 9))
    assert known.trace == pytest.approx(10.0)


def test_gradient_descent_is_stable_below_two_over_the_largest_eigenvalue():
    found = quadratic((1.0, 3.0))
    limit = result(curvature(found)).limit
    for rate, stays in ((0.95 * limit, True), (1.05 * limit, False)):
        point = torch.tensor([1.0, 1.0])
        for _ in range(200):
            point = point - rate * found.gradient(point)
        assert (float(point.norm()) < 1) is stays


def test_logistic_regression_is_convex_wherever_it_is():
    for seed in range(3):
        known = result(curvature(laid(linear(2, "classes"), points(), seed=seed), 3))
        assert min(known.spectrum) >= -1e-6
        assert known.shape == "convex"


def test_a_network_with_equal_halves_stands_on_a_saddle():
    graph, data = tiny("tanh"), points()
    x = data.train.inputs
    whole = part(np.concatenate((x, -x)), np.concatenate((x.sum(1) > 0, x.sum(1) < 0)).astype(np.int64))
    module = compile_graph(graph)
    with torch.no_grad():
        for weight in module.parameters():
            weight.zero_()
    known = result(curvature(ground(module, graph, replace(data, train=whole), recipe())))
    assert known.shape == "saddle"
    assert known.level


def test_a_layer_that_cannot_be_differentiated_twice(monkeypatch):
    found = laid(tiny("tanh"), points())
    expected = exact_hessian(found)

    def refuse(*_):
        raise RuntimeError("derivative for aten::something_backward is not implemented")

    monkeypatch.setattr(found, "_differentiated", refuse)
    known = result(curvature(found, 3))
    assert not known.exact
    assert known.largest == pytest.approx(np.linalg.eigvalsh(expected)[::-1][:3], rel=2e-2)


@pytest.mark.parametrize(
    "layers",
    [
        [("input", {"shape": (6, 8)}), ("lstm", {"hidden_size": 5}), "flatten"],
        [("input", {"shape": (6, 8)}), ("gru", {"hidden_size": 5}), "flatten"],
        [("input", {"shape": (6, 8)}), ("transformerencoderlayer", {"nhead": 2, "dim_feedforward": 8}), "flatten"],
    ],
)
def test_recurrent_and_attention_layers_have_a_curvature(layers):
    graph = chain([*layers, ("linear", {"out_features": 3}), "output"])
    random = np.random.default_rng(0)
    whole = part(random.normal(size=(12, 6, 8)).astype(np.float32), random.integers(0, 3, 12))
    data = replace(images(), train=whole, validation=whole, test=whole)
    found = laid(graph, replace(data, normalisation=points().normalisation))
    vector = torch.randn(found.size, generator=torch.Generator().manual_seed(0))
    step = 0.02 / float(vector.norm())
    ahead, behind = found.here.clone(), found.here.clone()
    ahead[: found.size] += step * vector
    behind[: found.size] -= step * vector
    expected = (found.gradient(ahead) - found.gradient(behind)) / (2 * step)
    assert float((found.product(vector) - expected).norm()) < 0.05 * float(expected.norm())


def test_filters_are_as_long_as_those_of_the_network():
    found = laid(small_cnn(norm=True), images())
    drawn = torch.randn(found.size, generator=torch.Generator().manual_seed(3))
    axis, start = filter_normalised(found, drawn), 0
    for _, weight in found.weights:
        piece = axis[start : start + weight.numel()].view(weight.shape)
        raw = drawn[start : start + weight.numel()].view(weight.shape)
        start += weight.numel()
        if weight.dim() == 1:
            assert not piece.any()
            continue
        for mine, own, before in zip(piece, weight.detach(), raw, strict=True):
            assert float(mine.norm()) == pytest.approx(float(own.norm()), rel=1e-5)
            assert torch.allclose(mine, before * own.norm() / before.norm(), atol=1e-6)


def test_the_middle_is_the_networks_own_loss_and_nothing_is_touched():
    graph, data = small_cnn(norm=True, dropout=True), images()
    module = compile_graph(graph, seed=5)
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    noise = torch.get_rng_state()
    found = ground(copy.deepcopy(module), graph, data, recipe(), samples=50)
    grid = landscape(random_plane(found, 2, seed=1), 9, 0.5)
    for height in explore(found, grid):
        if height is not None:
            grid.put(height)
    assert grid.done == grid.total == 81
    assert grid.losses[4, 4] == pytest.approx(found.metrics().loss, rel=1e-6)
    assert grid.errors[4, 4] == pytest.approx(1 - found.metrics().accuracy)
    assert all(bool((tensor == before[name]).all()) for name, tensor in module.state_dict().items())
    assert bool((noise == torch.get_rng_state()).all())
    again = ground(copy.deepcopy(module), graph, data, recipe(), samples=50)
    other = landscape(random_plane(again, 2, seed=1), 9, 0.5)
    for height in explore(again, other):
        if height is not None:
            other.put(height)
    assert (other.losses == grid.losses).all()
    assert not torch.equal(random_plane(found, 1, seed=2).axes[0], grid.plane.axes[0])


def test_a_picture_is_whole_from_its_first_places_on():
    found = laid(linear(2, "classes"), points())
    grid = landscape(random_plane(found, 2, seed=0), 16, 1.0)
    assert grid.seen.shape == (17, 17)
    steps = explore(found, grid)
    for count in range(1, 12):
        height = next(steps)
        assert height is not None
        grid.put(height)
        if count == 8:
            assert grid.filled()[1, 2] == grid.losses[0, 0]
    filled = grid.filled()
    assert np.isfinite(filled).all()
    assert filled[8, 12] == pytest.approx((grid.losses[8, 8] + grid.losses[8, 16]) / 2)
    assert filled[0, 4] == grid.losses[0, 4] != (grid.losses[0, 0] + grid.losses[0, 8]) / 2
    rows = grid.csv().splitlines()
    assert rows[0] == "x,y,loss,error"
    assert len(rows) == 12


def test_the_line_ends_at_the_losses_of_both_checkpoints():
    graph, data = small_cnn(norm=True), images()
    first, last = compile_graph(graph, seed=1), compile_graph(graph, seed=2)
    with torch.no_grad():
        for name, buffer in last.named_buffers():
            if name.endswith("running_var"):
                buffer.mul_(1.5)
    found = ground(copy.deepcopy(last), graph, data, recipe())
    ends = [found.point(module.state_dict()) for module in (first, last)]
    way = line(found, *ends, ("before", "after"))
    grid = landscape(way, 25)
    for height in explore(found, grid):
        if height is not None:
            grid.put(height)
    assert grid.flat
    for module, place in ((first, 0.0), (last, 1.0)):
        column = int(np.abs(grid.x - place).argmin())
        assert grid.x[column] == pytest.approx(place)
        own = ground(copy.deepcopy(module), graph, data, recipe()).metrics().loss
        assert grid.losses[0, column] == pytest.approx(own, rel=1e-5)
    assert np.isfinite(grid.losses).all()
    with pytest.raises(TrainingError, match="same weights"):
        line(found, ends[0], ends[0])


def test_curvature_along_an_eigenvector_is_its_eigenvalue():
    found = laid(tiny("tanh"), points())
    known = result(curvature(found, 2))
    plane = eigen_plane(found, known, 2)
    step = 0.05
    for axis, value in enumerate(known.largest[:2]):
        there = [found.metrics(plane.at(*(side * step * (n == axis) for n in range(2)))).loss for side in (-1, 0, 1)]
        assert (there[0] - 2 * there[1] + there[2]) / step**2 == pytest.approx(value, rel=0.05)


def test_the_path_lies_on_its_own_plane_and_hardly_on_a_random_one():
    found = laid(small_cnn(), images())
    random = torch.Generator().manual_seed(0)
    ways = [torch.cat((torch.randn(found.size, generator=random), torch.zeros(found.tail))) for _ in range(2)]
    path = [found.here + 3 * ways[0], found.here + ways[0] + ways[1], found.here]
    plane = path_plane(found, path, 2)
    for point in path:
        place, left = plane.project(point)
        assert left < 1e-3
        assert all(low < value < high for value, (low, high) in zip(place, plane.window, strict=True))
        assert float((plane.at(*place) - point).norm()) < 1e-2
    assert plane.project(path[0])[0] != pytest.approx((0.0, 0.0), abs=0.5)
    assert random_plane(found, 2, 7).project(path[0])[1] > 0.9
    with pytest.raises(TrainingError, match="too few for a plane"):
        path_plane(found, path[:1], 2)
    assert len(path_plane(found, path[:1], 1).axes) == 1


def test_frozen_layers_do_not_move():
    from netbuilder.core.edits import set_training

    graph = tiny("tanh")
    first = next(node.id for node in graph.nodes.values() if node.layer == "linear")
    graph = set_training([first], "frozen", True)(graph)
    assert laid(graph, points()).size == 4 * 2 + 2


def test_bad_input_is_refused_with_a_sentence():
    found = laid(tiny("tanh"), points())
    plane = random_plane(found, 1, 0)
    for reach in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(TrainingError, match="range"):
            landscape(plane, 9, reach)
    graph = tiny("tanh")
    broken = compile_graph(graph)
    with torch.no_grad():
        next(broken.parameters())[0, 0] = math.nan
    with pytest.raises(TrainingError, match="diverged"):
        ground(broken, graph, points(), recipe())
    empty = replace(points(), train=part(np.zeros((0, 2), np.float32), np.zeros(0, np.int64)))
    with pytest.raises(TrainingError, match="no training samples"):
        laid(graph, empty)
    with pytest.raises(TrainingError, match="another network"):
        found.point(compile_graph(linear(2, "classes")).state_dict())
    with torch.no_grad():
        for weight in (zero := compile_graph(graph)).parameters():
            weight.zero_()
    still = ground(zero, graph, points(), recipe())
    with pytest.raises(TrainingError, match="are 0"):
        random_plane(still, 2, 0)


def test_a_huge_network_is_told_that_its_curvature_takes_too_much_memory(monkeypatch):
    found = laid(tiny("tanh"), points())
    monkeypatch.setattr(curving, "WHOLE", 0)
    monkeypatch.setattr(curving, "MEMORY", 4 * found.size * 7)
    with pytest.raises(TrainingError, match="takes more memory"):
        products(found)


def test_time_is_measured_before_the_start():
    found = laid(small_cnn(), images())
    assert 0 < found.look_seconds() < 5
    assert 0 < found.product_seconds() < 20


def test_the_curvature_is_told_in_sentences(monkeypatch):
    settings = recipe(loss="mse", optimizer={"name": "sgd", "learning_rate": 0.1, "momentum": 0.5})
    told = " ".join(meaning(result(curvature(quadratic((1.0, 3.0)))), settings))
    assert "Convex at this point" in told
    assert "2/λ₁ = 0.22 (with momentum 0.5: (2 + 2·0.5)/λ₁ = 0.33)" in told
    assert "The recipe's rate is 0.1" in told
    assert "condition number is 9:" in told
    adam = " ".join(meaning(result(curvature(quadratic((1.0, 0.0)))), recipe(loss="mse", optimizer="adam")))
    assert "Adam has rates of its own" in adam
    assert "infinite" in adam
    found = laid(tiny(("hardsigmoid", {})), points())
    told = " ".join(meaning(result(curvature(found)), recipe()))
    assert not found.exact
    assert "cannot be differentiated twice" in told
    assert "downhill" in told
    ends = laid(small_cnn(), images())
    monkeypatch.setattr(curving, "WHOLE", 0)
    assert "at least" in " ".join(meaning(result(curvature(ends, 3)), recipe()))
