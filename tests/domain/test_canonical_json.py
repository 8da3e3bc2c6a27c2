import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical_json import canonical

pytestmark = pytest.mark.unit

NAMES = st.text(st.characters(max_codepoint=127), max_size=5)
ONE = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=10)
VALUES = st.recursive(ONE, lambda part: st.lists(part, max_size=4) | st.dictionaries(NAMES, part, max_size=4))


def test_text_is_written_as_in_the_example_of_the_standard() -> None:
    """Source: RFC 8785 §3.2.2 and §3.2.3, without its fractions."""
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False], "numbers": [1, -7, 0]}
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[1,-7,0],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(VALUES)
def test_what_was_written_says_the_same_and_is_written_the_same_again(value: object) -> None:
    written = canonical(value)  # type: ignore[arg-type]
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@pytest.mark.parametrize(
    "value", [0.5, float("nan"), 2**53, -(2**53), b"", {1: 2}, {"é": 1}, ["\ud800"], [{"deep": [1.0]}], {1, 2}]
)
def test_what_has_more_than_one_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        canonical(value)  # type: ignore[arg-type]


def test_one_and_true_are_not_the_same() -> None:
    assert canonical({"a": 1}) != canonical({"a": True})
