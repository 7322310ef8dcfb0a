"""The look as values: colour tokens of the dark and the light theme, fonts, and the object that switches between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from netbuilder.layers import tones
from netbuilder.layers.declare import Category
from netbuilder.paths import resource

Choice = Literal["system", "dark", "light", "dark-contrast", "light-contrast"]


class Theme(Struct, frozen=True):
    """Every colour the window uses. `on_accent` is text on the accent."""

    name: str
    window: QColor
    canvas: QColor
    grid: QColor
    panel: QColor
    raised: QColor
    line: QColor
    text: QColor
    secondary: QColor
    faint: QColor
    accent: QColor
    on_accent: QColor
    good: QColor
    warning: QColor
    error: QColor
    categories: Mapping[Category, QColor]

    @property
    def dark(self) -> bool:
        """Whether text is lighter than its background."""
        return self.text.lightness() > self.panel.lightness()

    def category(self, category: Category | None) -> QColor:
        """The colour of a family of layers; unknown layers are faint."""
        return self.faint if category is None else self.categories[category]

    @property
    def hover(self) -> QColor:
        """A panel under the pointer."""
        return mix(self.panel, self.text, 0.06)

    @property
    def pressed(self) -> QColor:
        """A control held down."""
        return mix(self.panel, self.text, 0.12)

    @property
    def selection(self) -> QColor:
        """Behind the chosen row of a list."""
        return mix(self.panel, self.accent, 0.2 if self.dark else 0.13)

    def tokens(self) -> dict[str, QColor]:
        """The plain colour tokens by name."""
        return {name: value for name in self.__struct_fields__ if isinstance(value := getattr(self, name), QColor)}


def mix(base: QColor, over: QColor, share: float) -> QColor:
    """`over` laid on `base` with the given opacity, 0 to 1."""
    return QColor(
        round(base.red() + (over.red() - base.red()) * share),
        round(base.green() + (over.green() - base.green()) * share),
        round(base.blue() + (over.blue() - base.blue()) * share),
    )


def theme_of(shades: tones.Tones) -> Theme:
    """The same colours as Qt has them."""
    colours: dict[str, Any] = {name: QColor(getattr(shades, name)) for name in Theme.__struct_fields__[1:-1]}
    return Theme(shades.name, **colours, categories={family: QColor(colour) for family, colour in shades.categories.items()})


DARK, LIGHT = theme_of(tones.DARK), theme_of(tones.LIGHT)


@cache
def contrasting(name: str) -> Theme:
    """One of the two themes of high contrast, made when somebody chooses it."""
    return theme_of(tones.DARK_CONTRAST if name == tones.DARK_CONTRAST.name else tones.LIGHT_CONTRAST)


class Themes(QObject):
    """The current theme of the application. Follows the system until the user chooses."""

    changed = Signal()

    def __init__(self, choice: Choice = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice: Choice = choice
        self._current = self._resolve()
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._system_changed)

    @property
    def current(self) -> Theme:
        """The theme in force."""
        return self._current

    @property
    def choice(self) -> Choice:
        """What the user chose; `system` follows the desktop."""
        return self._choice

    def choose(self, choice: Choice) -> None:
        """Switch at once; every view hears `changed`."""
        self._choice = choice
        self._switch()

    def apply(self, app: QApplication) -> None:
        """Colour the whole application: fonts, an explicit palette and one stylesheet, on top of the Fusion style."""
        from netbuilder.ui.stylesheet import stylesheet

        load_fonts()
        app.setFont(ui_font())
        app.setPalette(palette(self._current))
        app.setStyleSheet(stylesheet(self._current))

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._switch()

    def _switch(self) -> None:
        theme = self._resolve()
        if theme is self._current:
            return
        self._current = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.apply(app)
        self.changed.emit()

    def _resolve(self) -> Theme:
        if self._choice != "system":
            return {"dark": DARK, "light": LIGHT}.get(self._choice) or contrasting(self._choice)
        hints = QGuiApplication.styleHints()
        light = hints is not None and hints.colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK


def palette(theme: Theme) -> QPalette:
    """The Qt palette for everything that the stylesheet does not name."""
    roles = QPalette.ColorRole
    result = QPalette()
    colours = {
        roles.Window: theme.panel,
        roles.WindowText: theme.text,
        roles.Base: theme.raised,
        roles.AlternateBase: theme.panel,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.error,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Link: theme.accent,
        roles.PlaceholderText: theme.secondary,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.Light: theme.raised,
        roles.Midlight: theme.line,
        roles.Mid: theme.line,
        roles.Dark: theme.window,
        roles.Shadow: theme.window,
    }
    for role, colour in colours.items():
        result.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, theme.faint)
    return result


@cache
def load_fonts() -> tuple[str, ...]:
    """Register the bundled fonts once; returns their family names."""
    families: list[str] = []
    for path in sorted(resource("fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


_WEIGHTS = {400: QFont.Weight.Normal, 500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold}


def ui_font(px: int = 13, weight: int = 400) -> QFont:
    """Inter at a pixel size; weights 400, 500 and 600."""
    return _font("Inter", px, weight)


def mono_font(px: int = 12, weight: int = 400) -> QFont:
    """JetBrains Mono with tabular figures, for shapes, counts and formulas."""
    return _font("JetBrains Mono", px, weight)


def _font(family: str, px: int, weight: int) -> QFont:
    font = QFont(family)
    font.setPixelSize(px)
    font.setWeight(_WEIGHTS[weight])
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def contrast(first: QColor, second: QColor) -> float:
    """The WCAG contrast ratio of two opaque colours, 1 to 21."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
