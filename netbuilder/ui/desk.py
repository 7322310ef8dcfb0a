"""The desk: which projects were open, where their windows were and what they showed, kept between starts.

The last session comes back as a whole; a project that was closed earlier shows what it showed when it is opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QPointF

from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.canvas.navigation.camera import Sight

if TYPE_CHECKING:
    from netbuilder.app.preferences import Preferences
    from netbuilder.core.document import Document
    from netbuilder.core.graph import Graph
    from netbuilder.ui.main_window import MainWindow

_MOST, _MOST_PLACES = 8, 24
Kept = Mapping[str, Any]


def keep(preferences: Preferences, windows: Iterable[MainWindow], closed: MainWindow | None = None) -> None:
    """Remember these windows, and what a closed one showed; those whose project was never saved have nothing to come back to."""
    open_ = [_describe(window) for window in windows if window.document.path is not None]
    left = [_describe(closed)] if closed is not None and closed.document.path is not None else []
    known: dict[str, Kept] = {}
    for place in (*open_, *left, *preferences.settings.places):
        known.setdefault(str(place.get("path")), place)
    preferences.change(session=tuple(open_[:_MOST]), places=tuple(known.values())[:_MOST_PLACES])


def place_of(preferences: Preferences, document: Document) -> Kept:
    """What a project showed when it was last open, wherever its window was; empty when that is not known."""
    path = str(document.path.resolve()) if document.path is not None else ""
    known = next((place for place in preferences.settings.places if path and place.get("path") == path), {})
    return {name: value for name, value in known.items() if name != "geometry"}


def kept(preferences: Preferences) -> list[Kept]:
    """The windows of the last session whose files are still there."""
    return [each for each in preferences.settings.session if _path(each).is_file()]


def vanished(preferences: Preferences) -> str:
    """A sentence about the files of the last session that are gone, empty when all are there."""
    gone = [f"“{_path(each).name}”" for each in preferences.settings.session if each.get("path") and not _path(each).is_file()]
    return f"{' and '.join(gone)} of the last session {'is' if len(gone) == 1 else 'are'} no longer there." if gone else ""


def put_back(window: MainWindow, place: Kept) -> None:
    """Show what the window showed; what does not fit any more is left as it is."""
    window.place = place
    if not place:
        return
    geometry = place.get("geometry")
    if isinstance(geometry, str) and geometry:
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    try:
        window.session.level.go(tuple(map(str, place.get("uses", ()))))
        x, y = place["centre"]
        window.canvas.camera.look_again(Sight(float(place["zoom"]), QPointF(float(x), float(y)), bool(place["fitted"])))
        window.tabs.show_tab(str(place["tab"]))
        window.context.selection.set(set(map(str, place.get("selected", ()))) & window.session.level.graph.nodes.keys())
    except (NetbuilderError, KeyError, TypeError, ValueError):
        window.canvas.fit()


def show_run(window: MainWindow) -> None:
    """Show the weights that were on show, where they are still there and the network is the one that learned them."""
    from netbuilder.app.runs import Run

    folder, session = str(window.place.get("run") or ""), window.session
    if not folder or session.runner.active or session.inspected is not None:
        return
    try:
        run = Run(Path(folder))
        if _drawn(run.project.graph) == _drawn(session.document.graph):
            session.inspect(run, window.place["epoch"])
    except (NetbuilderError, OSError, KeyError, TypeError, ValueError):
        return


def _drawn(graph: Graph) -> object:
    """What makes a network, wherever its layers are drawn."""
    return {id_: replace(node, position=(0.0, 0.0)) for id_, node in graph.nodes.items()}, graph.links, graph.blocks


def _path(place: Kept) -> Path:
    return Path(str(place.get("path") or "/nowhere"))


def _describe(window: MainWindow) -> dict[str, Any]:
    sight, session = window.canvas.camera.sight, window.session
    run, epoch = (session.inspected[0].folder, session.inspected[1]) if session.inspected else (session.runner.folder, "last")
    return {
        "path": str(window.document.path.resolve()) if window.document.path is not None else "",
        "geometry": bytes(window.saveGeometry().toBase64().data()).decode(),
        "uses": list(window.session.level.uses),
        "centre": [round(sight.centre.x(), 1), round(sight.centre.y(), 1)],
        "zoom": round(sight.zoom, 4),
        "fitted": sight.fitted,
        "tab": window.tabs.current,
        "selected": sorted(window.context.selection.ids),
        "run": str(run or ""),
        "epoch": epoch,
    }
