"""What `run.json` says of a run when it begins: its settings, and what its figures depend on beside them."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from netbuilder.core.document import Project


def describe(project: Project, configuration: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The content of the file, without the run that it continues."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("netbuilder")
    except PackageNotFoundError:
        own = "unknown"
    return {
        "format": 1,
        "name": project.name,
        "created": now.isoformat(timespec="seconds"),
        "netbuilder": own,
        "seed": configuration.get("training", {}).get("seed", 0),
        "configuration": dict(configuration),
        "environment": environment(),
    }


def environment() -> dict[str, Any]:
    """What the figures of a run depend on beside its settings."""
    import numpy
    import torch

    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "processors": os.cpu_count(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "cuda": torch.version.cuda,
        "host": socket.gethostname(),
    }
