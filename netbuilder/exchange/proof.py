"""The proof of an export: a fresh process reloads the file, computes on fixed inputs, and the numbers are compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netbuilder.exchange.declare import ExportError, Format, Job

TOLERANCE = 1e-5
"""Largest allowed difference, relative to the largest output (or to 1 where outputs are smaller)."""

TIMEOUT = 600.0
_SCRIPT = Path(__file__).with_name("verify.py")


def expected_outputs(job: Job) -> list[NDArray[np.generic]]:
    """What the network itself computes for the sample inputs; raises `ExportError` when it cannot take them."""
    import torch

    try:
        with torch.no_grad():
            results = job.module(*(torch.from_numpy(values) for values in job.inputs))
    except (RuntimeError, IndexError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ExportError(
            f"The network cannot compute on the sample inputs that prove an export: {reason}",
            remedy="Whole-number inputs are drawn at random; feed places and indices from inside the network instead.",
        ) from error
    return [result.numpy() for result in (results if isinstance(results, tuple) else (results,))]


def prove(format_: Format, job: Job, file: Path, target: Path, folder: Path) -> float:
    """Largest absolute difference between the file and the network; raises `ExportError` when they disagree.

    `folder` is a scratch folder; `target` is where the file will go, for the message.
    """
    case, helper, weights = folder / "case.npz", folder / "helper.py", folder / "weights.safetensors"
    arrays = {f"input{n}": values for n, values in enumerate(job.inputs)}
    arrays |= {f"output{n}": values for n, values in enumerate(expected_outputs(job))}
    np.savez(case, **arrays)  # type: ignore[arg-type]
    helper.write_text(format_.helper(job), encoding="utf-8")
    if not format_.about.weights:
        from safetensors.torch import save_file

        save_file({name: tensor.contiguous() for name, tensor in job.module.state_dict().items()}, weights)
    answer = _ask([format_.about.name, str(file), str(case), str(helper), job.class_name, str(weights)], folder)
    if "error" in answer:
        raise ExportError(
            f"The exported file could not be used again, so “{target.name}” was not written: {answer['error']}", place=str(target)
        )
    difference = float(answer["difference"])
    if not isfinite(difference) or difference > TOLERANCE * max(1.0, float(answer["scale"])):
        raise ExportError(
            f"The exported file computes something else (difference {difference:.3g}), so “{target.name}” was not written.",
            place=str(target),
            remedy="Export in another format, and report this network.",
        )
    return difference


def _ask(arguments: list[str], folder: Path) -> dict[str, float | str]:
    quiet = {
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONWARNINGS": "ignore",
        "CUDA_VISIBLE_DEVICES": "",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(_SCRIPT), *arguments],
            cwd=folder,
            env={**os.environ, **quiet},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"it took longer than {TIMEOUT:.0f} seconds"}
    try:
        answer: dict[str, float | str] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        return {"error": (done.stderr.strip().splitlines() or [f"the process ended with code {done.returncode}"])[-1]}
    return answer
