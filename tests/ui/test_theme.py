"""The themes: readable, and switched everywhere at once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from netbuilder.layers.declare import Category
from netbuilder.ui.application import Application
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.theme import DARK, LIGHT, Theme, contrast, contrasting, load_fonts

STRONG = [contrasting("dark-contrast"), contrasting("light-contrast")]
THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT, *STRONG], ids=lambda theme: theme.name)


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


@pytest.mark.parametrize("theme", STRONG, ids=lambda theme: theme.name)
def test_high_contrast_is_high(theme: Theme) -> None:
    tokens = theme.tokens()
    for paper in ("panel", "canvas", "raised", "window"):
        for ink in ("text", "secondary", "faint", "error", "good", "warning", "accent"):
            assert contrast(tokens[ink], tokens[paper]) >= 7.0, (ink, paper)
        assert contrast(tokens["line"], tokens[paper]) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 7.0
    for category in Category:
        assert contrast(theme.category(category), theme.panel) >= 7.0, category


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


def test_high_contrast_is_chosen_and_kept(window: MainWindow, application: Application) -> None:
    for name in ("dark-contrast", "light-contrast"):
        window.context.commands.run(f"view.theme.{name}")
        assert window.top.grab().toImage().pixelColor(2, 2) == contrasting(name).panel
        assert application.preferences.settings.theme == name


def test_the_size_of_everything_is_kept_for_the_next_start(
    window: MainWindow, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window, "notify", lambda text, *_more: told.append(text))
    window.context.commands.run("view.scale.150")
    assert application.preferences.settings.scale == 1.5
    assert told == ["Everything will be 150 % as large from the next start on."]
    assert window.context.commands.action("view.scale.150").isChecked()
