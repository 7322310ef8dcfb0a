"""SVG in few words: shapes as text, with two decimals and everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

FONTS = {
    "text": 'font-family="Inter, Helvetica, Arial, sans-serif"',
    "strong": 'font-family="Inter, Helvetica, Arial, sans-serif" font-weight="600"',
    "mono": 'font-family="JetBrains Mono, Menlo, Consolas, monospace"',
}


def polygon(points: Sequence[tuple[float, float]], fill: str, line: str = "none", opacity: float = 1.0) -> str:
    """A closed shape with a hairline."""
    told = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{told}" fill="{fill}" fill-opacity="{number(opacity)}" stroke="{line}" stroke-linejoin="round"/>'


def circle(x: float, y: float, radius: float, fill: str, line: str) -> str:
    """A ring."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{line}" stroke-width="1.2"/>'


def path(commands: str, line: str, *, wide: float = 1.2, dashes: str = "") -> str:
    """An open line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{commands}" fill="none" stroke="{line}" stroke-width="{number(wide)}" stroke-linejoin="round"{dashed}/>'


def text(x: float, y: float, words: str, kind: str, size: float, fill: str) -> str:
    """A line of text around `x`, standing on `y`."""
    place = f'x="{number(x)}" y="{number(y)}" text-anchor="middle"'
    return f'<text {place} {FONTS[kind]} font-size="{number(size)}" fill="{fill}">{escape(words)}</text>'


def number(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def document(parts: Sequence[str], width: float, height: float, title: str, background: str = "") -> str:
    """A whole picture."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    ground = [f'<rect width="{number(width)}" height="{number(height)}" fill="{background}"/>'] if background else []
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<title>{escape(title)}</title>'
    return "\n".join([head, *ground, *parts, "</svg>", ""])
