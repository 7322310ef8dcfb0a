"""Heavy libraries arrive after the window: plots first, then torch, in a thread of their own."""

from __future__ import annotations

import importlib
import logging
import threading

from PySide6.QtCore import QObject, Signal, Slot

log = logging.getLogger(__name__)
PLOTS = (
    "pyqtgraph",
    "netbuilder.ui.panels.training.panel",
    "netbuilder.ui.panels.feature_maps.panel",
    "netbuilder.ui.panels.data.panel",
    "netbuilder.ui.panels.results.panel",
    "netbuilder.ui.panels.runs.panel",
    "netbuilder.ui.panels.inspector.block_use",
    "netbuilder.ui.panels.inspector.activation_curve",
    "netbuilder.ui.panels.inspector.kernel",
    "netbuilder.ui.panels.inspector.sliding_window",
    "netbuilder.ui.widgets.loss_fields",
)
TORCH = ("torch", "netbuilder.train.engine")


class WarmUp(QObject):
    """Imports in the background. `plots_ready` and `torch_ready` arrive in the window's thread."""

    plots_ready = Signal()
    torch_ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plots_are_ready = False
        self._thread: threading.Thread | None = None
        self._leaving = threading.Event()
        self._go_on = threading.Event()
        self.plots_ready.connect(self._note_plots)

    @property
    def started(self) -> bool:
        """Whether it has begun."""
        return self._thread is not None

    def start(self) -> None:
        """Begin, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="warm-up", daemon=False)
            self._thread.start()

    def go_on(self) -> None:
        """Begin with torch: called when the plots are on the screen, so that both never compete."""
        self._go_on.set()

    def join(self) -> None:
        """Wait for the import in progress; none is begun after this."""
        self._leaving.set()
        self._go_on.set()
        if self._thread is not None:
            self._thread.join()

    @Slot()
    def _note_plots(self) -> None:
        self.plots_are_ready = True

    def _work(self) -> None:
        for names, signal in ((PLOTS, self.plots_ready), (TORCH, self.torch_ready)):
            for name in names:
                if self._leaving.is_set():
                    return
                if name == "torch":
                    from netbuilder.ui.startup.libraries import load_torch

                    load_torch()
                try:
                    importlib.import_module(name)
                except ImportError:
                    log.exception("%s cannot be imported", name)
            signal.emit()
            self._go_on.wait()
