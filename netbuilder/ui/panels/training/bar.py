"""The bar under the menus: start, pause, step, stop; how far training is, how fast, and how large the network is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from netbuilder.core import format as written
from netbuilder.train.events import EpochDone, Event, Finished, Started, StepsLogged, Validating
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import icon
from netbuilder.ui.panels.later import Relay
from netbuilder.ui.panels.training.commands import add_train_commands
from netbuilder.ui.panels.training.readout import Readout
from netbuilder.ui.panels.training.totals import Totals
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.progress import Progress

PRIMARY = {"running": ("Pause", "pause"), "pausing": ("Pause", "pause"), "paused": ("Resume", "play"), "loading": ("Start", "play")}


class TrainBar(QWidget):
    """Follows the runner's state and events. `problems_requested` asks the window to show the problems."""

    problems_requested = Signal()

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.train")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "panel")
        self.setFixedHeight(47)
        self._context = context
        self._session = context.session
        self._started: Started | None = None
        self._finished: Finished | None = None
        self._forget()
        add_train_commands(context, self)
        self._build()
        context.bridge.events.connect(self.take)
        context.bridge.state_changed.connect(self._on_state)
        context.themes.changed.connect(self._show)
        context.session.analysed.connect(self._on_analysed)
        self._relay = Relay(self._show, self)
        context.session.data_changed.connect(self._relay.send)
        context.session.document.configured.connect(self._show)
        self._on_analysed()

    # Following

    @Slot(list)
    def take(self, events: list[Event]) -> None:
        """Show what these events say."""
        for event in events:
            match event:
                case Started():
                    self._started = event
                    self._epoch, self._rate = event.first_epoch, 0.0
                    self._samples_a_step = self._samples() / max(1, event.steps_per_epoch)
                case StepsLogged():
                    self._epoch, self._step, self._memory = event.epoch, event.step, event.memory_bytes
                    self._rate = event.images_per_second if not self._rate else 0.9 * self._rate + 0.1 * event.images_per_second
                case Validating():
                    self._judged = f"judging {event.done:,} of {event.total:,} samples"
                    continue
                case EpochDone():
                    self._step, self._rate = event.step, event.images_per_second
                case Finished():
                    self._finished = event
            self._judged = ""
        self._show_figures()

    @Slot(str)
    def _on_state(self, state: str) -> None:
        if state == "loading":
            self._forget()
        self._show()

    def _on_analysed(self, _analysis: object = None) -> None:
        self._show()

    def _forget(self) -> None:
        self._started = None
        self._finished = None
        self._judged = ""
        self._epoch = self._step = self._memory = 0
        self._rate = 0.0
        self._samples_a_step = 0.0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the live figures come before the totals."""
        self._totals.fit(event.size().width())

    # Showing

    def _show(self) -> None:
        state = self._session.state
        self._context.commands.refresh()
        title, glyph = PRIMARY.get(state, ("Start", "play"))
        theme = self._context.themes.current
        action = self._context.commands.action("train.start")
        self._primary.setText(f" {title}")
        self._primary.setEnabled(action.isEnabled())
        self._primary.setIcon(icon(glyph, theme.on_accent if action.isEnabled() else theme.faint, 14))
        self._primary.setToolTip(f"{title} ({action.shortcut().toString()})")
        self._step_button.setEnabled(self._context.commands.action("train.step").isEnabled())
        active = self._context.commands.action("train.stop").isEnabled()
        self._after_epoch.setEnabled(active)
        self._more.setEnabled(active)
        self._show_figures()

    def _show_figures(self) -> None:
        state = self._session.state
        self._show_progress(state)
        self._line.say(*self._sentence(state))

    def _setting(self, name: str, default: int) -> int:
        value = self._session.document.project.training.get(name, default)
        return value if type(value) is int and value > 0 else default

    def _samples(self) -> int:
        """How many there are to train on."""
        dataset = self._session.dataset()
        return len(dataset.train) if dataset is not None else 0

    def _show_progress(self, state: str) -> None:
        started = self._started
        epochs = started.epochs if started else self._setting("epochs", 20)
        now = self._epoch if started else 0
        digits = len(str(epochs))
        self._epochs.setText(f"{now:>{digits}} / {epochs}")
        if started is None and state in ("loading", "running"):
            self._progress.show_busy()
            return
        total = started.steps_per_epoch * epochs if started else 0
        self._progress.show_share(self._step / total if total else 0.0)

    def _sentence(self, state: str) -> tuple[str, str]:
        """What the line after the progress bar says, and in which colour."""
        errors = len(self._session.judged.errors)
        if state == "failed":
            return self._session.runner.error or "Training failed.", "error"
        if state == "loading":
            return ("Measuring speed…" if self._session.dataset() is not None else "Loading data…"), "secondary"
        if state == "stopping":
            return "Stopping after this step…", "secondary"
        if state in ("running", "pausing") and (self._started is None or not self._rate):
            return "Measuring speed…", "secondary"
        if state == "paused" and self._started is None:
            return "Paused before the first step.", "secondary"
        if state in ("running", "pausing", "paused") and self._started is not None:
            held = f"Paused after step {self._step:,}" if self._step else "Paused"
            figures = f"{held} · {self._figures()}" if state == "paused" else self._figures()
            if self._session.runner.settings_changed:
                return f"Changed settings count from the next start · {figures}", "warning"
            return figures, "secondary"
        if not self._session.document.graph.nodes:
            return "The canvas is empty: drag layers onto it, or choose File › New.", "secondary"
        if errors:
            return f"{errors} problem{'s' if errors > 1 else ''} keep{'' if errors > 1 else 's'} this network from training", "link"
        if self._finished is not None:
            return self._finished.message, "error" if self._finished.reason == "diverged" else "secondary"
        return f"Press Start to train {self._what()}. Pause and edit at any time.", "secondary"

    def _what(self) -> str:
        """The document and its data by name."""
        dataset, name = self._session.dataset(), self._session.document.project.name
        return f"{name} on {dataset.name}" if dataset is not None else name

    def _figures(self) -> str:
        started = self._started
        assert started is not None
        if self._judged:
            return f"{self._judged} · {started.device}"
        samples = (started.steps_per_epoch * started.epochs - self._step) * self._samples_a_step
        left = [f"{written.duration(samples / self._rate)} left"] if self._samples_a_step and self._rate else []
        speed = [f"{round(self._rate, -1):,.0f} images/s"] if self._rate else []
        parts = [*left, *speed, started.device]
        if self._memory:
            parts.append(written.size(self._memory))
        return " · ".join(parts)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 9)
        row.setSpacing(8)
        self._primary = self._button("Start", "train.start", primary=True)
        self._step_button = self._button("Step", "train.step")
        self._after_epoch = self._button("Stop after epoch", "train.stop_after_epoch")
        self._more = self._more_button()
        self._epochs = label("0 / 20")
        self._epochs.setStyleSheet('font-family: "JetBrains Mono"; font-size: 13px; font-weight: 600;')
        self._epochs.setObjectName("train.epoch")
        self._epochs.setMinimumWidth(64)
        self._progress = Progress(self._context.themes, 190)
        self._progress.setObjectName("train.progress")
        self._line = Readout(self._context.themes)
        self._line.setObjectName("train.line")
        self._line.clicked.connect(self._ask_for_problems)
        self._totals = Totals(self._context)
        for part in (self._primary, self._step_button, self._after_epoch, self._more):
            row.addWidget(part)
        row.addSpacing(12)
        row.addWidget(label("Epoch", "secondary"))
        row.addWidget(self._epochs)
        row.addWidget(self._progress)
        row.addSpacing(8)
        row.addWidget(self._line, 1)
        row.addWidget(self._totals)

    def _more_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("train.more")
        button.setIcon(icon("ellipsis", self._context.themes.current.secondary, 16))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setAccessibleName("More ways to stop")
        button.setToolTip("More ways to stop")
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        button.setFixedSize(26, 28)
        menu = QMenu(button)
        menu.addAction(self._context.commands.action("train.stop"))
        button.setMenu(menu)
        return button

    def _button(self, text: str, command: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"button.{command}")
        button.setFixedHeight(28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if primary:
            button.setProperty("kind", "primary")
            button.setFixedWidth(96)
            button.setIconSize(QSize(14, 14))
        else:
            action = self._context.commands.action(command)
            button.setToolTip(action.toolTip())
            action.changed.connect(lambda: button.setToolTip(action.toolTip()))
        button.clicked.connect(lambda: self._context.commands.run(command))
        return button

    def _ask_for_problems(self) -> None:
        self.problems_requested.emit()
        if "view.problems" in self._context.commands:
            self._context.commands.run("view.problems")
