"""The window of the loss landscape: a snapshot of the weights is taken, drawn along directions of choice, and its curvature measured."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from netbuilder.app.landscape import Site, Surveyor
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.format import duration
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.landscape_curvature import CurvatureView
from netbuilder.ui.dialogs.landscape_form import LandscapeForm
from netbuilder.ui.dialogs.landscape_view import LandscapeView
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.labels import label
from netbuilder.ui.widgets.rule import rule
from netbuilder.ui.widgets.transport import small_button

PERIOD = 120
"""Milliseconds between two looks at the work in progress."""
AT_ONCE = 8.0
"""What takes fewer seconds is drawn without being asked for."""
SIDE = 372
EMPTY = "The loss around the weights is drawn here."


class LandscapeWindow(Dialog):
    """A window of its own beside the main one. Training may go on meanwhile: it lends its weights once, for each snapshot."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.landscape")
        self.setWindowTitle("Loss landscape")
        self.resize(1120, 740)
        self._context = context
        self.surveyor = Surveyor(context.session)
        self._doing, self._first = "", True
        self._clock = QTimer(self)
        self._clock.setInterval(PERIOD)
        self._clock.timeout.connect(self._look)
        self._build()
        self.take_snapshot()

    # Work

    @property
    def busy(self) -> bool:
        """Whether something is at work."""
        return bool(self._doing)

    def take_snapshot(self) -> None:
        """Take the newest weights; what is quick is drawn at once."""
        self._begin("snapshot", lambda: self.surveyor.settle(self.form.samples))

    def draw(self) -> None:
        """Draw what the form asks for, or stop."""
        if self.surveyor.active:
            self.surveyor.stop()
        elif self.form.readable:
            self._begin("drawing", lambda: self.surveyor.draw(self.form.spec))

    def measure(self) -> None:
        """Find the eigenvalues of the Hessian."""
        self._begin("curvature", self.surveyor.curve)

    def end(self) -> None:
        """Stop and wait for the thread."""
        self._clock.stop()
        self.surveyor.close()

    def done(self, result: int) -> None:
        """Nobody is looking any more."""
        self.surveyor.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody is looking any more."""
        self.surveyor.stop()
        super().closeEvent(event)

    def _begin(self, doing: str, work: object) -> None:
        assert callable(work)
        try:
            work()
        except NetbuilderError as error:
            self._say(str(error), "error")
            return
        self._doing = doing
        self._clock.start()
        self._look()

    def _look(self) -> None:
        active = self.surveyor.active
        self._show()
        if active:
            return
        self._clock.stop()
        ended, self._doing = self._doing, ""
        self._show()
        site = self.surveyor.site
        if self.surveyor.state == "failed":
            self._say(self.surveyor.error, "error")
        elif ended == "snapshot" and site is not None:
            self.form.show_site(site)
            if site.seconds(self.form.spec) < AT_ONCE and self.isVisible():
                self.draw()
        elif self.surveyor.state == "stopped" and ended:
            self._say("Stopped. What was found until then is shown.", "secondary")

    # What is seen

    def _show(self) -> None:
        site, busy = self.surveyor.site, self.busy
        self.origin.setText(_origin(site))
        self.view.show_landscape(None if site is None else site.chart, () if site is None else site.path)
        self.curvature.show_curvature(None if site is None else site.curvature, None if site is None else site.recipe)
        self.start.setText("Stop" if busy else "Draw")
        self.start.setEnabled(busy or (site is not None and self.form.readable))
        for button in (self.again, self.curve):
            button.setEnabled(not busy and (site is not None or button is self.again))
        self.bar.setVisible(busy)
        if busy:
            self._show_progress()
        else:
            self._show_estimate()

    def _show_progress(self) -> None:
        ticks, left = self.surveyor.ticks(), self.surveyor.left
        done, total = (ticks[-1].done, ticks[-1].total) if ticks else (0, 1)
        known = self._doing != "snapshot"
        self.bar.setRange(0, total if known else 0)
        self.bar.setValue(done)
        words = {
            "snapshot": "Taking the weights and measuring how long one look takes…",
            "drawing": f"{done:,} of {total:,} places",
            "curvature": f"{done:,} of at most {total:,} products with the Hessian",
        }[self._doing]
        self._say(f"{words}, {duration(left)} left" if known and left is not None else words, "secondary")

    def _show_estimate(self) -> None:
        site = self.surveyor.site
        if site is None:
            self._say("" if self.surveyor.state != "failed" else self.surveyor.error, "error")
            return
        try:
            seconds = site.seconds(self.form.spec)
        except NetbuilderError as error:
            self._say(str(error), "error")
            return
        self._say(f"One look takes {_brief(site.look)}; the drawing about {_brief(seconds)}.", "secondary")
        self.view.flat.empty = f"{EMPTY} It takes about {_brief(seconds)}: press Draw, or choose fewer places or samples."
        self.curve.setToolTip(f"One product with the Hessian takes {_brief(site.product)}")

    def _changed(self) -> None:
        if not self.busy:
            self._show()

    def _say(self, text: str, role: str) -> None:
        if (text, role) != (self.line.text(), self.line.property("role")):
            self.line.setText(text)
            self.line.setProperty("role", role)
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)

    def _build(self) -> None:
        self.view = LandscapeView(self._context, EMPTY)
        self.form = LandscapeForm()
        self.form.changed.connect(self._changed)
        self.form.resampled.connect(self.take_snapshot)
        self.origin = label("", "", wrap=True)
        self.origin.setObjectName("landscape.origin")
        self.line = label("", "secondary", wrap=True)
        self.line.setObjectName("landscape.line")
        self.line.setMinimumHeight(32)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.start = QPushButton("Draw")
        self.start.setObjectName("landscape.draw")
        self.start.setProperty("kind", "primary")
        self.start.setAutoDefault(False)
        self.start.clicked.connect(self.draw)
        self.again = small_button("Take the newest weights", "landscape.again", self.take_snapshot)
        self.curve = small_button("Measure", "landscape.measure", self.measure)
        self.curvature = CurvatureView(self._context.themes)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 12)
        row.setSpacing(16)
        row.addWidget(self.view, 1)
        row.addWidget(self._side())
        self.start.setFocus()

    def _side(self) -> QWidget:
        holder = QWidget()
        side = QVBoxLayout(holder)
        side.setContentsMargins(0, 0, 8, 0)
        side.setSpacing(10)
        side.addWidget(self.origin)
        side.addWidget(self.form)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.start)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        side.addLayout(buttons)
        side.addWidget(self.bar)
        side.addWidget(self.line)
        side.addWidget(rule())
        head = QHBoxLayout()
        head.addWidget(label("Curvature here", "heading"))
        head.addStretch(1)
        head.addWidget(self.curve)
        side.addLayout(head)
        side.addWidget(self.curvature)
        side.addStretch(1)
        area = QScrollArea()
        area.setObjectName("landscape.side")
        area.setWidgetResizable(True)
        area.setFixedWidth(SIDE)
        area.setWidget(holder)
        return area


def _origin(site: Site | None) -> str:
    if site is None:
        return ""
    wrong = "" if site.error is None else f", error {site.error:.1%}"
    return f"{site.origin}. Loss {site.loss:.4g}{wrong} on {site.ground.feeder.count:,} training samples."


def _brief(seconds: float) -> str:
    """A span of time, short ones too: `3 ms`, `1.4 s`, `02:10`."""
    if seconds < 1:
        return f"{max(1, round(1000 * seconds))} ms"
    return f"{seconds:.2g} s" if seconds < 60 else duration(seconds)
