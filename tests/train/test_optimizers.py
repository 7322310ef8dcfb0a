"""Optimizers take the steps that torch or their papers prescribe; groups of weights have rates of their own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from netbuilder.train.optimizers import OPTIMIZERS

SETTINGS = [
    {"name": "sgd", "learning_rate": 0.1, "momentum": 0.0, "weight_decay": 0.0},
    {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01, "dampening": 0.2},
    {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True},
    {"name": "adam", "learning_rate": 0.05, "weight_decay": 0.02},
    {"name": "adamw", "learning_rate": 0.05, "weight_decay": 0.1},
    {"name": "rmsprop", "learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.01},
    {"name": "rmsprop", "learning_rate": 0.05, "centered": True},
]


def ours(settings, start, steps):
    """Weights after each step on the loss Σ w⁴ / 4, whose gradient is w³."""
    weight = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
    optimizer = OPTIMIZERS.read(settings).build([weight], torch.device("cpu"))
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        (weight**4 / 4).sum().backward()
        optimizer.step()
        path.append(weight.detach().numpy().copy())
    return np.array(path)


def textbook(settings, start, steps):
    """The published update rules, in double precision."""
    value = {field: getattr(OPTIMIZERS.read(settings), field) for field in OPTIMIZERS.read(settings).__struct_fields__}
    rate, decay, name = value["learning_rate"], value["weight_decay"], settings["name"]
    w = np.array(start, dtype=np.float64)
    first, second, mean, path = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w), []
    for t in range(1, steps + 1):
        g = w**3
        if name == "adamw":
            w = w - rate * decay * w
        else:
            g = g + decay * w
        if name == "sgd":
            first = g if t == 1 else value["momentum"] * first + (1 - value["dampening"]) * g
            move = g + value["momentum"] * first if value["nesterov"] else first if value["momentum"] else g
            w = w - rate * move
        elif name == "rmsprop":
            second = value["alpha"] * second + (1 - value["alpha"]) * g**2
            mean = value["alpha"] * mean + (1 - value["alpha"]) * g
            spread = np.sqrt(second - mean**2 if value["centered"] else second) + value["epsilon"]
            first = value["momentum"] * first + g / spread
            w = w - rate * first
        else:
            first = value["beta1"] * first + (1 - value["beta1"]) * g
            second = value["beta2"] * second + (1 - value["beta2"]) * g**2
            w = w - rate * (first / (1 - value["beta1"] ** t)) / (np.sqrt(second / (1 - value["beta2"] ** t)) + value["epsilon"])
        path.append(w)
    return np.array(path)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: "-".join(str(v) for v in s.values()))
def test_every_optimizer_follows_its_published_rule(settings):
    start = [0.7, -1.2, 0.3]
    np.testing.assert_allclose(ours(settings, start, 8), textbook(settings, start, 8), rtol=2e-4, atol=1e-6)


def proximal_adagrad(value, w, steps):
    """Duchi et al. 2011: a step at AdaGrad's rate, then soft thresholding."""
    squares = np.full_like(w, value.initial)
    for _ in range(steps):
        g = w**3
        squares = squares + g**2
        rate = value.learning_rate / np.sqrt(squares)
        moved = w - rate * g
        w = np.sign(moved) * np.maximum(np.abs(moved) - rate * value.l1, 0) / (1 + rate * value.l2)
        yield w


def ftrl(value, w, steps):
    """McMahan et al. 2013, algorithm 1, from weights whose z makes them the leader."""
    n, alpha = np.zeros_like(w), value.learning_rate
    z = -value.beta / alpha * w
    for _ in range(steps):
        g = w**3
        sigma = (np.sqrt(n + g**2) - np.sqrt(n)) / alpha
        z = z + g - sigma * w
        n = n + g**2
        strength = (value.beta + np.sqrt(n)) / alpha + value.l2
        w = np.where(np.abs(z) <= value.l1, 0.0, -(z - np.sign(z) * value.l1) / strength)
        yield w


