"""The devices of this machine, best first."""

from __future__ import annotations

import os
from dataclasses import dataclass

from netbuilder.train.errors import RecipeError


@dataclass(frozen=True)
class Device:
    """`name` is torch's (`cuda:0`, `mps`, `cpu`), `title` is for people, `memory` is bytes (0 when unknown)."""

    name: str
    title: str
    memory: int


def devices() -> list[Device]:
    """What there is: CUDA cards with the most memory first, then MPS, then the CPU. Imports torch."""
    import torch

    found: list[Device] = []
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(number)
            found.append(Device(f"cuda:{number}", properties.name, properties.total_memory))
        found.sort(key=lambda device: -device.memory)
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU", torch.mps.recommended_max_memory()))
    cores = cpu_cores()
    found.append(Device("cpu", f"CPU, {cores} core{'s' if cores != 1 else ''}", _memory()))
    return found


def pick(name: str = "auto") -> Device:
    """The device called `name`, or the best for `auto`; `cuda` means the first card. Raises `RecipeError`."""
    known = devices()
    if name == "auto":
        return known[0]
    for device in known:
        if device.name == name or device.name.partition(":")[0] == name:
            return device
    names = ", ".join(device.name for device in known)
    raise RecipeError(f"There is no device “{name}” on this machine.", place="device", remedy=f"Choose auto, or one of: {names}.")


def cpu_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
