"""From a graph, a data set and a recipe to everything that a training step needs, or a sentence why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset, Normalisation, Part
from netbuilder.data.feeder import Feeder
from netbuilder.train import seeding
from netbuilder.train.checkpointing.snapshot import load_matching
from netbuilder.train.devices import Device, pick
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.evaluate import BATCH, evaluating, output_shapes
from netbuilder.train.events import Warned
from netbuilder.train.fitting import require
from netbuilder.train.heads import heads
from netbuilder.train.initialisers import initialise
from netbuilder.train.objective import Objective
from netbuilder.train.penalties import Penalties, begin, checked, freeze, groups
from netbuilder.train.recipe import Recipe
from netbuilder.train.speed.allocator import give_back, keep_memory
from netbuilder.train.speed.execution import apply, choose
from netbuilder.train.speed.tuning import Execution
from netbuilder.train.stepper import PlainStepper, stepper

if TYPE_CHECKING:
    import torch

    from netbuilder.train.distributed import Team


@dataclass
class Setup:
    """All parts of a run, on their device. `validation` is `None` when the data has no such part."""

    module: torch.nn.Module
    device: torch.device
    feeder: Feeder
    validation: Feeder | None
    sample: Part
    normalisation: Normalisation
    objective: Objective
    optimizer: torch.optim.Optimizer
    stepper: PlainStepper
    execution: Execution
    notes: tuple[str, ...]
    warnings: list[Warned] = field(default_factory=list)

    @cached_property
    def watched(self) -> Feeder:
        """Feeds the watched sample; made when somebody first looks."""
        last = self.feeder.channels_last
        return Feeder(self.sample, self.normalisation, 1, device=self.device, shuffle=False, channels_last=last, resident=False)

    def first_loss(self, epoch: int) -> float:
        """The loss of an epoch's first batch before anything is learned, in evaluation mode so that nothing is disturbed."""
        with evaluating(self.module), self.objective.precision(self.device):
            x, target = self.feeder.gather(self.feeder.indices(epoch)[0])
            return float(self.objective(self.module(x), target)[0])

    def rate(self) -> float:
        """The rate of the last step, as the recipe means it: before any layer's own factor."""
        return float(self.optimizer.defaults["lr"]) if self.stepper.rate is None else self.stepper.rate

    def memory(self) -> int:
        """Bytes in use on a GPU; 0 elsewhere."""
        import torch

        return int(torch.cuda.memory_allocated(self.device)) if self.device.type == "cuda" else 0

    def release(self) -> None:
        """Give memory back once the exception of a failed step, which holds on to tensors, is gone."""
        import torch

        self.optimizer.zero_grad(set_to_none=True)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def prepare(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    *,
    module: torch.nn.Module | None = None,
    weights: Mapping[str, torch.Tensor] | None = None,
    execution: Execution | None = None,
    team: Team | None = None,
) -> Setup:
    """Build everything; `execution` repeats an earlier choice, a `team` shares every step.

    Raises `TrainingError` and the compiler's errors.
    """
    import torch

    require(graph, dataset, recipe.loss, recipe.sampling)
    checked(graph)
    recipe = replace(recipe, batch_size=recipe.batch(len(dataset.train)))
    recipe = recipe if team is None else team.localised(recipe)
    chosen = pick(recipe.device)
    device = torch.device(chosen.name)
    module = (_compile(graph, recipe, weights) if module is None else module).to(device)
    if device.type == "cpu":
        _quicken(module, recipe)
    feeder = _feeder(dataset, recipe, module, device)
    objective = _objective(graph, dataset, recipe, module, feeder)
    optimizer, penalties = _optimizer(module, recipe, device, captured=device.type == "cuda" and feeder.resident and team is None)
    plain = (PlainStepper if team is None else team.stepper)(module, objective, feeder, optimizer, device)
    execution = _execution(plain, recipe, execution, team)
    give_back()
    apply(plain, execution)
    validation = _validation(dataset, recipe, device, execution)
    steps = plain if device.type == "cpu" or team is not None else stepper(module, objective, feeder, optimizer, device)
    steps.penalties = penalties
    sample = next((part for part in (dataset.test, dataset.validation) if len(part)), dataset.train)
    way = (f"balanced by “{dataset.names[0]}”, the first targets",) if recipe.sampling == "balanced" and dataset.names else ()
    notes = (*_notes(chosen, objective, execution), *way, *(team.notes(module) if team is not None else ()))
    norm, warnings = dataset.normalisation, _warnings(feeder)
    return Setup(module, device, feeder, validation, sample, norm, objective, optimizer, steps, execution, notes, warnings)


