"""Trying an edit before it is made, so that the canvas can show what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netbuilder.core.edits import Edit

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.net.trial import Trial

MOST = 1500
"""With more layers than this nothing is tried: it would take longer than a frame."""


class Previews:
    """At most one edit of the graph on show is tried at a time; the session announces its `Trial`. A recorded edit ends it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.trial: Trial | None = None
        session.level.analysed.connect(self._end)
        session.level.moved.connect(self._end)

    def show(self, edit: Edit | None) -> Trial | None:
        """Try an edit, or end the trial with `None`; returns what the edit would change."""
        from netbuilder.net.trial import attempt

        analysis = self._session.level.analysis
        trial = attempt(edit, analysis) if edit is not None and len(analysis.graph.nodes) <= MOST else None
        self._set(trial)
        return trial

    def _end(self) -> None:
        self._set(None)

    def _set(self, trial: Trial | None) -> None:
        if trial is not self.trial:
            self.trial = trial
            self._session.previewed.emit(trial)
