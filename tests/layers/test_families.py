"""A layer is found without importing every family; the catalogue has them all in one order."""

from __future__ import annotations

import subprocess
import sys

FOUND = """
import sys
from netbuilder.layers.declare import find
assert find("conv2d").about.name == "conv2d" and find("linear") and find("input")
families = {name for name in sys.modules if name.startswith("netbuilder.layers.")}
assert "netbuilder.layers.normalisation" not in families
assert find("batchnorm2d").about.name == "batchnorm2d"
assert find("conv4d") is None and find("conv4d") is None
"""
ORDER = "import sys; from netbuilder.layers.declare import catalogue, find; sys.argv[1:] and find('conv2d'); print(*catalogue())"


def out(*words: str) -> str:
    return subprocess.run([sys.executable, "-c", *words], check=True, capture_output=True, text=True).stdout


def test_only_the_families_on_the_way_are_imported() -> None:
    out(FOUND)


def test_the_catalogue_has_the_same_order_after_a_search() -> None:
    assert out(ORDER) == out(ORDER, "search first")
