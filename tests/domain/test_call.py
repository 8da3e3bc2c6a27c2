from datetime import timedelta

import pytest

from domain.call import DOORS_CLOSE_AFTER, DOORS_OPEN_BEFORE, CallStatus
from domain.errors import CallEnded, CallNotOpen
from domain.ids import OrganizationId, uuid7
from domain.people import UserRole
from tests.sample import STARTS_AT, a_call, a_user

pytestmark = pytest.mark.unit

OWNER = a_user(OrganizationId(uuid7()), UserRole.REP)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("after_start", [-DOORS_OPEN_BEFORE, timedelta(0), DOORS_CLOSE_AFTER])
def test_a_scheduled_call_admits_from_the_opening_to_the_closing_of_its_doors(after_start: timedelta) -> None:
    call = a_call(OWNER)
    call.must_admit(STARTS_AT + after_start)
    assert call.closed_reason(STARTS_AT + after_start) is None
    assert not call.is_early(STARTS_AT + after_start)


def test_a_moment_before_the_doors_open_it_is_too_early_and_says_when() -> None:
    call = a_call(OWNER)
    with pytest.raises(CallNotOpen) as refused:
        call.must_admit(STARTS_AT - DOORS_OPEN_BEFORE - TICK)
    assert refused.value.opens_at == STARTS_AT - DOORS_OPEN_BEFORE == call.opens_at
    assert call.is_early(STARTS_AT - DOORS_OPEN_BEFORE - TICK)


def test_a_moment_after_the_doors_close_a_call_that_never_started_has_expired() -> None:
    call = a_call(OWNER)
    with pytest.raises(CallEnded) as refused:
        call.must_admit(STARTS_AT + DOORS_CLOSE_AFTER + TICK)
    assert refused.value.reason == "expired"


@pytest.mark.parametrize("after_start", [-timedelta(days=1), timedelta(days=1)])
def test_a_live_call_admits_at_any_time(after_start: timedelta) -> None:
    a_call(OWNER, status=CallStatus.LIVE).must_admit(STARTS_AT + after_start)


@pytest.mark.parametrize("status", [CallStatus.ENDED, CallStatus.CANCELLED])
@pytest.mark.parametrize("after_start", [-timedelta(days=1), timedelta(0), timedelta(days=1)])
def test_a_call_that_is_over_admits_nobody_and_says_why(status: CallStatus, after_start: timedelta) -> None:
    call = a_call(OWNER, status=status)
    with pytest.raises(CallEnded) as refused:
        call.must_admit(STARTS_AT + after_start)
    assert refused.value.reason == status.value
    assert not call.is_early(STARTS_AT + after_start)


def test_a_room_is_named_after_the_call_and_nothing_else() -> None:
    call = a_call(OWNER, title="Divorce of Mrs Finch")
    assert call.room == f"call-{call.call_id}"
