"""Random numbers of a run: one seed fixes them, and their state can be saved and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

CPU, DEVICE = "cpu", "device"


def seed_all(seed: int) -> None:
    """Seed torch's generators on every device."""
    import torch

    torch.manual_seed(seed)


def states(device: torch.device) -> dict[str, torch.Tensor]:
    """Copies of the generators' states, of the CPU and of `device`."""
    import torch

    found = {CPU: torch.get_rng_state()}
    if device.type == "cuda":
        found[DEVICE] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        found[DEVICE] = torch.mps.get_rng_state()
    return found


def restore(saved: dict[str, torch.Tensor], device: torch.device) -> None:
    """Put states back; one of another kind of device is left out."""
    import torch

    if CPU in saved:
        torch.set_rng_state(saved[CPU])
    if DEVICE in saved and device.type == "cuda":
        torch.cuda.set_rng_state(saved[DEVICE], device)
    elif DEVICE in saved and device.type == "mps":
        torch.mps.set_rng_state(saved[DEVICE])
