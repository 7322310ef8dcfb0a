"""Python's garbage collector under the window's control: it runs in the window's thread only, and never for long.

Left alone it runs in whichever thread happens to allocate, and an object of Qt destroyed in a worker thread ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

PERIOD = 1000
"""Milliseconds between two looks at how much has piled up."""
OLDEST = 2


class Collector(QObject):
    """Collects for Python, generation by generation, as its thresholds say.

    `take_over` stops the interpreter from collecting; `begin` starts to collect here; `hand_back` ends both.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD)
        self._timer.timeout.connect(self.look)

    def take_over(self) -> None:
        """From now on no other thread collects."""
        gc.disable()

    @Slot()
    def begin(self) -> None:
        """Collect from time to time. What exists already, libraries above all, is left out, so that it never takes long."""
        if not gc.isenabled():
            gc.freeze()
            self._timer.start()

    def hand_back(self) -> None:
        """The interpreter collects again, everything and wherever it likes."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is full."""
        full = [g for g in range(OLDEST + 1) if gc.get_count()[g] > gc.get_threshold()[g]]
        if full:
            gc.collect(full[-1])
