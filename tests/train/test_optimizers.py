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


def test_every_declared_optimizer_is_tested():
    assert {settings["name"] for settings in SETTINGS} == set(OPTIMIZERS.all())


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
