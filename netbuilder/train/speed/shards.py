"""One batch learned by several cores: each takes a share of the samples, and the gradients are added in a fixed order.

For small networks this beats threads inside each operation, which spend their time waking each other. It is exact for
networks whose samples do not depend on each other: no batch statistics, no random layers.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from netbuilder.data.feeder import Targets
    from netbuilder.train.objective import Objective

Gather = Callable[["torch.Tensor"], tuple[Any, "torch.Tensor | Targets"]]
Share = tuple["torch.Tensor", "torch.Tensor | None", tuple["torch.Tensor | None", ...]]
SMALLEST = 8
"""Samples that a share holds at least; smaller ones cost more than they bring."""


class Shards:
    """`count` shares, one learned by the calling thread and the others by threads of its own; `close` joins them."""

    def __init__(self, module: torch.nn.Module, objective: Objective, gather: Gather, count: int) -> None:
        import torch

        self.count = count
        self._module = module
        self._objective = objective
        self._gather = gather
        self._parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
        self._crew = ThreadPoolExecutor(count - 1, thread_name_prefix="training share", initializer=torch.set_num_threads, initargs=(1,))

    def backward(self, index: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Gradients of these samples in every `grad`; the mean loss and the right answers."""
        import torch

        parts = torch.tensor_split(index, self.count)
        running = [self._crew.submit(self._learn, part, len(index)) for part in parts[1:]]
        try:
            shares = [self._learn(parts[0], len(index))]
        finally:
            others = [future.exception() or future.result() for future in running]
        for other in others:
            if isinstance(other, BaseException):
                raise other
            shares.append(other)
        gradients = [_laid_out(gradient, parameter) for gradient, parameter in zip(shares[0][2], self._parameters, strict=True)]
        for _, _, added in shares[1:]:
            torch._foreach_add_([g for g in gradients if g is not None], [g for g in added if g is not None])
        for parameter, gradient in zip(self._parameters, gradients, strict=True):
            parameter.grad = gradient
        loss, right, _ = shares[0]
        for more, hits, _ in shares[1:]:
            loss += more
            right = right + hits if right is not None and hits is not None else None
        return loss, right

    def close(self) -> None:
        """Join the threads."""
        self._crew.shutdown()

    def _learn(self, index: torch.Tensor, whole: int) -> Share:
        import torch

        x, target = self._gather(index)
        with self._objective.precision(index.device):
            outputs = self._module(x)
        loss, correct = self._objective(outputs, target)
        loss = loss * (len(index) / whole)
        return loss.detach(), correct, torch.autograd.grad(loss, self._parameters, allow_unused=True)


def divisible(module: torch.nn.Module, x: Any) -> bool:
    """Whether a batch may be learned in shares: the network keeps no statistics and draws no random numbers."""
    import torch

    if next(module.buffers(), None) is not None or not module.training:
        return False
    before = torch.get_rng_state()
    with torch.no_grad():
        module(x)
    same = torch.equal(before, torch.get_rng_state())
    torch.set_rng_state(before)
    return same and not any(isinstance(layer, torch.nn.modules.batchnorm._BatchNorm) for layer in module.modules())


def _laid_out(gradient: torch.Tensor | None, parameter: torch.Tensor) -> torch.Tensor | None:
    """The gradient in the layout of the weights, as fused optimizers need it."""
    import torch

    if gradient is None or gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter).copy_(gradient).detach()
