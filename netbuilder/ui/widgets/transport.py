"""Back, play, step and start anew: the buttons and keys of what goes on step by step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from netbuilder.ui.icons import icon
from netbuilder.ui.theme import Themes

_ICON = 14


def small_button(text: str, name: str, run: Callable[[], None]) -> QPushButton:
    """A small button which Enter elsewhere in a dialog does not press."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("kind", "small")
    button.setAutoDefault(False)
    button.setIconSize(QSize(_ICON, _ICON))
    button.clicked.connect(lambda: run())
    return button


class Transport(QWidget):
    """Four buttons, named `name`.back and so on. Space plays and holds, → and ← step, Home starts anew."""

    def __init__(
        self,
        name: str,
        themes: Themes,
        *,
        play: Callable[[], None],
        back: Callable[[], None],
        step: Callable[[], None],
        reset: Callable[[], None],
    ) -> None:
        super().__init__()
        self._themes, self._playing = themes, False
        self._runs: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: play,
            Qt.Key.Key_Right: step,
            Qt.Key.Key_Left: back,
            Qt.Key.Key_Home: reset,
        }
        self.back, self._play = small_button("Back", f"{name}.back", back), small_button("Play", f"{name}.play", play)
        self.step, self._reset = small_button("Step", f"{name}.step", step), small_button("Start anew", f"{name}.reset", reset)
        self._play.setMinimumWidth(78)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in (self.back, self._play, self.step, self._reset):
            row.addWidget(button)
        row.addStretch(1)
        themes.changed.connect(self._recolour)
        self._recolour()

    def show_playing(self, playing: bool) -> None:
        """Offer to hold what plays, or to play what holds."""
        self._playing = playing
        self._recolour()

    def takes(self, key: int) -> bool:
        """Do what a key stands for; False for a key that stands for nothing."""
        run = self._runs.get(key)
        if run is not None:
            run()
        return run is not None

    def _recolour(self) -> None:
        glyphs = {
            self._play: "pause" if self._playing else "play",
            self.back: "chevron-left",
            self.step: "step-forward",
            self._reset: "undo-2",
        }
        for button, glyph in glyphs.items():
            button.setIcon(icon(glyph, self._themes.current.text, _ICON))
        self._play.setText("Hold" if self._playing else "Play")
