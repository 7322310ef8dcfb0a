"""Adding a layer by typing: the catalogue as a list, layers that fit here first."""

from __future__ import annotations

from netbuilder.layers.declare import Layer, TensorSpec, catalogue, show
from netbuilder.ui.canvas.intents import fits
from netbuilder.ui.canvas.picker import Entry


def layer_entries(spec: TensorSpec | None = None, *, wired: bool = False, before: bool = False) -> list[Entry]:
    """Every layer of the catalogue; with `wired` those that cannot take `spec` (or, `before`, give an output) are faded."""
    return [_entry(name, kind, wired and not fits(kind, spec, before=before)) for name, kind in catalogue().items()]


def _entry(name: str, kind: type[Layer], faded: bool) -> Entry:
    about = kind.about
    return Entry(name, about.title, about.tip, about.glyph, about.category, (name, *about.keywords), faded)


def describe(spec: TensorSpec | None) -> str:
    """What flows here, for the hint below the list."""
    return show(spec.shape) if spec is not None else ""
