"""Keeps steps with infinite or NaN values from touching the weights, without waiting for the device."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class HostGuard:
    """For the CPU, where reading a value costs nothing: weights are updated only if loss and gradients are finite."""

    def __init__(self, module: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
        import torch

        self.optimizer = optimizer
        self._parameters = _parameters(optimizer)
        self._buffers = _floats(module)
        self._kept = [buffer.clone() for buffer in self._buffers]
        self._bad, self._unit = torch.zeros(()), torch.ones(())

    def remember(self) -> None:
        """Note the running statistics before a batch changes them."""
        _copy(self._kept, self._buffers)

    def update(self, loss: torch.Tensor) -> bool:
        """Take the optimizer's step, or restore the statistics and return false."""
        if math.isfinite(loss.item()) and self._finite():
            self.optimizer.step()
            return True
        _copy(self._buffers, self._kept)
        return False

    def _finite(self) -> bool:
        """Whether all gradients are finite; multiplying them by one is the quickest way to examine all of them in one call."""
        import torch

        gradients = [p.grad for p in self._parameters if p.grad is not None]
        if any(gradient.is_sparse or not gradient.is_floating_point() for gradient in gradients):
            return all(
                bool(torch.isfinite(gradient.coalesce().values() if gradient.is_sparse else gradient).all()) for gradient in gradients
            )
        self._bad.zero_()
        torch._amp_foreach_non_finite_check_and_unscale_(gradients, self._bad, self._unit)
        return not self._bad.item()

    def counted(self, loss: torch.Tensor) -> torch.Tensor:
        """The loss as it enters the mean."""
        return loss

    def finite(self) -> bool:
        """Whether every update since the last call was made; here `update` has said so itself."""
        return True


class DeviceGuard:
    """For devices that run ahead of the host: a flag on the device switches off every update from the first bad one on.

    Fused optimizers read the flag themselves; for others the weights are put back on the device.
    """

    def __init__(self, module: torch.nn.Module, optimizer: torch.optim.Optimizer, device: torch.device) -> None:
        import torch

        self.optimizer = optimizer
        self._parameters = _parameters(optimizer)
        self._buffers = _floats(module)
        self._kept = [buffer.clone() for buffer in self._buffers]
        self._bad = torch.zeros((), dtype=torch.float32, device=device)
        self._fused = bool(optimizer.defaults.get("fused"))
        if self._fused:
            optimizer.found_inf = self._bad  # type: ignore[attr-defined]

    def remember(self) -> None:
        """Note the running statistics before a batch changes them."""
        _copy(self._kept, self._buffers)

    def update(self, loss: torch.Tensor) -> bool:
        """Take the optimizer's step unless the flag is set. Never waits, so it always returns true."""
        import torch

        gradients = [p.grad for p in self._parameters if p.grad is not None]
        size = torch.stack(torch._foreach_norm(gradients)).sum() if gradients else loss
        self._bad.copy_(torch.maximum(self._bad, (~torch.isfinite(size + loss.detach())).float()))
        if self._fused:
            self.optimizer.step()
        else:
            state = [*self._parameters, *self._state()]
            before = [tensor.detach().clone() for tensor in state]
            self.optimizer.step()
            self._put_back(state, before)
        self._put_back(self._buffers, self._kept)
        return True

    def counted(self, loss: torch.Tensor) -> torch.Tensor:
        """The loss as it enters the mean: nothing once the flag is set."""
        import torch

        return torch.where(self._bad > 0, torch.zeros_like(loss), loss)

    def finite(self) -> bool:
        """Whether every update since the last call was made; waits for the device."""
        return self._bad.item() == 0.0

    def _state(self) -> list[Any]:
        import torch

        return [value for memory in self.optimizer.state.values() for value in memory.values() if isinstance(value, torch.Tensor)]

    def _put_back(self, tensors: list[Any], before: list[torch.Tensor]) -> None:
        import torch

        with torch.no_grad():
            bad = self._bad > 0
            for tensor, old in zip(tensors, before, strict=True):
                tensor.copy_(torch.where(bad, old, tensor))


def _parameters(optimizer: torch.optim.Optimizer) -> list[torch.nn.Parameter]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _floats(module: torch.nn.Module) -> list[torch.Tensor]:
    return list(module.buffers())


def _copy(to: list[torch.Tensor], source: list[torch.Tensor]) -> None:
    for target, tensor in zip(to, source, strict=True):
        target.copy_(tensor)
