"""Any tensor of the network, opened: its sizes, figures, histogram, and slices as pictures, curves and numbers."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from netbuilder.app.opening import INPUT, Listed, Shown
from netbuilder.core.errors import NetbuilderError
from netbuilder.probe.places import Place
from netbuilder.probe.slices import Cut, cut, natural
from netbuilder.ui.context import UiContext
from netbuilder.ui.dialogs.tensor_keeping import ask_path, copy_slice, save
from netbuilder.ui.dialogs.tensor_list import TensorList, title
from netbuilder.ui.dialogs.tensor_parts import TensorParts
from netbuilder.ui.panels.later import Later, Relay
from netbuilder.ui.widgets.dialog import Dialog

Keys = QKeySequence.StandardKey
LIVE = 300
"""Milliseconds between two looks at a network that learns, at least."""
SHARE = 0.03
"""Part of the training's time, and of the window's, that looking may take."""
SOON = 400
"""Milliseconds without an edit after which an untrained network is made anew."""
MOST_LIVE, MOST = 500_000, 10_000_000
"""Numbers that are counted at each look while the network learns, and at rest, where that takes a second or two; of more, some."""


class TensorWindow(Dialog):
    """A window of its own that follows the training. `open_place` shows a tensor; the list at the left leads to all others."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.tensor")
        self.resize(1120, 720)
        self._context, self._session = context, context.session
        self._wanted: tuple[Place, dict[int, int]] | None = None
        self._place: Place | None = None
        self._shown: Shown | None = None
        self._cut = Cut()
        self._next = 0.0
        self._parts = TensorParts(context, self)
        self.list: TensorList = self._parts.list
        self._listing, self._taking = Later(self), Later(self)
        self._listing.answered.connect(self._on_list)
        self._listing.failed.connect(self._on_failed)
        self._taking.answered.connect(self._on_tensor)
        self._taking.failed.connect(self._on_failed)
        self._clock, self._soon = QTimer(self), QTimer(self)
        self._clock.setInterval(LIVE)
        self._clock.timeout.connect(self._look_again)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._ask_list)
        self._relay = Relay(self._ask_later, self)
        self._connect()

    @property
    def place(self) -> Place | None:
        """The tensor on show."""
        return self._place

    @property
    def shown(self) -> Shown | None:
        """Its copy."""
        return self._shown

    @property
    def where(self) -> Cut:
        """The slice on show."""
        return self._cut

    @property
    def parts(self) -> TensorParts:
        """What the window is made of."""
        return self._parts

    def open_place(self, place: Place | None, at: dict[int, int] | None = None, sample: tuple[str, int] | None = None) -> None:
        """Show a tensor at these places on some of its axes, by default what was shown before; `sample` is a part and a number."""
        if sample is not None:
            self._parts.feed.show_sample(*sample)
        if place is not None:
            self._wanted = place, at or {}
        self._ask_list()

    # Asking

    def _ask_list(self) -> None:
        if self.isVisible() or self._wanted is not None:
            self._listing.ask(self._session.tensors())
            if self._shown is None:
                self._parts.say("Making the network…", "Its tensors can be opened in a moment.")

    def _ask_later(self) -> None:
        if self.isVisible():
            self._soon.start()

    def _ask(self) -> None:
        if self._place is not None:
            self._taking.ask(self._session.tensor(self._place, self._parts.feed.feed))

    def _look_again(self) -> None:
        """While the network learns: what has become of the tensor, as often as it costs the training next to nothing."""
        running = self._session.runner.state == "running"
        self._parts.show_live(running)
        if running and monotonic() >= self._next and not (self._taking.waiting or self._listing.waiting or self._parts.figures.waiting):
            known = any(place.kind == "gradient" for place in self.list.places)
            self._ask() if known else self._ask_list()

    # Answers

    def _on_list(self, found: Listed) -> None:
        if not self.isVisible():
            return
        self.list.offer(found.entries)
        self._parts.feed.offer(found.samples, found.fits)
        if not found.entries:
            self._parts.say("There is no tensor yet", "Add layers to the network, then open one of their tensors here.")
            return
        wanted, self._wanted = self._wanted, None
        place = wanted[0] if wanted is not None else self._place
        if place is None or not self.list.choose(place):
            place = next((entry.place for entry in found.entries if entry.place.kind == "parameter"), found.entries[0].place)
            self.list.choose(place)
        self._go(place, wanted[1] if wanted is not None else {})

    def _go(self, place: Place, at: dict[int, int] | None = None) -> None:
        entry = self.list.entry(place)
        if entry is None:
            return
        if place != self._place or at:
            self._parts.show_state("")
            sizes = tuple(1 if size is None else size for size in entry.shape)
            self._cut = natural(sizes)
            for axis, index in (at or {}).items():
                self._cut = self._cut.placed(axis, index)
        self._place = place
        self._parts.show_title(title(entry), place.kind)
        self.setWindowTitle(f"Tensor: {title(entry)}")
        self._ask()

    def _on_tensor(self, shown: Shown) -> None:
        if shown.place != self._place or not self.isVisible():
            return
        began, another = monotonic(), self._shown is None or self._shown.place != shown.place
        self._shown = shown
        self._cut = self._cut.fitted(shown.taken.values.shape)
        if another:
            self._parts.figures.clear()
        values = shown.taken.values
        self._parts.figures.count(values, MOST_LIVE if self._session.runner.state == "running" else MOST)
        self._show_slice()
        self._parts.show_tensor(shown.taken)
        self._next = monotonic() + max(LIVE / 1000, shown.seconds / SHARE, (monotonic() - began) / SHARE)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, NetbuilderError) and error.place == INPUT and self._parts.feed.fall_back():
            self._ask()
            return
        text = str(error) if isinstance(error, NetbuilderError) else f"This cannot be opened ({type(error).__name__}: {error})."
        self._shown = None
        self._parts.say("This tensor cannot be opened" if self.list.places else "No tensor to open yet", text)

    # Showing

    def _show_slice(self) -> None:
        if self._shown is None:
            return
        taken, known = self._shown.taken, self._parts.figures.summary
        self._parts.axes.show_cut(self._cut, taken.values.shape, taken.axes)
        whole = (known.minimum, known.maximum) if known is not None and known.finite else None
        self._parts.stage.show_slice(cut(taken.values, self._cut), self._cut, whole)

    def _recut(self, where: Cut) -> None:
        self._cut = where
        self._show_slice()

    def _copy(self) -> None:
        if self._shown is not None:
            self._parts.show_state(copy_slice(cut(self._shown.taken.values, self._cut)))

    def _save(self) -> None:
        path = ask_path(self, self._parts.file_name) if self._shown is not None else None
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the whole tensor as `.npy`; what goes wrong is said."""
        if self._shown is not None:
            self._parts.show_state(save(path, self._shown.taken.values))

    # Coming and going

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The desktop's keys for copy, save and find; Escape closes."""
        acts = {Keys.Copy: self._copy, Keys.Save: self._save, Keys.Find: self.list.search.setFocus}
        act = next((act for keys, act in acts.items() if event.matches(keys)), None)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _connect(self) -> None:
        parts = self._parts
        self.list.chosen.connect(self._go)
        parts.axes.changed.connect(self._recut)
        parts.feed.changed.connect(self._ask)
        parts.figures.counted.connect(self._show_slice)
        parts.copy.clicked.connect(lambda _checked: self._copy())
        parts.save.clicked.connect(lambda _checked: self._save())
        self._session.analysed.connect(self._on_network)
        self._session.inspected_changed.connect(self._on_network)
        self._session.data_changed.connect(self._relay.send)
        self._context.bridge.state_changed.connect(self._on_network)

    def _on_network(self, _what: Any = None) -> None:
        self._ask_later()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again at what may have changed while hidden."""
        super().showEvent(event)
        self._clock.start()
        self._ask_list()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is looking: the training is left alone."""
        self._clock.stop()
        self._soon.stop()
