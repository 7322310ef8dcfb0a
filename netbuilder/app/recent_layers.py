"""The layers that the user added recently, offered first when adding the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.app.preferences import Preferences

_MOST = 8


class Lately:
    """Keys of layers and blocks, newest first; kept in the preferences where there are any."""

    def __init__(self, preferences: Preferences | None = None) -> None:
        self._preferences = preferences
        self._keys: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What was added, the newest first."""
        return self._keys if self._preferences is None else self._preferences.settings.recent_layers

    def add(self, key: str) -> None:
        """Note that this one was added."""
        keys = (key, *(other for other in self.keys if other != key))[:_MOST]
        if self._preferences is None:
            self._keys = keys
        else:
            self._preferences.note(recent_layers=keys)