PUBLISHED = {"proximal-adagrad": proximal_adagrad, "ftrl": ftrl}
PENALISED = [{"name": name, "learning_rate": 0.3, "l1": 0.05, "l2": 0.1} for name in PUBLISHED]


@pytest.mark.parametrize("settings", PENALISED, ids=lambda s: s["name"])
def test_optimizers_that_torch_lacks_follow_their_papers(settings):
    start = [0.7, -1.2, 0.01]
    wanted = list(PUBLISHED[settings["name"]](OPTIMIZERS.read(settings), np.array(start), 12))
    path = ours(settings, start, 12)
    np.testing.assert_allclose(path, wanted, rtol=2e-4, atol=1e-6)
    assert path[-1][2] == 0.0


TORCHS = {
    "nadam": (torch.optim.NAdam, {"momentum_decay": 0.01, "weight_decay": 0.02}),
    "radam": (torch.optim.RAdam, {"weight_decay": 0.02}),
    "adamax": (torch.optim.Adamax, {"weight_decay": 0.02}),
    "adagrad": (torch.optim.Adagrad, {"weight_decay": 0.02}),
    "adadelta": (torch.optim.Adadelta, {"rho": 0.8, "weight_decay": 0.02}),
}


@pytest.mark.parametrize("name", TORCHS)
def test_optimizers_follow_torch_with_the_same_settings(name):
    kind, settings = TORCHS[name]
    weight = torch.nn.Parameter(torch.tensor([0.7, -1.2, 0.3]))
    theirs, path = kind([weight], lr=0.05, foreach=False, **settings), []
    for _ in range(9):
        theirs.zero_grad()
        (weight**4 / 4).sum().backward()
        theirs.step()
        path.append(weight.detach().numpy().copy())
    np.testing.assert_allclose(ours({"name": name, "learning_rate": 0.05, **settings}, [0.7, -1.2, 0.3], 9), path, rtol=1e-5, atol=1e-7)


def descend(optimizer, weights, loss, steps, closure=False):
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(*weights)
        value.backward()
        optimizer.step((lambda value=value: value) if closure else None)
    return [weight.detach() for weight in weights]


def valley(x, y):
    return (1 - x).square().sum() + 5 * (y - x * x).square().sum()


def pair():
    return [torch.nn.Parameter(torch.tensor([-0.5, 0.2])), torch.nn.Parameter(torch.tensor([0.4, 0.9]))]


def test_lbfgs_takes_the_iterations_of_torch():
    one, two = pair(), pair()
    theirs = torch.optim.LBFGS(two, lr=0.5, max_iter=1, history_size=4)
    wanted = descend(theirs, two, valley, 15, closure=True)
    found = descend(OPTIMIZERS.read({"name": "lbfgs", "history": 4}).build(one, torch.device("cpu")), one, valley, 15)
    for mine, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-5)
    assert valley(*found) < 0.1 * valley(*pair())


