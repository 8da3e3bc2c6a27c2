from datetime import timedelta

import pytest

from domain.call import DOORS_CLOSE_AFTER, DOORS_OPEN_BEFORE, NOT_BEGUN, CallStatus
from domain.errors import CallBegun, CallEnded, CallNotOpen
from domain.ids import OrganizationId, uuid7
from domain.people import UserRole
from tests.sample import STARTS_AT, a_call, a_user

pytestmark = pytest.mark.unit

OWNER = a_user(OrganizationId(uuid7()), UserRole.REP)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("status", sorted(NOT_BEGUN))
@pytest.mark.parametrize("after_start", [-DOORS_OPEN_BEFORE, timedelta(0), DOORS_CLOSE_AFTER])
def test_a_call_that_has_not_begun_admits_from_the_opening_to_the_closing_of_its_doors(
    status: CallStatus, after_start: timedelta
) -> None:
    call = a_call(OWNER, status=status)
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


def test_a_call_that_nobody_came_to_has_expired() -> None:
    with pytest.raises(CallEnded) as refused:
        a_call(OWNER, status=CallStatus.NO_SHOW).must_admit(STARTS_AT + timedelta(minutes=11))
    assert refused.value.reason == "expired"


@pytest.mark.parametrize("status", CallStatus)
def test_only_a_call_that_has_not_begun_can_be_changed(status: CallStatus) -> None:
    call = a_call(OWNER, status=status)
    if status in NOT_BEGUN:
        call.must_be_changeable()
    else:
        with pytest.raises(CallBegun) as refused:
            call.must_be_changeable()
        assert refused.value.status == status.value


def test_a_room_is_named_after_the_call_and_nothing_else() -> None:
    call = a_call(OWNER, title="Divorce of Mrs Finch")
    assert call.room == f"call-{call.call_id}"
