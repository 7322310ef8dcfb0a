"""Where the pictures are taken: a screen in memory and a home that is thrown away. Comes before Qt and torch."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCREEN = (1600, 1000)


@contextmanager
def offscreen(scale: int = 1) -> Iterator[None]:
    """Choose the platform, the screen's pixel ratio and a home of its own, for programs started inside."""
    with tempfile.TemporaryDirectory(prefix="netbuilder-pictures-") as name:
        folder = Path(name)
        screen = {"name": "screen", "x": 0, "y": 0, "width": SCREEN[0] * scale, "height": SCREEN[1] * scale}
        screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        (folder / "screen.json").write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": [screen]}))
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={folder / 'screen.json'}"
        os.environ["QT_SCALE_FACTOR"] = str(scale)
        os.environ["NETBUILDER_HOME"] = str(folder / "home")
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.environ.setdefault("GOMP_SPINCOUNT", "0")
        yield
