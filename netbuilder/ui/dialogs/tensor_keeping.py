"""Taking a tensor away: a slice as text on the clipboard, the whole as a file. Each answers with a sentence on what was done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from netbuilder.core.atomic import write_atomically
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.format import count
from netbuilder.probe.slices import as_npy, written

MOST_COPIED = 2_000_000
"""Numbers that are copied as text at most."""


def copy_slice(values: NDArray[Any]) -> str:
    """Put (rows, columns) numbers on the clipboard, with tabs between them."""
    if values.size > MOST_COPIED:
        return f"{count(values.size)} numbers are too many to copy: save the tensor instead."
    QGuiApplication.clipboard().setText(written(values))
    return f"Copied {count(values.shape[0])} × {count(values.shape[1])} numbers."


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Where to save; nothing when the user thinks better of it."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save tensor", f"{name}.npy", "NumPy array (*.npy)")
    return Path(chosen) if chosen else None


def save(path: Path, values: NDArray[Any]) -> str:
    """Write a tensor of any order as `.npy`."""
    path = path if path.suffix else path.with_suffix(".npy")
    try:
        write_atomically(path, as_npy(values))
    except NetbuilderError as error:
        return str(error)
    return f"Saved as “{path.name}”."
