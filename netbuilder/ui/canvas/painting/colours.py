"""The canvas's colours, derived from the theme once for each switch."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtGui import QColor

from netbuilder.layers.declare import Category
from netbuilder.ui.theme import Theme, mix


class Colours(Struct, frozen=True):
    """Everything that nodes, wires and overlays are painted with."""

    theme: Theme
    canvas: QColor
    grid: QColor
    body: QColor
    body_pressed: QColor
    border: QColor
    border_hover: QColor
    text: QColor
    secondary: QColor
    faint: QColor
    accent: QColor
    ring: QColor
    wire: QColor
    wire_hover: QColor
    panel: QColor
    line: QColor
    good: QColor
    shadow: QColor

    def category(self, category: Category | None) -> QColor:
        """The colour of a family of layers."""
        return self.theme.category(category)

    def heat(self, share: float) -> QColor:
        """From cold, 0, to hot, 1."""
        hot = mix(self.theme.warning, self.theme.error, share)
        return mix(self.body, hot, 0.15 + 0.75 * share) if share else self.body_pressed

    def tint(self, category: Category | None) -> QColor:
        """The body of a node seen from afar: its family's colour, subdued."""
        return mix(self.body, self.category(category), 0.32)


def colours(theme: Theme) -> Colours:
    """Derive the canvas's colours from a theme."""
    body = mix(theme.panel, theme.raised, 0.75) if theme.dark else theme.panel
    border = mix(theme.line, theme.faint, 0.09)
    return Colours(
        theme=theme,
        canvas=theme.canvas,
        grid=theme.grid,
        body=body,
        body_pressed=mix(body, theme.text, 0.05),
        border=border,
        border_hover=mix(border, theme.text, 0.3),
        text=theme.text,
        secondary=theme.secondary,
        faint=theme.faint,
        accent=theme.accent,
        ring=mix(theme.canvas, theme.accent, 0.2),
        wire=theme.faint,
        wire_hover=theme.text,
        panel=theme.panel,
        line=theme.line,
        good=theme.good,
        shadow=QColor(0, 0, 0, 14 if theme.dark else 5),
    )
