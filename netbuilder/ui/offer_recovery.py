"""Unsaved work of a program that ended too soon, offered at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.app.recovery import found
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui import ask

if TYPE_CHECKING:
    from netbuilder.ui.application import Application
    from netbuilder.ui.main_window import MainWindow


def offer_recovery(application: Application) -> None:
    """Ask about each autosave that was left behind; those that are opened or discarded go."""
    for each in found():
        if not application.windows:
            return
        answer = ask.ask_to_recover(application.windows[-1], each.name)
        try:
            kept = answer == "later" or (answer == "open" and not _recover(application, each.open()))
        except NetbuilderError as error:
            application.notice(str(error))
            continue
        if not kept:
            each.discard()


def _recover(application: Application, document: Document) -> bool:
    """Show recovered work; whether its own autosave is on the disk, so that the old one may go."""
    window = application.show(document, _stands_for(application, document))
    application.settle(window)
    return window.autosave is not None and window.autosave.wait_written(10.0)


def _stands_for(application: Application, document: Document) -> MainWindow | None:
    """The window in whose place recovered work is shown: the one with the same file, else one that was never saved anywhere."""
    return next((window for window in application.windows if window.document.path == document.path), None)
