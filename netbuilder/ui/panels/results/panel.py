"""The Results tab: what the network's answers to a part of the data are worth, class by class."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.app.looking import Outcome
from netbuilder.app.models import checkpoint_epochs
from netbuilder.data.preview import PartName
from netbuilder.train.events import EpochDone, Event
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.panels.results.body import ResultsBody
from netbuilder.ui.widgets.elided_label import ElidedLabel
from netbuilder.ui.widgets.empty_state import EmptyState
from netbuilder.ui.widgets.segmented import Segmented

PARTS: tuple[tuple[PartName, str], ...] = (("train", "Train"), ("validation", "Validation"), ("test", "Test"))
SHARE, LEAST, MOST, PERIOD = 0.02, 0.03, 0.5, 1000
"""What looking may take of a training: a share of its epochs, within these seconds, and not before so many milliseconds."""
NARROW = 640
"""Width below which the matrix is a page like the others."""


class ResultsPanel(QWidget):
    """Asks for answers while it is visible: after every epoch of a training, else when the weights or the part change."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.results")
        self._context = context
        self._session = context.session
        self._budget = LEAST
        self._stale = True
        self._pace = QTimer(self, interval=PERIOD, singleShot=True)
        self._pace.timeout.connect(self._catch_up)
        self._later = Later(self)
        self._later.answered.connect(self.show_outcome)
        self._later.failed.connect(lambda error: self._say_empty("No answers", str(error)))
        self._relay = Relay(self.ask, self)
        self._build()
        self._session.data_changed.connect(self._relay.send)
        self._session.inspected_changed.connect(self._on_inspected)
        self._session.analysed.connect(lambda _analysis: self._on_network())
        context.bridge.events.connect(self.take)
        context.bridge.state_changed.connect(self._on_state)
        self._on_inspected()

    @property
    def outcome(self) -> Outcome | None:
        """What is shown."""
        return self.body.outcome

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Ask again after an epoch."""
        for event in events:
            if isinstance(event, EpochDone):
                self._budget = min(max(SHARE * event.seconds, LEAST), MOST)
                self._ask_soon()

    def ask(self) -> None:
        """Get answers from the newest weights, now if somebody looks, else when somebody does."""
        self._stale = True
        if not self.isVisible():
            return
        if self._session.dataset() is None and self._session.inspected is None:
            loading = self._session.data_state == "loading"
            advice = self._session.hindrance or "Press Start, or load the data on the Data tab."
            self._say_empty("Loading data…" if loading else "No answers yet", "" if loading else advice)
        elif self._session.analysis.errors and self._session.inspected is None and not self._session.runner.active:
            self._say_empty("No answers yet", self._session.hindrance)
        elif not self._later.waiting:
            self._stale = False
            self._later.ask(self._session.answers(self.part, self._budget))

    def _ask_soon(self) -> None:
        """After an epoch: at once, but not more than once a second."""
        self._stale = True
        if self._session.inspected is None and not self._pace.isActive():
            self._pace.start()
            self.ask()

    def _catch_up(self) -> None:
        if self._stale and self.isVisible():
            self._ask_soon()

    @property
    def part(self) -> PartName:
        """The part of the data that is answered."""
        return self._parts.current  # type: ignore[return-value]

    def show_outcome(self, outcome: Outcome) -> None:
        """Show these answers."""
        self._stack.setCurrentWidget(self.body)
        self.body.show_outcome(outcome)
        self._tell(outcome)
        if self._stale and not self._pace.isActive():
            self.ask()

    def _tell(self, outcome: Outcome) -> None:
        answers, run = outcome.answers, self._session.inspected
        seen, total = len(np.unique(answers.places)), answers.total
        words = [f"{seen:,} samples" if seen == total else f"{seen:,} of {total:,} samples"]
        if answers.kind == "classes":
            words.append(f"accuracy {float((answers.predicted == answers.targets).mean()):.2%}")
        if run is not None:
            words.append(f"run “{run[0].about.get('name', run[0].folder.name)}”")
        else:
            words.append(outcome.trained)
        self.title.setText(" · ".join(filter(None, words)))

    def _say_empty(self, title: str, text: str) -> None:
        self._empty.say(title, text)
        self._stack.setCurrentWidget(self._empty)

    def _on_state(self, state: str) -> None:
        if state in ("paused", "finished", "idle"):
            self.ask()

    def _on_inspected(self) -> None:
        inspected = self._session.inspected
        self._epochs.setVisible(inspected is not None)
        if inspected is not None:
            run, epoch = inspected
            self._epochs.offer(Choice(name, f"epoch {number}") for number, name in sorted(checkpoint_epochs(run).items()))
            self._epochs.choose(str(epoch))
        self._ask_anew()

    def _ask_anew(self) -> None:
        """Something else is asked for: what is on its way is of no interest any more."""
        self._later.forget()
        self.ask()

    def _on_network(self) -> None:
        """An edit is seen at once only while nothing has been trained; trained weights stay what they are."""
        if self._session.inspected is None and self._session.runner.training is None:
            self.ask()

    def _choose_epoch(self, name: str) -> None:
        if self._session.inspected is not None:
            self._session.inspect(self._session.inspected[0], name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        narrow = event.size().width() < NARROW
        if narrow != self.body.narrow:
            self._arrange(narrow)

    def _arrange(self, narrow: bool) -> None:
        """The heading beside the choices or below them."""
        self.body.arrange(narrow)
        if narrow:
            self._whole.insertWidget(1, self.title)
        else:
            self._head.insertWidget(2, self.title, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while hidden."""
        if self._stale or self.outcome is None:
            self.ask()

    def _build(self) -> None:
        self._empty = EmptyState("list", "No answers yet")
        self.body = ResultsBody(self._context.themes)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.body)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self._parts = Segmented(PARTS)
        self._parts.setObjectName("results.part")
        self._parts.choose("validation")
        self._parts.chosen.connect(lambda _key: self._ask_anew())
        self._epochs = Chooser()
        self._epochs.setObjectName("results.epoch")
        self._epochs.setAccessibleName("Epoch whose weights answer")
        self._epochs.setFixedWidth(120)
        self._epochs.chosen.connect(self._choose_epoch)
        self._head = head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._parts)
        head.addWidget(self._epochs)
        head.addWidget(self.title, 1)
        head.addWidget(self.body.pages)
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 8)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
