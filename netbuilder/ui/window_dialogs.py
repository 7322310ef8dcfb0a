"""Dialogs that a window opens for its commands; each is imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def go_to_outline(window: MainWindow) -> None:
    """The keyboard goes to the tree of layers."""
    outline = window.side.outline
    window.show_side("outline")
    outline.tree.setFocus()


def export_picture(window: MainWindow) -> None:
    """The network as SVG, PNG or PDF."""
    from netbuilder.ui.dialogs.picture import PictureDialog

    PictureDialog(window.context, window).exec()
