"""The loss as a function of the weights: a network of its own, a fixed part of the data, and every learned weight in one vector."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from netbuilder.core.graph import Graph
from netbuilder.data.dataset import Dataset
from netbuilder.data.feeder import Feeder
from netbuilder.data.load import select
from netbuilder.train.errors import TrainingError
from netbuilder.train.evaluation.evaluate import BATCH, evaluation, output_shapes
from netbuilder.train.evaluation.metrics import Metrics
from netbuilder.train.fitting import require
from netbuilder.train.heads import heads
from netbuilder.train.objective import Objective
from netbuilder.train.penalties import freeze
from netbuilder.train.recipe import Recipe

if TYPE_CHECKING:
    import torch

State = Mapping[str, "torch.Tensor"]
Batches = Sequence["torch.Tensor"] | None
"""Sample numbers by batch; `None` for all samples."""
FEW, QUICK = 16, 0.2
"""Samples from which the time for all is reckoned, and seconds below which more of them are taken."""
STEP = 2e-3
"""Length of the step to both sides, as a share of that of the weights, where gradients are subtracted instead of differentiated."""


class Ground:
    """The mean loss over some samples, in evaluation mode: no dropout, fixed running statistics, no penalties, the same every time.

    A point is a vector of `size` weights, those that learn, and behind them the running statistics (`tail` numbers).
    `exact` turns false once a layer has shown that it cannot be differentiated twice.
    """

    def __init__(self, module: torch.nn.Module, objective: Objective, feeder: Feeder) -> None:
        self.module, self.objective, self.feeder = module.eval(), objective, feeder
        self.weights = [(name, weight) for name, weight in module.named_parameters() if weight.requires_grad]
        if not self.weights:
            raise TrainingError("The network has no weights that learn, so its loss has no landscape.", remedy="Let a layer learn.")
        self._statistics = [(name, each) for name, each in module.named_buffers() if each.is_floating_point()]
        self.size = sum(weight.numel() for _, weight in self.weights)
        self.tail = sum(each.numel() for _, each in self._statistics)
        self.exact = True
        self.here = self.point(module.state_dict())

    @property
    def classes(self) -> bool:
        """Whether answers can be wrong, so that there is an error beside the loss."""
        return self.objective.classes

    def point(self, state: State) -> torch.Tensor:
        """The vector of a state dict of this network; raises `TrainingError` for one that does not fit or is not finite."""
        import torch

        named = [*self.weights, *self._statistics]
        wrong = next((name for name, own in named if name not in state or state[name].shape != own.shape), None)
        if wrong is not None:
            raise TrainingError(f"These weights belong to another network: “{wrong}” does not fit.", remedy="Choose another checkpoint.")
        with torch.no_grad():
            found = torch.cat([state[name].detach().to(self.feeder.device, torch.float32).flatten() for name, _ in named])
        if not bool(torch.isfinite(found).all()):
            first = next(name for name, _ in named if not bool(torch.isfinite(state[name]).all()))
            raise TrainingError(
                f"Weights of “{first}” are no finite numbers: the training has diverged, and its loss has no landscape.",
                remedy="Choose an earlier checkpoint, or train again with a lower learning rate.",
            )
        return found

    def at(self, point: torch.Tensor) -> Generator[int, None, Metrics]:
        """Loss and accuracy at a point, yielding now and then how many samples are done."""
        self._move(point)
        return (yield from evaluation(self.module, self.objective, self.feeder))

    def metrics(self, point: torch.Tensor | None = None) -> Metrics:
        """Loss and accuracy at a point, by default where the network is."""
        steps = self.at(self.here if point is None else point)
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                found: Metrics = finished.value
                return found

    def gradient(self, point: torch.Tensor | None = None, *, batches: Batches = None) -> torch.Tensor:
        """The slope of the loss along each weight, (size,)."""
        import torch

        self._move(self.here if point is None else point)
        total = torch.zeros(self.size, device=self.feeder.device)
        for loss, share in self._losses(batches):
            total.add_(self._flat(self._slopes(loss)), alpha=share)
        return total

    def product(self, vector: torch.Tensor, *, batches: Batches = None) -> torch.Tensor:
        """The Hessian of the loss, here, times a vector (size,): double backward (Pearlmutter, Fast exact multiplication by the
        Hessian, 1994); where a layer has none, the difference of gradients to both sides."""
        if self.exact:
            try:
                return self._differentiated(vector, batches)
            except (RuntimeError, NotImplementedError) as error:
                if not _once_only(error):
                    raise
            self.exact = False
        return self._subtracted(vector, batches)

    def look_seconds(self) -> float:
        """How long one look at a place takes, reckoned from a part of a batch."""
        self._move(self.here)
        return self._reckoned(self._look)

    def product_seconds(self) -> float:
        """How long one product with the Hessian takes, reckoned from a part of a batch."""
        import torch

        vector = torch.zeros(self.size, device=self.feeder.device)
        vector[0] = 1.0
        return self._reckoned(lambda index: self.product(vector, batches=[index]))

    def _reckoned(self, work: Callable[[torch.Tensor], object]) -> float:
        """Seconds for all samples: of a few, and where those are quickly done, of a whole batch."""
        batch = self.feeder.indices(0)[0]
        few = batch[:FEW]
        spent = _timed(lambda: work(few))
        if spent < QUICK:
            few, spent = batch, _timed(lambda: work(batch))
        return spent * self.feeder.count / len(few)

    def _look(self, index: torch.Tensor) -> float:
        import torch

        with torch.no_grad():
            x, target = self.feeder.gather(index)
            return float(self.objective(self.module(x), target)[0])

    def _move(self, point: torch.Tensor) -> None:
        import torch

        start = 0
        with torch.no_grad():
            for _, tensor in (*self.weights, *self._statistics):
                tensor.copy_(point[start : start + tensor.numel()].view(tensor.shape))
                start += tensor.numel()

    def _losses(self, batches: Batches) -> Iterator[tuple[torch.Tensor, float]]:
        """The mean loss of each batch, differentiable, and its share of all samples."""
        import torch

        for index in self.feeder.indices(0) if batches is None else batches:
            with torch.enable_grad():
                x, target = self.feeder.gather(index)
                yield self.objective(self.module(x), target)[0], len(index) / self.feeder.count

    def _slopes(self, value: torch.Tensor, *, again: bool = False) -> tuple[torch.Tensor, ...]:
        import torch

        weights = [weight for _, weight in self.weights]
        return torch.autograd.grad(value, weights, create_graph=again, allow_unused=True, materialize_grads=True)

    def _differentiated(self, vector: torch.Tensor, batches: Batches) -> torch.Tensor:
        import torch

        self._move(self.here)
        total = torch.zeros_like(vector)
        for loss, share in self._losses(batches):
            along = self._flat(self._slopes(loss, again=True)) @ vector
            if along.requires_grad:
                total.add_(self._flat(self._slopes(along)), alpha=share)
        return total

    def _subtracted(self, vector: torch.Tensor, batches: Batches) -> torch.Tensor:
        length = float(vector.norm())
        if length == 0.0:
            return vector.clone()
        step = STEP * (1.0 + float(self.here[: self.size].norm())) / length
        ahead, behind = self.here.clone(), self.here.clone()
        ahead[: self.size].add_(vector, alpha=step)
        behind[: self.size].add_(vector, alpha=-step)
        return (self.gradient(ahead, batches=batches) - self.gradient(behind, batches=batches)) / (2 * step)

    @staticmethod
    def _flat(parts: tuple[torch.Tensor, ...]) -> torch.Tensor:
        import torch

        return torch.cat([part.reshape(-1) for part in parts])


def ground(module: torch.nn.Module, graph: Graph, dataset: Dataset, recipe: Recipe, *, samples: int = 512, device: str = "cpu") -> Ground:
    """The loss of a network on some training samples, drawn by the recipe's seed. The module is taken over: give a copy of your own.

    Raises `TrainingError` where network, data and loss do not fit, and for weights that are no numbers.
    """
    require(graph, dataset, recipe.loss)
    freeze(module)
    rows = np.random.default_rng(recipe.seed).permutation(len(dataset.train))[:samples]
    part = select(dataset.train, np.sort(rows))
    feeder = Feeder(part, dataset.normalisation, min(BATCH, len(part)), device=device, shuffle=False)
    module = module.to(feeder.device)
    objective = Objective.fitting(recipe.loss, output_shapes(module, feeder), (part,), heads(graph))
    return Ground(module, objective, feeder)


def _timed(work: Callable[[], object]) -> float:
    """Seconds of the faster of two goes; of the only one when that takes long."""
    found: list[float] = []
    while len(found) < 2 and sum(found) < 1.0:
        since = perf_counter()
        work()
        found.append(perf_counter() - since)
    return min(found)


def _once_only(error: Exception) -> bool:
    """Whether torch says that something cannot be differentiated twice."""
    text = str(error)
    return isinstance(error, NotImplementedError) or any(
        words in text for words in ("is not implemented", "differentiate twice", "double backward", "not differentiable")
    )
