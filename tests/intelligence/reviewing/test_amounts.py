"""Sums of money in spoken and written English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.reviewing.amounts import amounts_in, period_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("between ten and fifteen thousand a year", 10_000, 15_000, None),
        ("thirty to thirty-five thousand pounds", 30_000, 35_000, "GBP"),
        ("a hundred and forty thousand dollars", 140_000, 140_000, "USD"),
        ("$4,500 a month", 4_500, 4_500, "USD"),
        ("£12k", 12_000, 12_000, "GBP"),
        ("half a million euros", 500_000, 500_000, "EUR"),
        ("fifteen hundred bucks", 1_500, 1_500, "USD"),
        ("five or six hundred", 500, 600, None),
        ("4-5 thousand", 4_000, 5_000, None),
        ("eight thousand five hundred", 8_500, 8_500, None),
    ],
)
def test_a_sum_is_read(text: str, low: float, high: float, currency: str | None) -> None:
    (amount,) = amounts_in(text)
    assert (amount.low, amount.high, amount.currency) == (low, high, currency)
    assert text[amount.start : amount.end].strip() == text[amount.start : amount.end]


def test_what_is_counted_is_no_money() -> None:
    assert [amount.is_counted for amount in amounts_in("forty people and two thousand pounds")] == [True, False]


@pytest.mark.parametrize(("text", "period"), [("four hundred a month", "month"), ("per year", "year"), ("once", None)])
def test_the_period_is_read(text: str, period: str | None) -> None:
    assert period_in(text) == period


@given(st.text(max_size=200))
def test_any_text_is_read_without_falling_over(text: str) -> None:
    for amount in amounts_in(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.low <= amount.high
