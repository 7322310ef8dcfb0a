"""What the commands of the Train menu do, and when they can be used."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from netbuilder.app.training import ACTIVE, Origin
from netbuilder.core.errors import NetbuilderError
from netbuilder.ui.commands import needs
from netbuilder.ui.context import UiContext


class TrainActions:
    """Carries out the commands of the Train menu; the conditions say when each can be used."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        self._context = context
        self._parent = parent
        self._session = context.session

    @property
    def state(self) -> str:
        return self._session.state

    def title(self) -> str:
        return {"running": "Pause", "pausing": "Pause", "paused": "Resume"}.get(self.state, "Start")

    def can_start(self) -> bool:
        return self.state not in ACTIVE and not self._session.hindrance

    @needs("Needs a network without errors.")
    def can_start_or_hold(self) -> bool:
        return self.state in ("running", "pausing", "paused") or self.can_start()

    @needs("Needs a network without errors.")
    def can_step(self) -> bool:
        return self.state in ("running", "paused") or self.can_start()

    @needs("Nothing is being trained.")
    def can_end(self) -> bool:
        return self.state in ACTIVE and self.state != "stopping"

    def start_or_hold(self) -> None:
        if self.state == "paused":
            self._session.runner.resume()
        elif self.state in ("running", "pausing"):
            self._session.runner.pause()
        elif self.state not in ACTIVE:
            self._start()

    @needs("Show a run's weights first, with no training in progress.")
    def can_fine_tune(self) -> bool:
        return self._origin() is not None and self.can_start()

    def fine_tune(self) -> None:
        self._start(self._origin())

    def step(self) -> None:
        if self.state not in ACTIVE:
            self._start()
        self._session.runner.step()

    @needs("Needs a network without errors, and no training in progress.")
    def can_begin(self) -> bool:
        return self.can_start()

    def several(self, kind: str) -> None:
        from netbuilder.ui.dialogs.series import SeriesDialog

        SeriesDialog(self._context, kind, self._parent.window()).open()

    @needs("Not while a training is in progress.")
    def idle(self) -> bool:
        return self.state not in ACTIVE

    def find_rate(self) -> None:
        from netbuilder.ui.dialogs.rate_test import RateTestDialog

        RateTestDialog(self._context, self._parent.window()).open()

    def check(self) -> None:
        from netbuilder.ui.dialogs.sanity import SanityDialog

        SanityDialog(self._context, self._parent.window()).open()

    def baseline(self) -> None:
        from netbuilder.ui.dialogs.baseline import BaselineDialog

        BaselineDialog(self._context, self._parent.window()).open()

    def sweep(self) -> None:
        from netbuilder.ui.sweep_windows import show_sweep

        show_sweep(self._parent.window())  # type: ignore[arg-type]

    @needs("Select a run in the Runs tab.")
    def can_open_network(self) -> bool:
        return self._session.inspected is not None or (self.state != "idle" and self._session.runner.folder is not None)

    def open_network(self) -> None:
        from netbuilder.ui.sweep_windows import open_network

        open_network(self._parent.window())  # type: ignore[arg-type]

    def stop_after_epoch(self) -> None:
        self._session.runner.stop_after_epoch()

    def stop(self) -> None:
        self._session.runner.abort()

    def _origin(self) -> Origin | None:
        """The weights on show: of the run that is looked into, or of the training that has ended."""
        if self._session.inspected is not None:
            run, epoch = self._session.inspected
            return Origin(run.folder, epoch)
        folder = self._session.runner.folder if self.state in ("finished", "failed") else None
        return Origin(folder, "last") if folder is not None else None

    def _start(self, resume: Origin | None = None) -> None:
        try:
            self._session.runner.start(resume)
        except NetbuilderError as error:
            self._context.notify(str(error), kind="error", place=error.place)
