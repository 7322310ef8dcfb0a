"""How fast the engine trains, beside the plain script that anyone would write first."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from netbuilder.core.document import Project
from netbuilder.train.events import Started, StepsLogged

if TYPE_CHECKING:
    from netbuilder.data.dataset import Dataset
    from netbuilder.train.recipe import Recipe

_WARM_UP = 0.3


@dataclass(frozen=True)
class Figures:
    """Images per second of both, on the same device, taken in turns in one process."""

    engine: float
    script: float
    device: str
    notes: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Engine over script."""
        return self.engine / self.script


def compare(project: Project, dataset: Dataset, *, seconds: float = 5.0, turns: int = 2) -> Figures:
    """Best of some turns of each, `seconds` long; the first share of the engine's time, when it chooses its settings, is left out."""
    from netbuilder.train.devices import pick
    from netbuilder.train.recipe import Recipe

    recipe = Recipe.read({**project.training, "epochs": 100_000})
    device = pick(recipe.device).name
    engine, script = 0.0, 0.0
    notes: tuple[str, ...] = ()
    for _ in range(turns):
        speed, notes = _engine(project, dataset, recipe, seconds)
        engine = max(engine, speed)
        script = max(script, _script(project, dataset, recipe, device, seconds))
    return Figures(engine, script, device, notes)


def _engine(project: Project, dataset: Dataset, recipe: Recipe, seconds: float) -> tuple[float, tuple[str, ...]]:
    from netbuilder.train.engine import Engine

    events = Engine(project.graph, dataset, recipe).run()
    notes: tuple[str, ...] = ()
    begun, first, steps = 0.0, 0, 0
    try:
        for event in events:
            if isinstance(event, Started):
                notes = event.notes
                warm = perf_counter() + _WARM_UP * seconds
            elif isinstance(event, StepsLogged):
                now = perf_counter()
                if not begun and now >= warm:
                    begun, first = now, event.step
                steps = event.step
                if begun and now - begun >= seconds:
                    return (steps - first) * recipe.batch(len(dataset.train)) / (now - begun), notes
    finally:
        events.close()
    return 0.0, notes


def _script(project: Project, dataset: Dataset, recipe: Recipe, device: str, seconds: float) -> float:
    """`DataLoader(TensorDataset, shuffle=True)` and a loop, with the same network, optimizer and batch size."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    from netbuilder.data.preview import normalised
    from netbuilder.net.compiler import compile_graph

    module = compile_graph(project.graph, seed=recipe.seed).to(device)
    inputs = torch.stack([torch.from_numpy(normalised(dataset.normalisation, image)) for image in dataset.train.inputs])
    loader: DataLoader[Any] = DataLoader(
        TensorDataset(inputs, torch.from_numpy(dataset.train.targets)), recipe.batch(len(dataset.train)), shuffle=True
    )
    optimizer = recipe.optimizer.build(module.parameters(), torch.device(device))
    begun, done = perf_counter(), 0
    while True:
        for x, target in loader:
            optimizer.zero_grad()
            loss: Any = torch.nn.functional.cross_entropy(module(x.to(device)), target.to(device))
            loss.backward()
            optimizer.step()
            done += len(x)
            if perf_counter() - begun >= seconds:
                if device.startswith("cuda"):
                    torch.cuda.synchronize()
                return done / (perf_counter() - begun)
