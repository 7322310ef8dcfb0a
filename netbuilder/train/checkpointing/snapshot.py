"""Copying a running training to the host for a checkpoint, and putting it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netbuilder.train import seeding
from netbuilder.train.checkpointing.checkpoints import Checkpoint

if TYPE_CHECKING:
    import torch

_RANDOM = "random."
_MEMORY = "memory."


def capture(module: torch.nn.Module, optimizer: torch.optim.Optimizer, device: torch.device, state: Mapping[str, Any]) -> Checkpoint:
    """Copies on the host of weights, optimizer memory and generator states; later steps do not change them."""
    model = {name: _host(tensor) for name, tensor in module.state_dict().items()}
    tensors = {f"{_RANDOM}{name}": tensor for name, tensor in seeding.states(device).items()}
    for name, parameter in module.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            if value is not None:
                tensors[f"{_MEMORY}{name}.{key}"] = _host(value)
    return Checkpoint(model, tensors, {**state, "optimizer": type(optimizer).__name__})


def restore(checkpoint: Checkpoint, module: torch.nn.Module, optimizer: torch.optim.Optimizer, device: torch.device) -> list[str]:
    """Put a checkpoint back; returns the state-dict keys that it could not fill.

    Weights and optimizer memory return to every parameter of the same name and shape, so that an edited network keeps
    what it can. The memory of another kind of optimizer is left out.
    """
    fresh = load_matching(module, checkpoint.model)
    if checkpoint.state.get("optimizer") == type(optimizer).__name__:
        _restore_memory(checkpoint.optimizer, module, optimizer, fresh)
    random = {name.removeprefix(_RANDOM): tensor for name, tensor in checkpoint.optimizer.items() if name.startswith(_RANDOM)}
    seeding.restore(random, device)
    return fresh


def load_matching(module: torch.nn.Module, weights: Mapping[str, torch.Tensor]) -> list[str]:
    """Copy weights into every entry of the same name and shape; returns the entries left as they were."""
    import torch

    fresh: list[str] = []
    with torch.no_grad():
        for name, tensor in module.state_dict().items():
            given = weights.get(name)
            if given is not None and given.shape == tensor.shape:
                tensor.copy_(given)
            else:
                fresh.append(name)
    return fresh


def _restore_memory(saved: Mapping[str, torch.Tensor], module: torch.nn.Module, optimizer: torch.optim.Optimizer, fresh: list[str]) -> None:
    import torch

    for name, parameter in module.named_parameters():
        prefix = f"{_MEMORY}{name}."
        memory: dict[str, torch.Tensor] = {}
        for key, tensor in saved.items():
            if key.startswith(prefix) and name not in fresh:
                # fused kernels walk memory and weights side by side, so both need the same layout
                blank = torch.empty_like(parameter) if tensor.shape == parameter.shape and tensor.dim() else None
                memory[key.removeprefix(prefix)] = (
                    blank.copy_(tensor).detach() if blank is not None else _scalar(tensor, parameter, optimizer)
                )
        if memory:
            optimizer.state[parameter] = memory
        elif isinstance(optimizer, torch.optim.SGD) and optimizer.defaults["momentum"]:
            # the fused kernel wants a momentum for all parameters or for none; zeros lead to the same first step
            optimizer.state[parameter] = {"momentum_buffer": torch.zeros_like(parameter, requires_grad=False)}


def _scalar(tensor: torch.Tensor, parameter: torch.Tensor, optimizer: torch.optim.Optimizer) -> torch.Tensor:
    """A step counter: on the weights' device for optimizers that need it there, otherwise on the host."""
    near = optimizer.defaults.get("fused") or optimizer.defaults.get("capturable")
    return tensor.to(parameter.device) if near else tensor.clone()


def _host(tensor: torch.Tensor) -> torch.Tensor:
    import torch

    return tensor.detach().to("cpu", copy=True).contiguous() if isinstance(tensor, torch.Tensor) else torch.tensor(tensor)
