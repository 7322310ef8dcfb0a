"""Arithmetic on a block's parameters is worked out as Python would, and everything else is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.core.expressions import LONGEST, ExpressionError, evaluate, is_expression, names_in, rewrite, substitute

_VALUES = {"channels": 64, "width": 7, "kernel": (3, 3), "bias": True, "p": 0.5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$channels", 64),
        ("$channels * 4", 256),
        ("$(width // 2) + 1", 4),
        ("$ width % 4 - 1", 2),
        ("$-2 ** 2", -4),
        ("$2 ** 3 ** 2", 512),
        ("$2 ** -1", 0.5),
        ("$channels / 2", 32),
        ("$width / 2", 3.5),
        ("$p * 3", 1.5),
        ("$.5e1 + +1", 6.0),
        ("$kernel", (3, 3)),
        ("$bias", True),
    ],
)
def test_arithmetic(text: str, value: object) -> None:
    result = evaluate(text, _VALUES)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$depth * 2", "“depth” is not a parameter of the block. Its parameters are: channels"),
        ("$channels.real", "“.real” asks for an attribute"),
        ("$min(channels, 2)", "“min(channels” is a call"),
        ("$width(2)", "“width(2)” is a call"),
        ("$__import__('os')", "is a call"),
        ("$kernel[0]", "“[” means nothing"),
        ("$channels * $width", "another $"),
        ("$channels width", "no operator before “width”"),
        ("$channels *", "missing at the end"),
        ("$", "missing at the end"),
        ("$* 2", "missing before “*”"),
        ("$(channels", "not closed"),
        ("$channels)", "no operator before “)”"),
        ("$1 // (width - 7)", "divided by zero"),
        ("$0 ** -1", "cannot be worked out"),
        ("$9 ** 9 ** 9", "cannot be worked out"),
        ("$channels ** 11", "too large"),
        ("$1e999", "too large"),
        ("$(0 - 8) ** 0.5", "root of a negative number"),
        ("$kernel * 2", "only numbers can be computed with"),
        ("$bias + 1", "only numbers can be computed with"),
        ("$" + "(" * 90 + "1" + ")" * 90, "too much is nested"),
        ("$" + "-" * 200 + "1", "too much is nested"),
        ("$" + "1 + " * LONGEST + "1", "too long"),
    ],
)
def test_everything_else_is_refused_with_place_and_remedy(text: str, words: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(text, _VALUES)
    assert words in str(refused.value)
    assert refused.value.remedy


def test_tuples_and_mappings_hold_expressions_too() -> None:
    assert substitute(("$width // 2", 3), _VALUES) == (3, 3)
    assert substitute({"to": ["$channels"]}, _VALUES) == {"to": (64,)}
    assert names_in(("$channels * width", "plain", {"k": "$kernel"})) == {"channels", "width", "kernel"}
    assert not is_expression("same")


_leaves = st.integers(0, 40).map(str) | st.sampled_from(["a", "b"])
_texts = st.recursive(
    _leaves,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(" ".join)
        | inner.map("({})".format)
        | inner.map("-{}".format)
    ),
    max_leaves=8,
)


@given(_texts, st.integers(-9, 9), st.integers(-9, 9))
def test_as_python_would_and_after_replacing_names_in_two_steps(text: str, a: int, b: int) -> None:
    try:
        expected = eval(text, {"a": a, "b": b})
    except ZeroDivisionError:
        with pytest.raises(ExpressionError):
            evaluate(f"${text}", {"a": a, "b": b})
        return
    assert evaluate(f"${text}", {"a": a, "b": b}) == expected
    step = rewrite(f"${text}", {"a": "$outer + 1"})
    assert substitute(step, {"outer": a - 1, "b": b}) == expected
    assert substitute(rewrite(f"${text}", {"b": b}), {"a": a}) == expected


@given(st.text(max_size=30))
def test_any_text_is_worked_out_or_refused(text: str) -> None:
    answer = ""
    try:
        value = evaluate(f"${text}", _VALUES)
    except ExpressionError as refused:
        answer = str(refused)
    assert answer.endswith(".") if answer else isinstance(value, bool | int | float | tuple)