def fresh(graph: Graph, recipe: Recipe) -> torch.nn.Module:
    """The network as a training by this recipe begins with it, on the CPU; torch's random numbers stay where they were."""
    import torch

    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        return _compile(graph, recipe, None)


def _quicken(module: torch.nn.Module, recipe: Recipe) -> None:
    """Make every step on a CPU faster; results agree with torch's own to rounding."""
    from netbuilder.train.speed.pooling import quicken_pooling

    keep_memory()
    if recipe.precision == "float32":
        quicken_pooling(module)


def _compile(graph: Graph, recipe: Recipe, weights: Mapping[str, torch.Tensor] | None) -> torch.nn.Module:
    from netbuilder.net.compiler import compile_graph

    seeding.seed_all(recipe.seed)
    module: torch.nn.Module = compile_graph(graph, seed=recipe.seed)
    initialise(module, recipe.initialisation)
    begin(module, recipe.seed)
    if weights is not None:
        load_matching(module, weights)
    return module


def _feeder(dataset: Dataset, recipe: Recipe, module: torch.nn.Module, device: torch.device) -> Feeder:
    last, way = _single_last(module), recipe.sampling
    return Feeder(dataset.train, dataset.normalisation, recipe.batch_size, device=device, seed=recipe.seed, single_last=last, sampling=way)


def _objective(graph: Graph, dataset: Dataset, recipe: Recipe, module: torch.nn.Module, feeder: Feeder) -> Objective:
    parts = (dataset.train, dataset.validation, dataset.test)
    return Objective.fitting(recipe.loss, output_shapes(module, feeder), parts, heads(graph), bf16=recipe.precision == "bf16")


def _warnings(feeder: Feeder) -> list[Warned]:
    text = "The last batch would hold a single sample, from which batch normalisation can learn nothing; it joins the batch before."
    return [Warned(text)] if feeder.merged else []


def _optimizer(module: torch.nn.Module, recipe: Recipe, device: torch.device, *, captured: bool) -> tuple[torch.optim.Optimizer, Penalties]:
    freeze(module)
    learned, penalties = groups(module, recipe.optimizer)
    if not learned:
        raise TrainingError(
            "The network has nothing to learn: no layer has weights that may change.",
            remedy="Add a convolution or a Linear layer, or let one learn that is frozen.",
        )
    return recipe.optimizer.build(learned, device, capturable=captured), penalties


def _execution(plain: PlainStepper, recipe: Recipe, earlier: Execution | None, team: Team | None) -> Execution:
    """What the team decides, the earlier choice, or the fastest; on a GPU there is nothing to choose."""
    import torch

    if plain.device.type != "cpu":
        return Execution(torch.get_num_threads(), plain.device.type == "cuda")
    return team.execution(recipe) if team is not None else earlier or choose(plain, recipe)


def _validation(dataset: Dataset, recipe: Recipe, device: torch.device, execution: Execution) -> Feeder | None:
    if not len(dataset.validation):
        return None
    size = max(BATCH, recipe.batch_size) if device.type == "cpu" else max(4 * BATCH, recipe.batch_size)
    return Feeder(dataset.validation, dataset.normalisation, size, device=device, shuffle=False, channels_last=execution.channels_last)


def _single_last(module: torch.nn.Module) -> Literal["keep", "merge"]:
    from torch.nn.modules.batchnorm import _BatchNorm

    return "merge" if any(isinstance(layer, _BatchNorm) for layer in module.modules()) else "keep"


def _notes(device: Device, objective: Objective, execution: Execution) -> tuple[str, ...]:
    how = execution.note() if device.name == "cpu" else "channels-last memory format" if execution.channels_last else ""
    return tuple(note for note in (device.title, f"loss: {objective.title}", how) if note)
