"""Calls, their invitees and the consent ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import asyncpg

from db import audit
from db.pool import Connection, queries
from domain.audit import Actor, Subject
from domain.call import CalendarAnswer, Call, CallKind, CallLead, CallOwner, CallStatus, Consent, Invitee, Switches
from domain.ids import CallId, InviteeId, OrganizationId, uuid7


async def organization_of(connection: Connection, call_id: CallId) -> OrganizationId | None:
    """Whose call it is; looks across organizations."""
    return cast("OrganizationId | None", await queries.organization_of_call(connection, call_id=call_id))


async def that_want_an_agent(connection: Connection) -> list[tuple[OrganizationId, CallId]]:
    """Every call that somebody has come to and that has not ended; looks across organizations."""
    return [(row["organization_id"], row["call_id"]) async for row in queries.calls_that_want_an_agent(connection)]


async def with_open_log(connection: Connection) -> list[tuple[OrganizationId, CallId]]:
    """Calls over for ten seconds whose log has no `call_ended`; looks across organizations."""
    return [(row["organization_id"], row["call_id"]) async for row in queries.calls_with_open_log(connection)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    at_ms: int  # since the call started; 0 when it never did
    reason: str


async def ending_of(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> Ending | None:
    """None while the call is not over, and when its log is closed."""
    row = await queries.end_of_call(connection, organization_id=organization_id, call_id=call_id)
    if row is None:
        return None
    lasted = row["ended_at"] - row["started_at"] if row["started_at"] else timedelta()
    return Ending(at_ms=max(0, int(lasted.total_seconds() * 1000)), reason=row["end_reason"])


async def has_closed_log(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> bool:
    """True when `call_ended` is in the call's log."""
    return bool(await queries.has_closed_log(connection, organization_id=organization_id, call_id=call_id))


