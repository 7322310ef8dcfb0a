"""How the steps of one training run on a CPU: the choice is remembered or measured, and put into force."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from netbuilder import paths
from netbuilder.train import seeding
from netbuilder.train.devices import cpu_cores
from netbuilder.train.recipe import Recipe
from netbuilder.train.speed import tuning
from netbuilder.train.speed.shards import SMALLEST, divisible
from netbuilder.train.speed.tuning import Execution

if TYPE_CHECKING:
    from netbuilder.train.stepper import PlainStepper

MEASURE_FROM = 100
"""Runs of fewer steps are over before a measurement would pay."""


def apply(plain: PlainStepper, execution: Execution) -> None:
    """Put threads and memory layout into force; values stay bit for bit the same."""
    import torch

    if plain.device.type == "cpu":
        torch.set_num_threads(execution.threads)
        plain.share(execution.shards)
        plain.lay_out(execution.batch_last)
    if plain.feeder.channels_last != execution.channels_last:
        layout = torch.channels_last if execution.channels_last else torch.contiguous_format
        for parameter in plain.module.parameters():
            if parameter.dim() == 4:
                parameter.data = parameter.data.contiguous(memory_format=layout)
        plain.feeder.channels_last = execution.channels_last


def choose(plain: PlainStepper, recipe: Recipe) -> Execution:
    """The remembered choice for this network and machine, or a measured one. Leaves no trace in weights, statistics or randomness."""
    import torch

    cores = recipe.threads or cpu_cores()
    if plain.feeder.steps * recipe.epochs < MEASURE_FROM:
        return Execution(recipe.threads or min(torch.get_num_threads(), cores))
    x, _ = plain.feeder.gather(torch.zeros(2, dtype=torch.int64))
    shapes = tuple(tuple(each.shape) for each in (x if isinstance(x, tuple) else (x,)))
    facts = (str(plain.module), shapes, recipe.batch_size, recipe.precision, cores, recipe.threads, torch.__version__)
    memory, name = tuning.Memory(paths.home("tuning.json")), tuning.key(*facts)
    busy = not tuning.quiet(cores)
    known = memory.recall(name, busy=busy)
    if known is not None:
        return known
    plain.module.train()
    shared = plain.feeder.batch_size >= SMALLEST * cores and divisible(plain.module, x)
    options = tuning.candidates(cores, any(len(shape) == 4 for shape in shapes), shared, plain.lay_out(True))
    if recipe.threads:
        options = [option for option in options if option.threads * option.shards == recipe.threads]
    try:
        choice = _measured(plain, options)
    except (RuntimeError, ValueError, MemoryError):
        return Execution(cores)  # the first real step will say what is wrong
    memory.note(name, choice, busy=busy)
    return choice


def _measured(plain: PlainStepper, options: list[Execution]) -> Execution:
    import torch

    index = plain.feeder.indices(0)[0]
    randomness = seeding.states(plain.device)
    buffers = [buffer.clone() for buffer in plain.module.buffers()]
    threads = torch.get_num_threads()
    plain.module.train()

    def trial(option: Execution) -> float:
        apply(plain, option)
        start = perf_counter()
        plain.backward(index)
        return perf_counter() - start

    try:
        return tuning.measure(options, trial)
    finally:
        apply(plain, Execution(threads))
        plain.chain = None
        plain.optimizer.zero_grad(set_to_none=True)
        for buffer, old in zip(plain.module.buffers(), buffers, strict=True):
            buffer.copy_(old)
        seeding.restore(randomness, plain.device)
