"""LeNet-5 on MNIST: images per second of the engine against a plain `DataLoader` script, alternating in one process."""

from __future__ import annotations

import statistics
from time import perf_counter

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from netbuilder.data.load import load
from netbuilder.net.compiler import compile_graph
from netbuilder.templates import template
from netbuilder.train.engine import Engine
from netbuilder.train.events import StepsLogged
from netbuilder.train.recipe import Recipe

ROUNDS = 5
SECONDS = 3.0


def plain_script(graph, data):
    """A generator that trains for `SECONDS` and yields images per second."""
    part, scale = data.train, data.normalisation
    inputs = (torch.from_numpy(part.inputs).float() * scale.scale - scale.mean[0]) / scale.std[0]
    loader = DataLoader(TensorDataset(inputs, torch.from_numpy(part.targets)), batch_size=64, shuffle=True)
    module = compile_graph(graph, seed=0)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    done, start = 0, perf_counter()
    while True:
        for x, y in loader:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(module(x), y).backward()
            optimizer.step()
            done += len(y)
            if perf_counter() - start > SECONDS:
                yield done / (perf_counter() - start)
                done, start = 0, perf_counter()


def engine(run):
    """The same for the engine, over whatever it yields, validation left out."""
    done, start, before = 0, perf_counter(), 0
    for event in run:
        if isinstance(event, StepsLogged):
            done, before = done + (event.step - before) * 64, event.step
            if perf_counter() - start > SECONDS:
                yield done / (perf_counter() - start)
                done, start = 0, perf_counter()
        else:
            done, start = 0, perf_counter()


@pytest.mark.benchmark
def test_training_speed_against_a_plain_script():
    graph, data = template("lenet5"), load({"source": {"name": "mnist"}})
    threads = torch.get_num_threads()
    run = Engine(graph, data, Recipe.read({"device": "cpu"})).run()
    started = next(run)
    chosen = torch.get_num_threads()
    ours, theirs = engine(run), plain_script(graph, data)
    rates = []
    for _ in range(ROUNDS):
        torch.set_num_threads(threads)
        slow = next(theirs)
        torch.set_num_threads(chosen)
        rates.append((next(ours), slow))
    run.close()
    ratios = [fast / slow for fast, slow in rates]
    print(f"\nchosen: {started.notes[-1]}; script: {threads} threads")
    print("images/s engine | script | ratio:", " · ".join(f"{f:,.0f} | {s:,.0f} | {f / s:.2f}" for f, s in rates))
    print(f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f} (aim: 1.3)")
    assert min(rates[0]) > 0
