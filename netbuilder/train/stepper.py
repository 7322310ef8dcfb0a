"""One training step: gather, forward, loss, backward, guarded update. Plain, or captured as a CUDA graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from netbuilder.train.evaluation.metrics import Totals
from netbuilder.train.guard import DeviceGuard, HostGuard
from netbuilder.train.penalties import Penalties
from netbuilder.train.speed.shards import SMALLEST, Shards

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Feeder
    from netbuilder.train.objective import Objective
    from netbuilder.train.speed.chain import Chain

WARM_UP = 3
"""Steps before capture, in which libraries choose kernels and the optimizer makes its memory."""


class Stepper(Protocol):
    """What the engine drives. `totals` grow on the device; `warning` is set once when a fast path is given up."""

    totals: Totals
    warning: str | None

    def step(self, index: torch.Tensor) -> bool:
        """Learn from these samples; `False` when the update was withheld because something was not finite."""

    def finite(self) -> bool:
        """Whether all updates so far were made; may wait for the device."""

    def set_rate(self, rate: float) -> None:
        """The learning rate of the following steps."""


class PlainStepper:
    """Works everywhere."""

    def __init__(
        self, module: torch.nn.Module, objective: Objective, feeder: Feeder, optimizer: torch.optim.Optimizer, device: torch.device
    ) -> None:
        self.module = module
        self.objective = objective
        self.feeder = feeder
        self.optimizer = optimizer
        self.device = device
        self.totals = Totals(device, len(objective.losses))
        self.warning: str | None = None
        self.penalties = Penalties()
        self._guard = HostGuard(module, optimizer) if device.type == "cpu" else DeviceGuard(module, optimizer, device)
        self.rate: float | None = None
        self._shards: Shards | None = None
        self.chain: Chain | None = None
        self._batch_last = False

    def lay_out(self, batch_last: bool) -> bool:
        """Learn whole batches link by link with the batch last, where the network is a plain chain; says whether it is."""
        from netbuilder.train.speed.chain import chain_of

        if batch_last and self.chain is None and not self.objective.bf16:
            self.chain = chain_of(self.module, tuple(self.feeder.inputs.shape[1:]), self.feeder.batch_size)
        self._batch_last = batch_last and self.chain is not None
        return self._batch_last

    def share(self, count: int) -> None:
        """Learn each batch in so many shares, one core each, where the shares' losses add up to that of the whole."""
        count = 1 if self.objective.couples else count
        if count == (self._shards.count if self._shards is not None else 1):
            return
        self.close()
        self._shards = Shards(self.module, self.objective, self.feeder.gather, count) if count > 1 else None

    def close(self) -> None:
        """Join the threads of the shares."""
        if self._shards is not None:
            self._shards.close()
            self._shards = None

    def step(self, index: torch.Tensor) -> bool:
        self._guard.remember()
        loss, correct = self.backward(index)
        self.penalties.pull()
        made = self._guard.update(loss)
        if made:
            self.penalties.limit()
            self.totals.add(self._guard.counted(loss.detach()), correct, len(index))
        return made

    def backward(self, index: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Gradients of these samples, freshly in every `grad`; the loss and the right answers."""
        if self._batch_last and self.chain is not None and len(index) == self.chain.batch:
            return self.chain.backward(self.objective, *self.feeder.gather(index))
        if self._shards is not None and len(index) >= SMALLEST * self._shards.count:
            return self._shards.backward(index)
        x, target = self.feeder.gather(index)
        self.optimizer.zero_grad(set_to_none=True)
        with self.objective.precision(self.device):
            outputs = self.module(x)
        loss, correct = self.objective(outputs, target)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss, correct

    def finite(self) -> bool:
        return self._guard.finite()

    def set_rate(self, rate: float) -> None:
        import torch

        if rate == self.rate:
            return
        self.rate = rate
        for group in self.optimizer.param_groups:
            own = rate * group.get("factor", 1.0)
            if isinstance(group["lr"], torch.Tensor):
                group["lr"].fill_(own)
            else:
                group["lr"] = own


class CapturedStepper(PlainStepper):
    """Replays the whole step as one CUDA graph; batches of another size, and all when capture fails, go the plain way."""

    def __init__(
        self, module: torch.nn.Module, objective: Objective, feeder: Feeder, optimizer: torch.optim.Optimizer, device: torch.device
    ) -> None:
        import torch

        super().__init__(module, objective, feeder, optimizer, device)
        self._index = torch.zeros(feeder.batch_size, dtype=torch.int64, device=device)
        self._stream: Any = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._graph: Any = None
        self._gradients: list[Any] = []
        self._steps = 0
        self._failed = False

    def step(self, index: torch.Tensor) -> bool:
        if self._failed or len(index) != self.feeder.batch_size:
            return self._aside(index)
        if self._graph is None:
            if self._steps < WARM_UP:
                self._steps += 1
                return self._aside(index)
            if not self._capture():
                return self._aside(index)
        self._index.copy_(index)
        self._graph.replay()
        self.totals.count += len(index)
        for parameter, gradient in self._gradients:
            parameter.grad = gradient
        return True

    def _aside(self, index: torch.Tensor) -> bool:
        """A plain step on the side stream, as capture wants its warm-up."""
        import torch

        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            made = super().step(index)
        torch.cuda.current_stream().wait_stream(self._stream)
        return made

    def _capture(self) -> bool:
        import torch

        count = self.totals.count
        graph = torch.cuda.CUDAGraph()
        reason = ""
        try:
            torch.cuda.synchronize(self.device)
            self.optimizer.zero_grad(set_to_none=True)
            with torch.cuda.graph(graph, stream=self._stream):
                super().step(self._index)
        except Exception as error:
            reason = str(error).partition("\n")[0]
        self.totals.count = count
        if reason:
            self._failed = True
            self.optimizer.zero_grad(set_to_none=True)
            self.warning = f"The training step could not be captured as a CUDA graph ({reason}); it runs step by step, more slowly."
            return False
        self._graph = graph
        self._gradients = [(p, p.grad) for group in self.optimizer.param_groups for p in group["params"] if p.grad is not None]
        return True


def stepper(
    module: torch.nn.Module, objective: Objective, feeder: Feeder, optimizer: torch.optim.Optimizer, device: torch.device
) -> PlainStepper:
    """The fastest stepper for the device: captured on CUDA when data and learning rate are resident there, else plain."""
    import torch

    resident = feeder.resident and all(isinstance(group["lr"], torch.Tensor) for group in optimizer.param_groups)
    kind = CapturedStepper if device.type == "cuda" and resident else PlainStepper
    return kind(module, objective, feeder, optimizer, device)
