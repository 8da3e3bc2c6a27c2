"""An answer to an invite, as calendar programs send it by mail (METHOD:REPLY, RFC 5546 §3.2.3)."""

import re
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

from icalendar import Calendar, Component

from domain.call import CalendarAnswer
from domain.ids import CallId, InviteeId
from domain.inbox import Answer

PART = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
OUR_UID = re.compile(rf"({PART})\.({PART})@parley")
ANSWERS = {
    "ACCEPTED": CalendarAnswer.ACCEPTED,
    "TENTATIVE": CalendarAnswer.TENTATIVE,
    "DECLINED": CalendarAnswer.DECLINED,
}


def answer_in(mail: bytes) -> Answer | None:
    """None when the mail holds no answer to an invite of ours. Never raises: a mail may be anything."""
    try:
        for part in message_from_bytes(mail, policy=default).walk():
            if part.get_content_type() == "text/calendar":
                words = part.get_payload(decode=True)
                return answer_of(Calendar.from_ical(words)) if isinstance(words, bytes) else None
    except Exception:
        return None
    return None


def answer_of(calendar: Component) -> Answer | None:
    """Raises whatever icalendar does for what is no calendar."""
    event: Any = calendar.walk("VEVENT")[0]
    found = OUR_UID.fullmatch(str(event["uid"]))
    said = ANSWERS.get(str(event["attendee"].params.get("partstat", "")).upper())
    at = event["dtstamp"].dt
    is_instant = isinstance(at, datetime) and at.tzinfo is not None
    if str(calendar["method"]).upper() != "REPLY" or found is None or said is None or not is_instant:
        return None
    return Answer(
        call_id=CallId(UUID(found[1])),
        invitee_id=InviteeId(UUID(found[2])),
        answer=said,
        sequence=int(event.get("sequence", 0)),
        answered_at=at,
    )
