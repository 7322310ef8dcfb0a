"""The user's settings: theme, window, recent files. A damaged file is put aside and defaults take over."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from netbuilder.core.errors import FileError
from netbuilder.paths import home

log = logging.getLogger(__name__)
_MOST_RECENT = 12


class Settings(msgspec.Struct, frozen=True):
    """What is remembered between starts. Unknown fields of a newer version are ignored."""

    theme: Annotated[
        Literal["system", "dark", "light", "dark-contrast", "light-contrast"], Meta(description="Follow the system, or one of these")
    ] = "system"
    recent: tuple[str, ...] = ()
    recent_layers: tuple[str, ...] = ()
    session: tuple[dict[str, Any], ...] = ()
    places: tuple[dict[str, Any], ...] = ()
    geometry: str = ""
    layout: str = ""
    reduced_motion: Annotated[bool, Meta(description="No animations")] = False
    scale: Annotated[float, Meta(ge=0.5, le=4.0, description="Size of everything, from the next start on")] = 1.0
    hints_seen: tuple[str, ...] = ()
    shortcuts: dict[str, str] = msgspec.field(default_factory=dict)
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Preferences:
    """Reads once, writes on every change. `safe` starts from defaults and writes nothing."""

    def __init__(self, path: Path | None = None, *, safe: bool = False) -> None:
        self.path = path or home("settings.json")
        self.safe = safe
        self.settings = Settings() if safe else self._read()
        self._unwritten = False

    def note(self, **changes: Any) -> None:
        """Set fields of `Settings` that are written with the next change: small things that happen often."""
        changed = msgspec.structs.replace(self.settings, **changes)
        self._unwritten = self._unwritten or changed != self.settings
        self.settings = changed

    def change(self, **changes: Any) -> None:
        """Set fields of `Settings` and write them; a write that fails is logged, never raised."""
        self.note(**changes)
        if self.safe or not self._unwritten:
            return
        self._unwritten, changed = False, self.settings
        from netbuilder.app.files import write_json

        try:
            write_json(self.path, msgspec.to_builtins(changed))
        except (OSError, FileError) as error:
            log.warning("settings cannot be saved: %s", error)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened lately, newest first."""
        return tuple(Path(path) for path in self.settings.recent)

    def remember(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        name = str(path.resolve())
        self.change(recent=(name, *(other for other in self.settings.recent if other != name))[:_MOST_RECENT])

    def forget(self, path: Path) -> None:
        """Drop a project that is no longer there."""
        self.change(recent=tuple(other for other in self.settings.recent if other not in (str(path), str(path.resolve()))))

    def _read(self) -> Settings:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            log.warning("settings cannot be read: %s", error)
            return Settings()
        try:
            return msgspec.json.decode(data, type=Settings)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning("settings are damaged and start anew: %s", error)
            with contextlib.suppress(OSError):
                self.path.replace(self.path.with_name(self.path.name + ".bad"))
            return Settings()
