"""Where things are on disk: bundled files, and the user's settings, runs and recovery files."""

from __future__ import annotations

import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_BUNDLED = _HERE / "resources" if (_HERE / "resources").is_dir() else _HERE.parent / "resources"


def resource(*parts: str) -> Path:
    """Path of a bundled file, such as `resource("data", "mnist")`: in the installed package or at the repository's top."""
    return _BUNDLED.joinpath(*parts)


def home(*parts: str) -> Path:
    """Path below the user's own folder; `NETBUILDER_HOME` moves it."""
    if base := os.environ.get("NETBUILDER_HOME"):
        return Path(base, *parts)
    import platformdirs

    return platformdirs.user_data_path("netbuilder").joinpath(*parts)
