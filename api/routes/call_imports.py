"""Calls booked from a table: one for each line, of a lead of its own, and a report line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header

from api.booking import book, checked, made_before, request_key
from api.call_lines import CallLine, NewCalls, call_lines
from api.conflicts import conflicts, warning
from api.deps import CurrentUser, Now, Parts, PartsHeld
from db import idempotency, leads
from db.idempotency import RequestKey
from db.pool import Connection, transaction
from domain.access import Viewer
from domain.errors import InvalidInput, KeyUsed
from domain.ids import CallId, LeadId, UserId, uuid7
from domain.lead import Lead, LeadStatus

router = APIRouter(prefix="/call-imports")

OF_THE_LINE = "/body/starts_at"
"""What a line can be refused for besides its cells; anything else is wrong with what all of them share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    line: int  # as a spreadsheet counts; the line of the columns is 1
    name: str
    email: str
    result: Literal["booked", "checked", "problem"]
    problem: str | None
    warning: str | None  # what the owner or the guest has at that time already, in words for people
    call_id: CallId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallImport:
    lines: list[ImportedLine]
    booked: int
    problems: int


@router.post("")
async def import_calls(
    held: PartsHeld,
    user: CurrentUser,
    wanted: NewCalls,
    now: Now,
    check: bool = False,
    idempotency_key: Annotated[UUID | None, Header()] = None,
) -> CallImport:
    """With `check` nothing is booked. The same form again finds what it booked, and goes on where it was broken off."""
    lines = call_lines(wanted)
    keys = keys_of(user, idempotency_key, wanted, lines) if idempotency_key and not check else {}
    async with transaction(held.pool, user.organization_id) as connection:
        known = await booked_before(connection, keys)
        problems = {line.number: await problem_of(connection, user, line, now) for line in lines}
        new = [line for line in lines if not (problems[line.number] or line.number in known)]
        warnings = await warnings_of(connection, user, new)
    done = []
    for line in lines:
        call_id, problem = known.get(line.number), problems[line.number]
        if call_id:
            problem = None  # it was booked before its start passed
        elif not (problem or check):
            call_id, problem = await book_line(held, user, line, keys.get(line.number), now)
        done.append(reported(line, problem, warnings.get(line.number), call_id))
    return CallImport(
        lines=done,
        booked=sum(line.result == "booked" for line in done),
        problems=sum(line.result == "problem" for line in done),
    )


def keys_of(user: Viewer, key: UUID, wanted: NewCalls, lines: list[CallLine]) -> dict[int, RequestKey]:
    """One for each line, so that each is booked once, and all with the digest of the whole."""
    asked = f"import {wanted.model_dump_json()}"
    return {line.number: request_key(user, f"{key} {line.number}", asked) for line in lines}


async def booked_before(connection: Connection, keys: Mapping[int, RequestKey]) -> dict[int, CallId]:
    """Raises KeyUsed before anything is booked when another form came with the key."""
    try:
        found = await idempotency.find_several(connection, list(keys.values()))
    except idempotency.OtherRequest:
        raise KeyUsed from None
    return {number: found[key.key] for number, key in keys.items() if key.key in found}


async def problem_of(connection: Connection, user: Viewer, line: CallLine, now: datetime) -> str | None:
    """Raises InvalidInput for what is wrong with every line."""
    if line.call is None:
        return line.problem
    try:
        await checked(connection, user, line.call, now)
    except InvalidInput as error:
        if error.pointer != OF_THE_LINE:
            raise
        return f"starts_at: {error.detail}"
    return None


async def warnings_of(connection: Connection, user: Viewer, lines: Sequence[CallLine]) -> dict[int, str]:
    """By number of the line: what its owner or guest has then, or which line above has the same time."""
    found: dict[int, str] = {}
    above: dict[int, datetime] = {}
    for line in lines:
        wanted = line.call
        assert wanted, "it has no problem"
        assert wanted.starts_at, "each line has its start"
        owner_id = UserId(wanted.owner_id) if wanted.owner_id else user.user_id
        addresses = [line.email] if line.email else []
        lasts = timedelta(minutes=wanted.duration_minutes)
        same = next((number for number, at in above.items() if abs(at - wanted.starts_at) < lasts), None)
        if others := await conflicts(connection, user, owner_id, addresses, wanted.starts_at, wanted.duration_minutes):
            found[line.number] = warning(others[0], owner_id)
        elif same:
            found[line.number] = f"Line {same} is at that time too."
        above[line.number] = wanted.starts_at
    return found


async def book_line(
    held: Parts, user: Viewer, line: CallLine, key: RequestKey | None, now: datetime
) -> tuple[CallId | None, str | None]:
    """The call or the problem. In a transaction of its own: the lines before stay booked whatever becomes of this."""
    assert line.call is not None
    try:
        async with transaction(held.pool, user.organization_id) as connection:
            if key and (known := await made_before(connection, key)):
                return known, None
            lead_id = await lead_of(connection, user, line)
            call, _ = await book(connection, user, line.call.model_copy(update={"lead_id": lead_id}), key, now)
    except InvalidInput as error:
        return None, error.detail
    return call.call_id, None


async def lead_of(connection: Connection, user: Viewer, line: CallLine) -> LeadId:
    """The one who has the address of the line, else a new one."""
    if line.email:
        known = await leads.by_address(connection, user.organization_id, [line.email])
        if lead := known.get(line.email.lower()):
            return lead.lead_id
    lead = Lead(
        lead_id=LeadId(uuid7()),
        name=line.name,
        company=line.company,
        industry="",
        notes="",
        email=line.email or None,
        status=LeadStatus.NEW,
    )
    await leads.add(connection, user.organization_id, lead)
    return lead.lead_id


def reported(line: CallLine, problem: str | None, warning: str | None, call_id: CallId | None) -> ImportedLine:
    return ImportedLine(
        line=line.number,
        name=line.name,
        email=line.email,
        result="problem" if problem else "booked" if call_id else "checked",
        problem=problem,
        warning=warning,
        call_id=call_id,
    )
