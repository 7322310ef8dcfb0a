"""Small files of ours: written whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netbuilder.core.atomic import write_atomically


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file as a whole, making its folder first; raises `FileError` or `OSError` and leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def slug(text: str) -> str:
    """A name as part of a file name: `LeNet-5 (mine)` becomes `lenet-5-mine`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40] or "network"
