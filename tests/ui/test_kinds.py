"""Reading and writing the values of form fields."""

from __future__ import annotations

from typing import Annotated, Literal, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from netbuilder.data.load import DataSettings, Share
from netbuilder.layers.settings import Length2
from netbuilder.ui.widgets.kinds import UnreadableError, kind_of, read, step, write

PAIR = kind_of(Length2)


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (Length2, "5", 5),
        (Length2, "5 × 3", (5, 3)),
        (Length2, "5x3", (5, 3)),
        (Length2, "(5, 5)", 5),
        (int, "12", 12),
        (float, "1e-4", 0.0001),
        (float | None, "none", None),
        (Literal["same", "valid"] | int, "same", "same"),
        (tuple[int, ...], "1 × 28 × 28", (1, 28, 28)),
        (str, "a b", "a b"),
        (Share, "10 %", 0.1),
        (Share, "8.5%", 0.085),
        (Share, "0.2", 0.2),
        (Share, "5000", 5000),
    ],
)
def test_text_is_read(annotation: object, text: str, value: object) -> None:
    assert read(kind_of(annotation), text) == value


@pytest.mark.parametrize(
    ("annotation", "text"), [(int, "x"), (int, "1.5"), (float, "nan"), (float, "inf"), (Length2, "1 × 2 × 3"), (int, "")]
)
def test_nonsense_is_refused_in_words(annotation: object, text: str) -> None:
    with pytest.raises(UnreadableError, match="number"):
        read(kind_of(annotation), text)


@given(st.one_of(st.integers(1, 999), st.tuples(st.integers(1, 999), st.integers(1, 999))))
def test_what_is_written_reads_back(value: int | tuple[int, int]) -> None:
    again = read(PAIR, write(PAIR, value))
    assert again == value or (again, again) == value


def test_steps_stay_in_range() -> None:
    kind = kind_of(Annotated[int, Meta(ge=1, le=3)])
    assert [step(kind, value, 1) for value in (1, 3)] == [2, 3]
    assert step(kind, 1, -1) == 1


@pytest.mark.parametrize(("value", "text"), [(1 / 12, "8.33 %"), (0.2, "20 %"), (5000, "5000"), (0.0, "0")])
def test_a_share_is_written_as_people_read_it(value: float, text: str) -> None:
    kind = kind_of(get_type_hints(DataSettings, include_extras=True)["validation"])
    assert write(kind, value) == text
    assert read(kind, text) == pytest.approx(value, abs=1e-4)
    with pytest.raises(UnreadableError, match="a share such as 10 %, or a count"):
        read(kind, "a lot %")
