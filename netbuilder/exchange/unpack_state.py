"""Turn weights that torch saved into safetensors, in a process of its own. Run as a script, it knows nothing of Netbuilder.

`python unpack_state.py FILE TARGET`: reads with `weights_only=True`, and takes a checkpoint's `state_dict` or `model` when it
holds one. Exits with 3 when there is nothing but other things in the file.
"""

from __future__ import annotations

import sys
from typing import Any


def state_of(saved: Any) -> dict[str, Any]:
    """The tensors by name of a state, or of the state inside a checkpoint."""
    import torch

    for name in ("state_dict", "model_state_dict", "model"):
        if isinstance(saved, dict) and isinstance(saved.get(name), dict):
            saved = saved[name]
    tensors = saved.items() if isinstance(saved, dict) else ()
    return {str(name): value.detach().cpu().contiguous().clone() for name, value in tensors if isinstance(value, torch.Tensor)}


def main(path: str, target: str) -> int:
    """Convert one file; returns the exit status."""
    import torch
    from safetensors.torch import save_file

    state = state_of(torch.load(path, weights_only=True, map_location="cpu"))
    if not state:
        return 3
    save_file(state, target, metadata={"names": "\n".join(state)})
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
