"""What people read is written in one manner."""

from pathlib import Path

import pytest

import netbuilder

PACKAGE = Path(netbuilder.__file__).parent
WRITTEN = sorted([*PACKAGE.rglob("*.py"), PACKAGE.parent / "README.md"])


@pytest.mark.parametrize("mark", ["‘", "’"])
def test_sentences_have_one_kind_of_quotation_marks(mark: str) -> None:
    """Names stand between “ and ”; an apostrophe is the keyboard's."""
    assert [str(path.relative_to(PACKAGE.parent)) for path in WRITTEN if mark in path.read_text(encoding="utf-8")] == []
