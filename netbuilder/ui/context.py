"""What every panel is given: the session and the few objects that the whole window shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from netbuilder.app.recent_layers import Lately

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.ui.bridge import Bridge
    from netbuilder.ui.commands import CommandRegistry
    from netbuilder.ui.selection import Selection
    from netbuilder.ui.theme import Themes


class Notify(Protocol):
    """Shows a short message; `kind` is `info`, `good`, `warning` or `error`, `place` a node id to point at."""

    def __call__(self, text: str, kind: str = "info", place: str | None = None) -> None: ...


class UiContext(Struct, frozen=True):
    """Handed to each panel's constructor: `Panel(context, parent)`."""

    session: Session
    selection: Selection
    themes: Themes
    commands: CommandRegistry
    bridge: Bridge
    notify: Notify
    lately: Lately = field(default_factory=Lately)
