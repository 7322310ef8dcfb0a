"""Python's garbage collector under the window's control: it runs in the window's thread only, and never for long.

Left alone it runs in whichever thread happens to allocate, and an object of Qt destroyed in a worker thread ends the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

PERIOD, LOADING_PERIOD = 1000, 100
"""Milliseconds between two looks at how much has piled up; libraries that load leave much behind in little time."""
OLDEST = 2


class Collector(QObject):
    """Collects for Python, generation by generation, as its thresholds say.

    `take_over` stops the interpreter from collecting and begins here; `begin` tells that libraries are loaded; `hand_back` ends both.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def take_over(self) -> None:
        """From now on no other thread collects."""
        gc.disable()
        if not self._timer.isActive():
            self._timer.start(LOADING_PERIOD)

    @Slot()
    def begin(self) -> None:
        """Libraries are loaded: leave out what exists by now, so that collecting never takes long."""
        if not gc.isenabled():
            gc.freeze()
            self._timer.start(PERIOD)

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
