"""Which projects were open, where their windows were and what they showed: kept between starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPointF

from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.canvas.camera import Sight

if TYPE_CHECKING:
    from netbuilder.app.preferences import Preferences
    from netbuilder.ui.main_window import MainWindow

_MOST = 8
Kept = Mapping[str, Any]


def keep(preferences: Preferences, windows: Iterable[MainWindow]) -> None:
    """Remember these windows; those whose project was never saved have nothing to come back to."""
    preferences.change(session=tuple(_describe(window) for window in windows if window.document.path is not None)[:_MOST])


def kept(preferences: Preferences) -> list[Kept]:
    """The windows of the last session whose files are still there."""
    return [each for each in preferences.settings.session if _path(each).is_file()]


def vanished(preferences: Preferences) -> str:
    """A sentence about the files of the last session that are gone, empty when all are there."""
    gone = [f"“{_path(each).name}”" for each in preferences.settings.session if each.get("path") and not _path(each).is_file()]
    return f"{' and '.join(gone)} of the last session {'is' if len(gone) == 1 else 'are'} no longer there." if gone else ""


def put_back(window: MainWindow, place: Kept) -> None:
    """Show what the window showed; what does not fit any more is left as it is."""
    geometry = place.get("geometry")
    if isinstance(geometry, str) and geometry:
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    try:
        window.session.level.go(tuple(map(str, place.get("uses", ()))))
        x, y = place["centre"]
        window.canvas.camera.look_again(Sight(float(place["zoom"]), QPointF(float(x), float(y)), bool(place["fitted"])))
        window.tabs.show_tab(str(place["tab"]))
    except (NetbuilderError, KeyError, TypeError, ValueError):
        window.canvas.fit()


def _path(place: Kept) -> Path:
    return Path(str(place.get("path") or "/nowhere"))


def _describe(window: MainWindow) -> dict[str, Any]:
    sight = window.canvas.camera.sight
    return {
        "path": str(window.document.path.resolve()) if window.document.path is not None else "",
        "geometry": bytes(window.saveGeometry().toBase64().data()).decode(),
        "uses": list(window.session.level.uses),
        "centre": [round(sight.centre.x(), 1), round(sight.centre.y(), 1)],
        "zoom": round(sight.zoom, 4),
        "fitted": sight.fitted,
        "tab": window.tabs.current,
    }
