from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers.keys import BARRED_S, COOL_DOWN_S, LONGEST_COOL_DOWN_S, KeyRing, retry_after_s
from providers.settings import ProviderSettings

pytestmark = pytest.mark.unit


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_keys_are_taken_in_turn() -> None:
    ring = KeyRing(["a", "b", "c"])
    assert [ring.take() for _ in range(5)] == ["a", "b", "c", "a", "b"]


def test_a_key_that_was_refused_is_left_alone_for_as_long_as_the_vendor_says() -> None:
    clock = Clock()
    ring = KeyRing(["a", "b"], clock)
    ring.refused("a", 429, 7.0)
    assert [ring.take(), ring.take()] == ["b", "b"]
    clock.now_s += 7.0
    assert ring.take() == "a"


def test_without_a_word_from_the_vendor_there_is_a_time_of_our_own() -> None:
    clock = Clock()
    ring = KeyRing(["a", "b"], clock)
    ring.refused("a", 429, None)
    ring.refused("b", 401, 1.0)  # nothing to wait for: somebody must mend the key
    assert ring.take() is None
    assert ring.free_in_s() == pytest.approx(COOL_DOWN_S)
    clock.now_s += COOL_DOWN_S
    assert [ring.take(), ring.take()] == ["a", "a"]
    clock.now_s += BARRED_S
    assert ring.take() == "b"


def test_a_vendor_cannot_bar_a_key_for_ever() -> None:
    clock = Clock()
    ring = KeyRing(["a"], clock)
    ring.refused("a", 429, 10.0**9)
    assert ring.free_in_s() == LONGEST_COOL_DOWN_S


@pytest.mark.parametrize(("value", "seconds"), [("12", 12.0), (" 0 ", 0.0), ("soon", None), ("", None), ("-3", None)])
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after_s({"Retry-After": value}) == seconds


def test_retry_after_as_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)
    assert retry_after_s({"Retry-After": in_a_minute}) == pytest.approx(60, abs=3)
    assert retry_after_s({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after_s(None) is None


def test_several_keys_are_parted_by_commas_and_each_counts_once() -> None:
    settings = ProviderSettings.model_validate({"DEEPGRAM_API_KEY": " a, b,,a ,", "GOOGLE_API_KEY": ""})
    assert settings.deepgram_keys == ("a", "b")
    assert settings.google_keys == ()
    assert "a, b" not in repr(settings)


def test_an_address_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="must begin with http") as refused:
        ProviderSettings.model_validate({"PARLEY_LLM_URL": "s3cret.example"})
    assert "s3cret" not in str(refused.value)
