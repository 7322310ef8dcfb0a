"""Dialogs that a window opens for its commands; each is imported when it is first opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.widgets.later_panel import LaterPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from netbuilder.ui.main_window import MainWindow


def go_to_tab(window: MainWindow, key: str) -> None:
    """Bring a tab of the bottom panel to the front and hand the keyboard to its first control."""
    window.show_tab(key)
    place = window.tabs.panel(key)
    panel = place.make() if isinstance(place, LaterPanel) else place
    panel.show()
    at: QWidget | None = panel.nextInFocusChain()
    while at is not None and at is not panel:
        shown = panel.isAncestorOf(at) and at.isVisible() and at.isEnabled()
        if shown and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            _holding(at).setFocus(Qt.FocusReason.TabFocusReason)
            return
        at = at.nextInFocusChain()


def _holding(widget: QWidget) -> QWidget:
    """Of several choices the one that holds; any other control itself."""
    from PySide6.QtWidgets import QAbstractButton

    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return (group.checkedButton() if group is not None else None) or widget


def go_to_outline(window: MainWindow) -> None:
    """The keyboard goes to the tree of layers."""
    outline = window.side.outline
    window.show_side("outline")
    outline.tree.setFocus()


def open_run(window: MainWindow) -> None:
    """List a run from any folder, and show its curves; one that another process writes is followed."""
    from PySide6.QtWidgets import QFileDialog

    folder = QFileDialog.getExistingDirectory(window, "Open run folder", str(window.session.runs.folder))
    if not folder:
        return
    try:
        window.session.inspect(window.session.runs.include(folder))
    except NetbuilderError as error:
        window.notify(str(error), "error")
    else:
        window.show_tab("training")


def export(window: MainWindow) -> None:
    """Weights and code to use elsewhere."""
    from netbuilder.ui.dialogs.export import ExportDialog

    ExportDialog(window.context, window).exec()


def load_weights(window: MainWindow, path: Path | None = None) -> None:
    """Weights of others by name, from a file that is asked for; what fits is told when they are there."""
    from netbuilder.ui.load_weights import WeightsLoader

    if path is None:
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(window, "Load weights", "", "Weights (*.safetensors *.pt *.pth *.bin);;All files (*)")
        if not name:
            return
        path = Path(name)
    WeightsLoader(window).load(path)


def show_shortcuts(window: MainWindow) -> None:
    """All shortcuts on one page."""
    from netbuilder.ui.dialogs.shortcuts import ShortcutsDialog

    ShortcutsDialog(window.context, window.shell.bind_shortcuts, window).exec()


def show_about(window: MainWindow) -> None:
    """Version, licence and where things are kept."""
    from netbuilder.ui.dialogs.about import AboutDialog

    AboutDialog(window.context, window).exec()


def export_picture(window: MainWindow) -> None:
    """The network as SVG, PNG or PDF."""
    from netbuilder.ui.dialogs.picture import PictureDialog

    PictureDialog(window.context, window).exec()
