"""JSON files beside runs and settings, written whole or not at all, and names for files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netbuilder.core.atomic import write_atomically
from netbuilder.core.errors import FileError


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file as a whole, making its folder first; raises `FileError` or `OSError` and leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def read_json(path: Path, subject: str) -> Mapping[str, Any]:
    """The object in a file that describes `subject` (“a run”); raises `FileError`, whose place is the file's folder."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(f"“{path}” cannot be read: {error}.", place=str(path.parent)) from error
    if not isinstance(content, dict):
        raise FileError(f"“{path}” does not describe {subject}.", place=str(path.parent))
    return content


def slug(text: str) -> str:
    """A name as part of a file name: `LeNet-5 (mine)` becomes `lenet-5-mine`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40] or "network"
