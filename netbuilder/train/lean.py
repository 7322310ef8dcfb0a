"""torch's optimizers without torch's compiler.

Each optimizer imports `torch._dynamo`, with sympy and some 70 MB, before its first step, only to tell the compiler that
nothing here is to be compiled. The methods beneath those wrappers do the same arithmetic without it.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

WRAPPED = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")


@cache
def lean(kind: type[torch.optim.Optimizer]) -> type[torch.optim.Optimizer]:
    """A subclass of an optimizer whose methods are the plain ones; the arithmetic is torch's."""
    import torch

    plain: dict[str, Any] = {name: inspect.unwrap(getattr(kind, name)) for name in WRAPPED}
    step = torch.no_grad()(inspect.unwrap(kind.step))
    return type(kind.__name__, (kind,), {**plain, "step": step, "__module__": __name__})
