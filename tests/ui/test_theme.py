"""The two themes: readable, and switched everywhere at once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from netbuilder.layers.declare import Category
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.theme import DARK, LIGHT, Theme, contrast, load_fonts

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


@THEMES
@pytest.mark.parametrize("ink", ["text", "secondary", "error", "good", "warning"])
@pytest.mark.parametrize("paper", ["panel", "canvas", "raised"])
def test_text_is_readable(theme: Theme, ink: str, paper: str) -> None:
    assert contrast(theme.tokens()[ink], theme.tokens()[paper]) >= 4.5


@THEMES
def test_accent_carries_text_and_is_read_as_text(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.accent, theme.panel) >= 4.5


@THEMES
@pytest.mark.parametrize("category", list(Category), ids=lambda category: category.name)
def test_glyphs_stand_out(theme: Theme, category: Category) -> None:
    assert contrast(theme.category(category), theme.panel) >= 3.0


def test_contrast_of_black_and_white() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)


@pytest.mark.usefixtures("qapp")
def test_bundled_fonts_are_there() -> None:
    assert any(family.startswith("Inter") for family in load_fonts())
    assert any(family.startswith("JetBrains Mono") for family in load_fonts())


def test_switching_recolours_the_window(window: MainWindow, application: Application) -> None:
    def corner() -> str:
        return window.top.grab().toImage().pixelColor(2, 2).name()

    assert corner() == DARK.panel.name()
    window.context.commands.run("view.theme.light")
    assert corner() == LIGHT.panel.name()
    assert window.canvas.grab().toImage().pixelColor(3, 200).lightness() > 200
    assert application.preferences.settings.theme == "light"