async def get(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> Call | None:
    found = await get_several(connection, organization_id, [call_id])
    return found[0] if found else None


async def get_several(
    connection: Connection, organization_id: OrganizationId, call_ids: Sequence[CallId]
) -> list[Call]:
    """Those of the calls that are there, in the order given."""
    if not call_ids:
        return []
    rows = [
        row async for row in queries.get_calls(connection, organization_id=organization_id, call_ids=list(call_ids))
    ]
    invitees = await invitees_of(connection, organization_id, call_ids)
    return [from_row(row, invitees[row["call_id"]]) for row in rows]


async def invitees_of(
    connection: Connection, organization_id: OrganizationId, call_ids: Sequence[CallId]
) -> defaultdict[CallId, tuple[Invitee, ...]]:
    found: defaultdict[CallId, tuple[Invitee, ...]] = defaultdict(tuple)
    async for row in queries.list_invitees(connection, organization_id=organization_id, call_ids=list(call_ids)):
        fields = dict(row)
        answer = fields.pop("calendar_answer")
        found[fields.pop("call_id")] += (Invitee(**fields, calendar_answer=CalendarAnswer(answer) if answer else None),)
    return found


async def lock(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> None:
    """Until the end of the transaction nobody else gets past here for this call."""
    await queries.lock_call(connection, organization_id=organization_id, call_id=call_id)


async def add_invitee(connection: Connection, call: Call, invitee: Invitee) -> Call:
    """The call as it is then, with a new revision. `call` is as it was read under its lock."""
    await _add_invitee(connection, call, invitee)
    await queries.raise_revision(connection, organization_id=call.organization_id, call_id=call.call_id)
    return await _reread(connection, call)


async def remove_invitee(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, invitee_id: InviteeId
) -> bool:
    """From now on as if they had never been invited; what they said stays. False when they are not there.

    The call has a new revision, since those who go must learn of it.
    """
    removed = await queries.remove_invitee(
        connection, organization_id=organization_id, call_id=call_id, invitee_id=invitee_id
    )
    if removed is None:
        return False
    await queries.raise_revision(connection, organization_id=organization_id, call_id=call_id)
    return True


async def _reread(connection: Connection, call: Call) -> Call:
    found = await get(connection, call.organization_id, call.call_id)
    assert found is not None, "the caller's transaction holds it"
    return found


async def people_have_come_to(connection: Connection, organization_id: OrganizationId) -> list[CallId]:
    """The organization's calls in whose rooms somebody may be now."""
    rows = queries.calls_people_have_come_to(connection, organization_id=organization_id)
    return [row["call_id"] async for row in rows]


async def open_demo_call(
    connection: Connection, organization_id: OrganizationId, *, title: str, now: datetime
) -> CallId | None:
    """The newest call with that title that can still be joined."""
    found = await queries.open_demo_call(connection, organization_id=organization_id, title=title, now=now)
    return cast("CallId | None", found)


REFERENCES = {
    "calls_owner_id_fkey": "owner_id",
    "calls_lead_id_fkey": "lead_id",
    "calls_question_set_id_fkey": "question_set_id",
}


class UnknownReference(Exception):
    """A call names an owner, a lead or a question set that is not there; `column` says which."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


async def add(connection: Connection, call: Call) -> None:
    """Adds the call and its invitees. Raises UnknownReference; the transaction is then of no more use."""
    try:
        await queries.add_call(
            connection,
            call_id=call.call_id,
            organization_id=call.organization_id,
            title=call.title,
            kind=call.kind.value,
            starts_at=call.starts_at,
            time_zone=call.time_zone,
            duration_minutes=call.duration_minutes,
            owner_id=call.owner.user_id,
            lead_id=call.lead.lead_id if call.lead else None,
            question_set_id=call.question_set_id,
            staged_as_text=call.staged_as_text,
            most_participants=call.most_participants,
            **columns_of(call.switches),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise UnknownReference(REFERENCES.get(error.constraint_name or "", "")) from error
    for invitee in call.invitees:
        await _add_invitee(connection, call, invitee)


async def _add_invitee(connection: Connection, call: Call, invitee: Invitee) -> None:
    await queries.add_invitee(
        connection,
        invitee_id=invitee.invitee_id,
        organization_id=call.organization_id,
        call_id=call.call_id,
        name=invitee.name,
        email=invitee.email,
        link_revision=invitee.link_revision,
        time_zone=invitee.time_zone,
    )


def columns_of(switches: Switches) -> dict[str, bool]:
    return {f"with_{name}": value for name, value in asdict(switches).items()}


async def change(connection: Connection, call: Call, revision: int) -> Call | None:
    """Writes what can be changed: title, time, zone, length, owner, question set, most participants and switches.

    What guests' calendars answered to another time counts no longer.

    Returns the call as it is then, None when `revision`, the one seen, is older than the call's, or the call has begun.
    Its revision rises when guests must learn of it. Raises UnknownReference; the transaction is then of no more use.
    """
    held: dict[str, Any] = {
        "organization_id": call.organization_id,
        "call_id": call.call_id,
        "seen_revision": revision,
        "starts_at": call.starts_at,
    }
    await queries.forget_answers_to_the_old_time(connection, **held)
    try:
        now = await queries.change_call(
            connection,
            **held,
            title=call.title,
            time_zone=call.time_zone,
            duration_minutes=call.duration_minutes,
            owner_id=call.owner.user_id,
            question_set_id=call.question_set_id,
            most_participants=call.most_participants,
            **columns_of(call.switches),
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise UnknownReference(REFERENCES.get(error.constraint_name or "", "")) from error
    return None if now is None else await _reread(connection, call)


async def cancel(connection: Connection, call: Call, reason: str | None, revision: int, now: datetime) -> Call | None:
    """The call as it is then, None when `revision`, the one seen, is older than the call's, or the call has begun."""
    cancelled = await queries.cancel_call(
        connection,
        organization_id=call.organization_id,
        call_id=call.call_id,
        seen_revision=revision,
        reason=reason,
        now=now,
    )
    return None if cancelled is None else await _reread(connection, call)


async def add_consent(connection: Connection, call: Call, invitee_id: InviteeId, consent: Consent) -> None:
    """Appends to the ledger; what was decided before stays written."""
    await queries.add_consent(
        connection,
        consent_id=uuid7(),
        organization_id=call.organization_id,
        call_id=call.call_id,
        invitee_id=invitee_id,
        transcription=consent.transcription,
        recording=consent.recording,
    )


async def newest_consent(
    connection: Connection, organization_id: OrganizationId, invitee_id: InviteeId
) -> Consent | None:
    row = await queries.newest_consent(connection, organization_id=organization_id, invitee_id=invitee_id)
    return Consent(**row) if row else None


async def want_agent(connection: Connection, call: Call) -> None:
    """From now on the call should have an agent; wakes the steward."""
    await queries.want_agent(connection, organization_id=call.organization_id, call_id=call.call_id)


async def dismiss_agent(connection: Connection, call: Call) -> None:
    """The agent leaves as soon as it learns of it, and none comes until one is readmitted."""
    await queries.dismiss_agent(connection, organization_id=call.organization_id, call_id=call.call_id)


async def readmit_agent(connection: Connection, call: Call) -> None:
    """The call may have an agent again; wakes the steward when somebody is waiting for it."""
    await queries.readmit_agent(connection, organization_id=call.organization_id, call_id=call.call_id)


async def start(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, started_at: datetime
) -> datetime | None:
    """Marks the call live and returns since when; None when it is over."""
    began = await queries.start_call(
        connection, organization_id=organization_id, call_id=call_id, started_at=started_at
    )
    return cast("datetime | None", began)


async def end(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, reason: str, *, by: Actor = Actor.SYSTEM
) -> bool:
    """True when this ended the call, False when it was over already. Stands in the audit log: call it last, as that.

    `by` is the colleague who ended it; without one it was the agent or the steward.
    """
    ended = await queries.end_call(connection, organization_id=organization_id, call_id=call_id, reason=reason)
    if ended is None:
        return False
    await audit.write(connection, organization_id, by, "call_ended", Subject("call", str(call_id)))
    return True


def from_row(row: Mapping[str, Any], invitees: tuple[Invitee, ...]) -> Call:
    lead = (
        CallLead(lead_id=row["lead_id"], name=row["lead_name"], company=row["lead_company"]) if row["lead_id"] else None
    )
    return Call(
        call_id=row["call_id"],
        organization_id=row["organization_id"],
        organization_name=row["organization_name"],
        title=row["title"],
        kind=CallKind(row["kind"]),
        status=CallStatus(row["status"]),
        starts_at=row["starts_at"],
        duration_minutes=row["duration_minutes"],
        owner=CallOwner(user_id=row["owner_id"], name=row["owner_name"]),
        lead=lead,
        question_set_id=row["question_set_id"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        staged_as_text=row["staged_as_text"],
        time_zone=row["time_zone"],
        switches=Switches(
            recording=row["with_recording"],
            transcript=row["with_transcript"],
            coaching=row["with_coaching"],
            sentiment=row["with_sentiment"],
            mail=row["with_mail"],
        ),
        agent_dismissed_at=row["agent_dismissed_at"],
        agent_missing_at=row["agent_missing_at"],
        revision=row["revision"],
        most_participants=row["most_participants"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        question_set_version=row["question_set_version"],
        invitees=invitees,
        last_seq=row["last_seq"],
    )
