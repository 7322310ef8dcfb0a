"""One training in several processes, as torchrun starts them: each learns its share of every batch.

The batch size and the order of samples mean what they mean in one process. After the backward pass one all-reduce of one
flat tensor carries everything that must agree: gradients, running statistics, loss, right answers, and the wish to stop,
each weighted by the samples behind it, so that uneven shares are exact. From then on every process holds the same numbers
and takes the same decisions. A value that is not finite anywhere is not finite everywhere, so all withhold the update.

Batch normalisation takes the statistics of each process's own share in the step, and the running ones are the mean over
the shares. Dropout draws other numbers in every process. Only the first process writes the run's folder, which all of
them must be able to read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from netbuilder.train.devices import cpu_cores, devices
from netbuilder.train.errors import RecipeError, ToldElsewhereError, TrainingError
from netbuilder.train.evaluation.metrics import Sums
from netbuilder.train.speed.tuning import Execution
from netbuilder.train.stepper import PlainStepper

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Feeder
    from netbuilder.train.objective import Objective
    from netbuilder.train.recipe import Recipe

T = TypeVar("T")
GLANCE = 8
"""On a GPU, where reading a value waits for the device, the wish to stop is read once in so many steps."""
_LOST = "Another process of this training has ended."
_team: Team | None = None


@dataclass
class Team:
    """The processes of a training, seen from one of them. `rank` counts all, `local_rank` those of this machine.

    Set `wish` to stop; `stopping` becomes true in all processes after the same step.
    """

    rank: int
    size: int
    local_rank: int
    local_size: int
    wish: bool = False
    stopping: bool = False

    @property
    def first(self) -> bool:
        """Whether this is the process that writes the run and reports."""
        return self.rank == 0

    def localised(self, recipe: Recipe) -> Recipe:
        """The recipe with this process's own device; raises `RecipeError` when there is none for it."""
        if recipe.batch_size < self.size:
            raise RecipeError(
                f"Batch size is {recipe.batch_size}, too small for {self.size} processes.", place="batch_size", remedy="Raise it."
            )
        cards = sorted(device.name for device in devices() if device.name.startswith("cuda"))
        if recipe.device == "cpu" or (recipe.device == "auto" and not cards):
            return msgspec.structs.replace(recipe, device="cpu")
        if recipe.device not in ("auto", "cuda"):
            raise RecipeError(f"{self.size} processes cannot share “{recipe.device}”.", place="device", remedy="Choose auto, cuda or cpu.")
        if self.local_size > len(cards):
            raise RecipeError(
                f"There are {self.local_size} processes, but {len(cards)} CUDA devices on this machine.",
                place="device",
                remedy="Start one process for each device.",
            )
        return msgspec.structs.replace(recipe, device=cards[self.local_rank])

    def execution(self, recipe: Recipe) -> Execution:
        """This process's part of the cores; nothing is measured, because the others compute at the same time."""
        return Execution(recipe.threads or max(1, cpu_cores() // self.local_size))

    def part(self, index: torch.Tensor, least: int = 1) -> tuple[torch.Tensor, float]:
        """This process's samples of a batch, and their share of it; no share is smaller than `least` samples.

        A process left without samples goes along with the first ones, which then count nothing.
        """
        shares = min(self.size, max(1, len(index) // least))
        if self.rank >= shares:
            return index[:least], 0.0
        own = index.tensor_split(shares)[self.rank]
        return own, len(own) / len(index)

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """The sum over all processes, in place."""
        import torch.distributed as dist

        with _together():
            dist.all_reduce(tensor)
        return tensor

    def total(self, sums: Sums) -> Sums:
        """Sums over all processes."""
        import torch

        together = torch.tensor([sums.loss, sums.correct, sums.count, *sums.own], dtype=torch.float64)
        loss, correct, count, *own = self.sum(together).tolist()
        return Sums(loss, correct, int(count), tuple(own))

    def any(self, flag: bool) -> bool:
        """Whether the value is true in any process."""
        import torch

        return bool(self.sum(torch.tensor([float(flag)])).item())

    def announced(self, value: T) -> T:
        """The first process's value, in all processes."""
        import torch.distributed as dist

        box: list[Any] = [value]
        with _together():
            dist.broadcast_object_list(box, src=0)
        found: T = box[0]
        return found

    def align(self, module: torch.nn.Module, seed: int, step: int) -> None:
        """Give all processes the first one's weights, and each other random numbers (dropout) from here on."""
        import torch
        import torch.distributed as dist

        with _together(), torch.no_grad():
            for tensor in module.state_dict().values():
                dense = tensor.contiguous()
                dist.broadcast(dense, src=0)
                tensor.copy_(dense)
        if not self.first:
            torch.manual_seed((seed * 1_000_003 + step) * 65_537 + self.rank)

    def stepper(
        self, module: torch.nn.Module, objective: Objective, feeder: Feeder, optimizer: torch.optim.Optimizer, device: torch.device
    ) -> TeamStepper:
        """A stepper whose steps are those of the whole team."""
        return TeamStepper(self, module, objective, feeder, optimizer, device)

    def notes(self, module: torch.nn.Module) -> tuple[str, ...]:
        """What to tell people about the team."""
        own = "; batch normalisation uses each one's own share" if _normalised(module) else ""
        return (f"{self.size} processes, each with its share of every batch{own}",)


class TeamStepper(PlainStepper):
    """Learns this process's share of each batch; loss, right answers and gradients are those of the whole."""

    def __init__(
        self,
        team: Team,
        module: torch.nn.Module,
        objective: Objective,
        feeder: Feeder,
        optimizer: torch.optim.Optimizer,
        device: torch.device,
    ) -> None:
        super().__init__(module, objective, feeder, optimizer, device)
        self._team = team
        self._least = 2 if _normalised(module) else 1
        self._statistics = [buffer for buffer in module.buffers() if buffer.is_floating_point()]
        self._steps = 0

    def backward(self, index: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Gradients of the whole batch in every `grad`; its mean loss and right answers."""
        part, weight = self._team.part(index, self._least)
        loss, correct = super().backward(part)
        gradients = [p.grad for group in self.optimizer.param_groups for p in group["params"] if p.grad is not None]
        right = self._average([*gradients, *self._statistics, loss.detach()], correct, weight)
        return loss, right if correct is not None else None

    def _average(self, tensors: list[torch.Tensor], correct: torch.Tensor | None, weight: float) -> torch.Tensor:
        """Replace the tensors by their weighted means over all processes; returns the sum of right answers."""
        import torch

        team, count = self._team, tensors[-1].new_zeros(()) if correct is None else correct.to(tensors[-1].dtype)
        with torch.no_grad():
            flat = torch.cat([*(tensor.reshape(-1) for tensor in tensors), count.reshape(-1), count.new_full((1,), float(team.wish))])
            told = len(flat) - 1 - count.numel()
            flat[:told].mul_(weight)
            flat[told:-1].mul_(float(weight > 0))
            team.sum(flat)
            means = torch.split(flat[:told], [tensor.numel() for tensor in tensors])
            torch._foreach_copy_(tensors, [mean.view(tensor.shape) for mean, tensor in zip(means, tensors, strict=True)])
        self._steps += 1
        if self.device.type == "cpu" or self._steps % GLANCE == 0:
            team.stopping = bool(flat[-1] > 0)
        return flat[told:-1].reshape(count.shape)


def expected() -> bool:
    """Whether the environment says that this is one of several processes."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@contextmanager
def joined() -> Iterator[Team | None]:
    """Be one of torchrun's processes: `None` for a single one, within another `joined` the same team.

    When one process fails, its error is raised there and ends the others, which raise `ToldElsewhereError`.
    """
    global _team
    if _team is not None or not expected():
        yield _team
        return
    import torch
    import torch.distributed as dist

    try:
        rank, size, local_rank, local_size = (int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"))
    except KeyError as missing:
        raise TrainingError(f"WORLD_SIZE asks for several processes, but {missing.args[0]} is not set.", remedy="Use torchrun.") from None
    team = Team(rank, size, local_rank, local_size)
    if torch.cuda.is_available():
        torch.cuda.set_device(team.local_rank % torch.cuda.device_count())
    try:
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() and dist.is_nccl_available() else "gloo")
    except (RuntimeError, ValueError) as error:
        raise TrainingError(f"The {team.size} processes cannot reach each other ({str(error).partition(chr(10))[0]}).") from error
    _team = team
    try:
        yield team
    except BaseException as error:
        if _speaks_first():
            raise
        raise ToldElsewhereError(_LOST) from error
    finally:
        _team = None
        with suppress(RuntimeError):
            dist.destroy_process_group()


@contextmanager
def _together() -> Iterator[None]:
    """A failing exchange means that another process is gone."""
    try:
        yield
    except RuntimeError as error:
        raise TrainingError(_LOST, remedy="Continue from the last checkpoint.") from error


def _speaks_first() -> bool:
    """Whether this process is the first to fail; asked once by each that does."""
    from torch.distributed.distributed_c10d import _get_default_store

    try:
        return int(_get_default_store().add("netbuilder/failed", 1)) == 1
    except RuntimeError:
        return True


def _normalised(module: torch.nn.Module) -> bool:
    from torch.nn.modules.batchnorm import _BatchNorm

    return any(isinstance(layer, _BatchNorm) for layer in module.modules())
