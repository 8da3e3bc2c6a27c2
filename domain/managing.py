"""What guests may do with their call by the link they have, without an account."""

from datetime import datetime

from domain.call import NOT_BEGUN, Call
from domain.errors import GuestsCannotMove
from domain.free_times import LEAST_NOTICE


def may_move(call: Call, now: datetime) -> bool:
    """One who is alone with the host, and not at the last moment: nobody else has to agree."""
    return call.status in NOT_BEGUN and len(call.invitees) == 1 and call.starts_at - now > LEAST_NOTICE


def must_be_movable(call: Call, now: datetime) -> None:
    """Raises CallEnded, CallBegun or GuestsCannotMove."""
    call.must_not_be_over(now)
    call.must_be_changeable()
    if not may_move(call, now):
        raise GuestsCannotMove


def may_cancel(call: Call, now: datetime) -> bool:
    """The last guest cancels the call; one of several gives up their own place."""
    return call.status in NOT_BEGUN and call.closed_reason(now) is None


def must_be_cancellable(call: Call, now: datetime) -> None:
    """Raises CallEnded or CallBegun."""
    call.must_not_be_over(now)
    call.must_be_changeable()
