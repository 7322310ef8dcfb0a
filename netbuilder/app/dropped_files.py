"""What a file or folder that is dragged onto the window can be used for: as project, weights, data, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec.inspect as inspection

from netbuilder.core.embedded import SUFFIXES as PICTURES
from netbuilder.core.files import SUFFIX

Use = Literal["project", "weights", "data", "nothing"]
WEIGHTS = (".safetensors", ".pt", ".pth", ".bin")
_IDX = ("idx", "ubyte")


def use_of(path: Path) -> Use:
    """How a path can be used, judged by its name, or for a folder by the names in it; nothing is read."""
    suffix = path.suffix.lower()
    if path.is_file() and suffix in (SUFFIX, *PICTURES):
        return "project"
    if path.is_file() and suffix in WEIGHTS:
        return "weights"
    return "data" if data_source(path) is not None else "nothing"


def data_source(path: Path) -> dict[str, Any] | None:
    """Settings of the data source that reads this, if there is one."""
    from netbuilder.data.sources.base import catalogue

    if path.is_dir():
        name = "idx" if any(word in each.name for each in path.iterdir() for word in _IDX) else "images"
        holds = name == "idx" or any(each.is_dir() for each in path.iterdir())
        return {"name": name, "folder": str(path)} if holds else None
    for name, kind in catalogue().items():
        described = inspection.type_info(kind)
        assert isinstance(described, inspection.StructType)
        for field in described.fields:
            extra = getattr(field.type, "extra", None) or {}
            if extra.get("path") == "file" and path.is_file() and path.suffix.lower().lstrip(".") in extra.get("suffixes", ()):
                return {"name": name, field.encode_name: str(path)}
    return None
