"""Small files of ours, written so that a crash or a full disk leaves the old one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file as a whole; raises `OSError` and leaves the old one when that fails."""
    write_bytes(path, (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside the file, flush to the disk, then put it in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def slug(text: str) -> str:
    """A name as part of a file name: `LeNet-5 (mine)` becomes `lenet-5-mine`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40] or "network"