@pytest.mark.parametrize("shape", [(6, 3), (3, 7)])
@pytest.mark.parametrize("nesterov", [True, False])
def test_muon_is_torchs_for_matrices_and_adamw_for_vectors(shape, nesterov):
    def start():
        torch.manual_seed(1)
        return [torch.nn.Parameter(torch.randn(shape)), torch.nn.Parameter(torch.randn(5))]

    def loss(matrix, vector):
        return (matrix**4).sum() + (vector**4).sum()

    matrix, vector = start()
    descend(torch.optim.Muon([matrix], lr=0.1, weight_decay=0.02, nesterov=nesterov), [matrix, vector], loss, 4)
    vector.grad = None
    descend(torch.optim.AdamW([vector], lr=0.005, betas=(0.9, 0.95), weight_decay=0.02), [start()[0], vector], loss, 4)
    mine = start()
    settings = {"name": "muon", "learning_rate": 0.1, "weight_decay": 0.02, "nesterov": nesterov, "vector_rate": 0.05}
    descend(OPTIMIZERS.read(settings).build(mine, torch.device("cpu")), mine, loss, 4)
    torch.testing.assert_close(mine[0], matrix, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(mine[1], vector, rtol=1e-5, atol=1e-6)


def test_muon_takes_kernels_as_matrices():
    torch.manual_seed(0)
    kernel = torch.nn.Parameter(torch.randn(4, 2, 3, 3))
    matrix = torch.nn.Parameter(kernel.detach().flatten(1).clone())
    for weight in (kernel, matrix):
        descend(OPTIMIZERS.read("muon").build([weight], torch.device("cpu")), [weight], lambda w: (w**4).sum(), 3)
    assert torch.equal(kernel.flatten(1), matrix)


def test_every_declared_optimizer_is_tested():
    tested = {settings["name"] for settings in (*SETTINGS, *PENALISED)} | {*TORCHS, "lbfgs", "muon"}
    assert tested == set(OPTIMIZERS.all())


@pytest.mark.parametrize("name", OPTIMIZERS.all())
def test_groups_have_rates_of_their_own(name):
    fast, slow = torch.nn.Parameter(torch.ones(3, 3)), torch.nn.Parameter(torch.ones(3, 3))
    settings = {"name": name, "learning_rate": 0.1}
    optimizer = OPTIMIZERS.read(settings).build([{"params": [fast]}, {"params": [slow], "factor": 0.1}], torch.device("cpu"))
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.1, 0.01])
    descend(optimizer, [fast, slow], lambda a, b: (a**2).sum() + (b**2).sum(), 1)
    assert (1 - fast).abs().sum() > 5 * (1 - slow).abs().sum() > 0


def test_x_squared_from_two():
    x = torch.nn.Parameter(torch.tensor(2.0))
    optimizer = OPTIMIZERS.read({"name": "sgd", "learning_rate": 0.2, "momentum": 0.0, "weight_decay": 0.0}).build([x], torch.device("cpu"))
    seen = []
    for _ in range(4):
        optimizer.zero_grad()
        (x**2).backward()
        optimizer.step()
        seen.append(x.item())
    assert seen == pytest.approx([1.2, 0.72, 0.432, 0.2592], rel=1e-6)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings["name"])
def test_where_torch_refuses_the_fast_way_the_plain_one_is_taken(settings, monkeypatch):
    kind = getattr(torch.optim, OPTIMIZERS.read(settings).torch_name())
    usual = kind.__init__

    def refusing(self, *args, **options):
        if options.get("fused") or options.get("foreach") or isinstance(options["lr"], torch.Tensor):
            raise RuntimeError("not for this device")
        usual(self, *args, **options)

    monkeypatch.setattr(kind, "__init__", refusing)
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = OPTIMIZERS.read(settings).build([weight], torch.device("cpu"), capturable=True)
    assert optimizer.param_groups[0]["lr"] == settings["learning_rate"]
    (weight**2).sum().backward()
    optimizer.step()
    assert (weight < 1).all()


@pytest.mark.parametrize("settings", [each for each in SETTINGS if each["name"] == "sgd"])
def test_the_short_way_of_sgd_is_bit_for_bit_that_of_torch(settings):
    generator = torch.Generator().manual_seed(1)
    start = [torch.randn(shape, generator=generator) for shape in ((8, 3, 3, 3), (8,), (5, 40))]
    pushes = [[torch.randn(w.shape, generator=generator) for w in start] for _ in range(4)]
    chosen = OPTIMIZERS.read(settings)
    found = []
    for make in (lambda w: chosen.build(w, torch.device("cpu")), lambda w: torch.optim.SGD(w, lr=0.1, fused=True, **chosen.arguments())):
        weights = [torch.nn.Parameter(w.clone()) for w in start]
        optimizer = make(weights)
        for number, gradients in enumerate(pushes):
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.grad = gradient.clone()
            if number == 2:  # a weight that a batch leaves out stays where it is
                weights[1].grad = None
            optimizer.step()
        found.append(weights)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(*found, strict=True))
