"""torch's optimizers without torch's compiler.

Each optimizer imports `torch._dynamo`, with sympy and some 70 MB, before its first step, only to tell the compiler that
nothing here is to be compiled. The methods beneath those wrappers do the same arithmetic without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

WRAPPED = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")


@cache
def lean(kind: type[torch.optim.Optimizer]) -> type[torch.optim.Optimizer]:
    """A subclass of an optimizer without those wrappers around its methods; the arithmetic is torch's."""
    import torch

    plain: dict[str, Any] = {name: inspect.unwrap(getattr(kind, name)) for name in WRAPPED}
    step = torch.no_grad()(inspect.unwrap(kind.step))
    if kind is torch.optim.SGD:
        step = _short_of_checks(step)
    step.hooked = True  # keeps torch from wrapping it for its profiler, a third of the step's time for a small network
    return type(kind.__name__, (kind,), {**plain, "step": step, "__module__": __name__})


def _short_of_checks(step: Callable[..., Any]) -> Callable[..., Any]:
    """SGD's step as one call of its fused kernel wherever nothing is left to look after: half of its time is checks.

    The first step, which makes the momentum, and everything but dense weights of one type on a CPU go torch's way.
    """
    import torch

    @wraps(step)
    def quick(self: Any, closure: Any = None) -> Any:
        ready = [tensors for group in self.param_groups if (tensors := _ready(group, self.state)) is not None]
        if closure is not None or len(ready) < len(self.param_groups):
            return step(self, closure)
        with torch.no_grad():
            for group, tensors in zip(self.param_groups, ready, strict=True):
                settings = {name: group[name] for name in ("weight_decay", "momentum", "lr", "dampening", "nesterov", "maximize")}
                torch._fused_sgd_(*tensors, **settings, is_first_step=False)
        return None

    return quick


def _ready(group: dict[str, Any], state: Any) -> tuple[list[Any], list[Any], list[Any]] | None:
    """Weights, gradients and momentum of a group that the fused kernel may have at once."""
    weights = group["params"]
    kinds = {(weight.dtype, weight.is_cpu) for weight in weights}
    gradients = [weight.grad for weight in weights]
    if not group["fused"] or len(kinds) != 1 or not weights[0].is_cpu or any(g is None or g.is_sparse for g in gradients):
        return None
    momentum = [state[weight].get("momentum_buffer") for weight in weights] if group["momentum"] else []
    return None if any(buffer is None for buffer in momentum) else (weights, gradients, momentum)
