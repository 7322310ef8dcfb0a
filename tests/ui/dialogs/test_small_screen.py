"""Every dialog on a screen of 1440×900 pixels at twice the size of letters: it fits, and its buttons can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from netbuilder.ui import dialogs
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.widgets.dialog import FRAME, Dialog

ROOM = QSize(720, 450) - FRAME


def kinds(base: type[Dialog] = Dialog) -> Iterator[type[Dialog]]:
    """Every kind of dialog that is opened, none that others build upon."""
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from kinds(kind)
        elif kind.__module__.startswith(dialogs.__name__):
            yield kind


for module in iter_modules(dialogs.__path__):
    import_module(f"{dialogs.__name__}.{module.name}")


def make(kind: type[Dialog], window: MainWindow) -> Dialog:
    """As the window does."""
    more: dict[str, Callable[..., object]] = {
        "ShortcutsDialog": lambda: kind(window.context, window.shell.bind_shortcuts, window),
        "SweepWindow": lambda: kind(window.context, lambda _project: None, window),
    }
    return more.get(kind.__name__, lambda: kind(window.context, parent=window))()  # type: ignore[return-value]


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_it_fits(kind: type[Dialog], window: MainWindow, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(Dialog, "room", ROOM)
    dialog = make(kind, window)
    dialog.show()
    qtbot.waitExposed(dialog)
    try:
        assert dialog.size().boundedTo(ROOM) == dialog.size()
        hidden = [button.text() for button in dialog.findChildren(QPushButton) if button.isVisible() and not seen(button, dialog)]
        assert not hidden
    finally:
        dialog.close()
        if hasattr(dialog, "end"):
            dialog.end()


def seen(button: QWidget, dialog: Dialog) -> bool:
    """Whether it is within the dialog, or where one can scroll to it."""
    above = button.parentWidget()
    while above is not dialog:
        if isinstance(above, QScrollArea):
            return True
        above = above.parentWidget()
    return dialog.rect().contains(QRect(button.mapTo(dialog, QPoint()), button.size()))
