"""Writes checkpoints in a thread while training continues: one write at a time, its outcome reported as events."""

from __future__ import annotations

import threading
from pathlib import Path

from netbuilder.train.checkpointing import checkpoints
from netbuilder.train.checkpointing.checkpoints import Checkpoint
from netbuilder.train.events import CheckpointSaved, Event, Warned


class Writer:
    """Hand it checkpoints already copied to the host; `collect` the events; `close` joins its thread.

    A run folder that was deleted meanwhile is not created again: each write then ends in a warning.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / checkpoints.FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._thread: threading.Thread | None = None
        self._events: list[Event] = []

    def submit(self, names: tuple[str, ...], checkpoint: Checkpoint) -> None:
        """Write the checkpoint under each of the names, after the previous write has ended."""
        self.close()
        self._thread = threading.Thread(target=self._write, args=(names, checkpoint), name="checkpoint writer")
        self._thread.start()

    def collect(self) -> list[Event]:
        """What has been written, or has failed, since the last call."""
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Wait for the write in flight."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _write(self, names: tuple[str, ...], checkpoint: Checkpoint) -> None:
        for name in names:
            try:
                path = checkpoints.save(self.folder / name, checkpoint)
            except OSError as error:
                self._events.append(Warned(self._trouble(name, error)))
            else:
                self._events.append(CheckpointSaved(name, int(checkpoint.state.get("epoch", 0)), path))

    def _trouble(self, name: str, error: OSError) -> str:
        if not self.folder.parent.is_dir():
            return f"The run's folder is gone, so the checkpoint “{name}” cannot be written. Training goes on, but nothing of it is kept."
        reason = error.strerror or str(error)
        return f"The checkpoint “{name}” could not be written ({reason}). Training goes on; the previous checkpoint is unchanged."
