"""Transfer to other data, as commands of a window: another head, what learns and what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netbuilder.core import format as written
from netbuilder.core.edits import Edit
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.transfer import freeze_all_but, head_layers, thaw

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow


def replace_head(window: MainWindow) -> None:
    """Ask for how many classes."""
    from netbuilder.ui.dialogs.head import HeadDialog

    HeadDialog(window.context, window).open()


def freeze(window: MainWindow) -> None:
    """Let nothing but the selected layers learn, or nothing but the head when none with weights is selected."""
    analysis = window.session.analysis
    chosen = selected(window)
    free = [id_ for id_ in analysis.graph.nodes if id_ in chosen] or list(head_layers(analysis))
    names = " and ".join(f"“{analysis.graph.nodes[id_].name}”" for id_ in free) if len(free) <= 3 else f"{len(free)} layers"
    if _apply(window, lambda: freeze_all_but(analysis, free), f"Freeze all but {names}"):
        parameters = sum(analysis.answers[id_].parameters for id_ in free)
        verb = "learns" if len(free) == 1 else "learn"
        window.notify(f"Only {names} {verb}: {written.count(parameters)} of {written.count(analysis.parameters)} parameters.", "good")


def let_all_learn(window: MainWindow) -> None:
    """Take the freezing away."""
    if _apply(window, lambda: thaw(window.session.analysis), "Let every layer learn"):
        window.notify(f"All {written.count(window.session.analysis.parameters)} parameters learn again.", "good")


def selected(window: MainWindow) -> frozenset[str]:
    """The selected layers of the network itself that have weights."""
    answers = window.session.analysis.answers
    ids = () if window.session.level.uses else window.context.selection.ids
    return frozenset(id_ for id_ in ids if id_ in answers and answers[id_].parameters)


def _apply(window: MainWindow, edit: Callable[[], Edit], label: str) -> bool:
    try:
        window.document.apply(edit(), label)
    except NetbuilderError as error:
        window.notify(str(error), "error", error.place)
        return False
    return True
