"""Dialogs that a window opens for its commands; each is imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def export_picture(window: MainWindow) -> None:
    """The network as SVG, PNG or PDF."""
    from netbuilder.ui.dialogs.picture import PictureDialog

    PictureDialog(window.context, window).exec()
