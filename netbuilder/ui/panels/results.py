"""The Results tab: what the network's answers to a part of the data are worth, class by class."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from netbuilder.app.looking import Outcome
from netbuilder.data.preview import PartName
from netbuilder.train import scoring
from netbuilder.train.events import EpochDone, Event, Started
from netbuilder.ui.context import UiContext
from netbuilder.ui.panels.chooser import Choice, Chooser
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.panels.recorded_filters import checkpoint_epochs
from netbuilder.ui.panels.results_pages import PAGES, TIPS, ClassTable, CurvesPage, ValuesPage
from netbuilder.ui.panels.results_samples import SamplesPage
from netbuilder.ui.plots.matrix import Matrix
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
        self._epoch, self._budget = 0, LEAST
        self._stale = True
        self._pace = QTimer(self, interval=PERIOD, singleShot=True)
        self._pace.timeout.connect(self._catch_up)
        self._outcome: Outcome | None = None
        self._narrow = False
        self._names: tuple[str, ...] = ()
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
        return self._outcome

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Ask again after an epoch."""
        for event in events:
            if isinstance(event, Started):
                self._epoch = event.first_epoch - 1
            elif isinstance(event, EpochDone):
                self._epoch = event.epoch
                self._budget = min(max(SHARE * event.seconds, LEAST), MOST)
                self._ask_soon()

    def ask(self) -> None:
        """Get answers from the newest weights, now if somebody looks, else when somebody does."""
        self._stale = True
        if not self.isVisible():
            return
        if self._session.dataset() is None and self._session.inspected is None:
            loading = self._session.data_state == "loading"
            self._say_empty(
                "Loading data…" if loading else "No answers yet", "" if loading else "Press Start, or load the data on the Data tab."
            )
        elif self._session.analysis.errors and self._session.inspected is None and not self._session.runner.active:
            self._say_empty("No answers yet", "Mend the network's problems, then press Start.")
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
        self._outcome = outcome
        answers = outcome.answers
        self._stack.setCurrentWidget(self._body)
        by_class = answers.kind != "values"
        if not self._narrow:
            self.matrix.setVisible(answers.kind == "classes")
        self._pages.setVisible(by_class)
        self._shown.setCurrentWidget(self._page(self._pages.current) if by_class else self.values)
        self._tell(outcome)
        if by_class:
            self._show_classes(outcome)
        else:
            self.values.show_outcome(outcome)
        if self._stale and not self._pace.isActive():
            self.ask()

    def _show_classes(self, outcome: Outcome) -> None:
        answers, count = outcome.answers, outcome.answers.outputs.shape[1]
        self._names = tuple(outcome.classes[n] if n < len(outcome.classes) else str(n) for n in range(count))
        curves = [scoring.roc(answers.outputs[:, n], answers.positives[:, n]) for n in range(count)]
        if answers.kind == "classes":
            self.matrix.show_counts(scoring.confusion(answers.targets, answers.predicted, count), self._names)
        self.classes.show_outcome(outcome, self._names, curves)
        self.curves.show_outcome(outcome, self._names, curves)
        self._show_samples()

    def _show_samples(self) -> None:
        """The samples of the chosen cell, or the surest mistakes."""
        outcome, cell = self._outcome, self.matrix.selected
        if outcome is None or outcome.answers.kind != "classes":
            if outcome is not None:
                self.samples.show_rows(outcome, np.zeros(0, np.int64), (), "Samples are shown where each has one class.")
            return
        answers = outcome.answers
        if cell is None:
            rows = answers.mistakes()
            title, empty = "Wrong answers, the surest first: true → predicted, probability", "Every answer is right."
        else:
            rows = np.flatnonzero((answers.targets == cell[0]) & (answers.predicted == cell[1]))
            rows = rows[np.argsort(-answers.outputs[rows].max(1), kind="stable")]
            true, said = self._names[cell[0]], self._names[cell[1]]
            title, empty = (
                f"{true} taken for {said}: {len(rows):,}" if true != said else f"{true}, rightly: {len(rows):,}",
                "No sample here.",
            )
        self.samples.show_rows(outcome, rows, self._names, title if len(rows) else empty)

    def _tell(self, outcome: Outcome) -> None:
        answers, run = outcome.answers, self._session.inspected
        seen, total = len(np.unique(answers.places)), answers.total
        words = [f"{seen:,} samples" if seen == total else f"{seen:,} of {total:,} samples"]
        if answers.kind == "classes":
            words.append(f"accuracy {float((answers.predicted == answers.targets).mean()):.2%}")
        if run is not None:
            words.append(f"run “{run[0].about.get('name', run[0].folder.name)}”")
        else:
            words.append(
                f"after epoch {self._epoch}"
                if self._epoch
                else "not trained yet"
                if self._session.runner.training is None
                else "in epoch 1"
            )
        self.title.setText(" · ".join(words))

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

    def _choose_page(self, key: str) -> None:
        if key == "samples" and self.matrix.selected is not None:
            self.matrix.selected = None
            self.matrix.update()
            self._show_samples()
        self._shown.setCurrentWidget(self._page(key))

    def _choose_cell(self, _row: int, _column: int) -> None:
        self._show_samples()
        self._pages.choose("samples")
        self._shown.setCurrentWidget(self.samples)

    def _page(self, key: str) -> QWidget:
        return {"matrix": self.matrix, "classes": self.classes, "curves": self.curves, "samples": self.samples}[key]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        self._arrange(event.size().width() < NARROW)

    def _arrange(self, narrow: bool) -> None:
        """The matrix beside the pages or one of them, the heading beside the choices or below them."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._pages.show_option("matrix", narrow)
        if narrow:
            self._shown.insertWidget(0, self.matrix)
            self._whole.insertWidget(1, self.title)
            return
        if self._pages.current == "matrix":
            self._pages.choose("classes")
            self._shown.setCurrentWidget(self.classes)
        self._row.insertWidget(0, self.matrix, 5)
        self.matrix.setVisible(self._outcome is None or self._outcome.answers.kind == "classes")
        self._head.insertWidget(2, self.title, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while hidden."""
        if self._stale or self._outcome is None:
            self.ask()

    def _build(self) -> None:
        self._empty = EmptyState("list", "No answers yet")
        self._body = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._body)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self._parts = Segmented(PARTS)
        self._parts.setObjectName("results.part")
        self._parts.choose("validation")
        self._parts.chosen.connect(lambda _key: self._ask_anew())
        self._pages = Segmented(PAGES)
        self._pages.setObjectName("results.pages")
        self._pages.chosen.connect(self._choose_page)
        self._pages.explain(TIPS)
        self._pages.show_option("matrix", False)
        self._pages.choose("classes")
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
        head.addWidget(self._pages)
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 8)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
        self._row = QHBoxLayout(self._body)
        self._build_body(self._row)

    def _build_body(self, row: QHBoxLayout) -> None:
        themes = self._context.themes
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        self.matrix = Matrix(themes)
        self.matrix.setObjectName("results.matrix")
        self.matrix.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.matrix.picked.connect(self._choose_cell)
        self.classes, self.curves = ClassTable(), CurvesPage(themes)
        self.samples, self.values = SamplesPage(themes), ValuesPage(themes)
        self.classes.chosen.connect(self.curves.choose)
        self._shown = QStackedWidget()
        for page in (self.classes, self.curves, self.samples, self.values):
            self._shown.addWidget(page)
        row.addWidget(self.matrix, 5)
        row.addWidget(self._shown, 11)
