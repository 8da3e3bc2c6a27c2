"""A table of guests read as calls: one call for each line, with what all of them share from the form beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.booking import DurationMinutes, NewCall, NewInvitee, NewSwitches
from api.csv_lines import CsvText, csv_lines, refused
from api.problems import explained
from api.text import EmailAddress, Instant, Line, LineOrNothing, TimeZone, is_address
from domain.call import CallKind
from domain.errors import InvalidInput

COLUMNS = ("name", "email", "company", "time_zone", "starts_at")

FIRST_ADDRESSES = 20
FEWEST_ADDRESSES = 5
"""Of so many of the first at least, more than half being none means that it is the wrong column or the wrong table."""

TOO_MANY_CELLS = "This line has more cells than there are columns. Put quotes around words with a comma."
TWICE = "Somebody above has this address already."


class NewCalls(BaseModel):
    """Lines without a start of their own begin one after the other, `gap_minutes` from start to start."""

    model_config = ConfigDict(extra="forbid")
    csv: CsvText
    kind: Literal[CallKind.DISCOVERY, CallKind.ASSISTED]
    title: Line
    duration_minutes: DurationMinutes = 60
    question_set_id: UUID | None = None
    switches: NewSwitches = NewSwitches()
    time_zone: TimeZone = "UTC"
    first_starts_at: Instant
    gap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 60
    owner_id: UUID | None = None


class Cells(BaseModel):
    name: Line
    email: EmailAddress | None = None
    company: LineOrNothing = ""
    time_zone: TimeZone | None = None
    starts_at: LineOrNothing = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """Either a call or a problem."""

    number: int  # as a spreadsheet counts; the line of the columns is 1
    name: str
    email: str
    company: str = ""
    call: NewCall | None = None
    problem: str | None = None  # in words for people


def call_lines(wanted: NewCalls) -> list[CallLine]:
    """Raises InvalidInput when the table as a whole cannot be meant."""
    table = csv_lines(wanted.csv, COLUMNS, needed="name")
    must_be_addresses([cells["email"] for _, cells in table if cells and cells.get("email")])
    lines: list[CallLine] = []
    known: set[str] = set()
    starts_at = wanted.first_starts_at
    for number, cells in table:
        lines.append(call_line(wanted, number, cells, starts_at, known))
        if not (cells or {}).get("starts_at"):
            starts_at = later(starts_at, wanted.gap_minutes)
    return lines


def later(starts_at: datetime, gap_minutes: int) -> datetime:
    try:
        return starts_at + timedelta(minutes=gap_minutes)
    except OverflowError:
        raise InvalidInput("/body/first_starts_at", "This instant is out of range.") from None


def must_be_addresses(addresses: Sequence[str]) -> None:
    first = addresses[:FIRST_ADDRESSES]
    if len(first) >= FEWEST_ADDRESSES and 2 * sum(map(is_no_address, first)) > len(first):
        raise refused(
            f"More than half of the first {len(first)} addresses are none. Nothing was booked; is it the right column?"
        )


def is_no_address(text: str) -> bool:
    try:
        is_address(text)
    except ValueError:
        return True
    return False


def call_line(
    wanted: NewCalls, number: int, cells: dict[str, str] | None, starts_at: datetime, known: set[str]
) -> CallLine:
    """`known`: the addresses of the lines above; this one's is added."""
    given = {name: cell for name, cell in (cells or {}).items() if cell}
    line = CallLine(number=number, name=given.get("name", "")[:200], email=given.get("email", "")[:254])
    try:
        if cells is None:
            raise ValueError(TOO_MANY_CELLS)
        read = Cells.model_validate(given)
        address = (read.email or "").casefold()
        if address and address in known:
            raise ValueError(TWICE)
        known.add(address)
        return replace(line, company=read.company, call=call_of(wanted, read, starts_at))
    except ValidationError as error:
        first = error.errors()[0]
        return replace(line, problem=f"{first['loc'][0]}: {explained(first)['detail']}")
    except ValueError as error:
        return replace(line, problem=str(error))


def call_of(wanted: NewCalls, line: Cells, starts_at: datetime) -> NewCall:
    """Raises ValueError in words for people."""
    if line.starts_at:
        starts_at = start_of(line.starts_at, ZoneInfo(line.time_zone or wanted.time_zone))
    return NewCall(
        title=wanted.title,
        kind=wanted.kind,
        starts_at=starts_at,
        time_zone=wanted.time_zone,
        duration_minutes=wanted.duration_minutes,
        owner_id=wanted.owner_id,
        question_set_id=wanted.question_set_id,
        invitees=[NewInvitee(name=line.name, email=line.email, time_zone=line.time_zone)],
        switches=wanted.switches,
    )


def start_of(text: str, zone: ZoneInfo) -> datetime:
    """An instant, or a time as clocks of that zone show it. Raises ValueError in words for people."""
    try:
        if len(text) <= len("2026-11-21"):
            raise ValueError
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        first, second = (found.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except (ValueError, OverflowError):
        raise ValueError("starts_at: Write the start as 2026-11-21 15:30, or with its offset.") from None
    if first.astimezone(zone).replace(tzinfo=None) != found:
        raise ValueError("starts_at: Clocks are put forward that night; there is no such time.")
    if first != second:
        raise ValueError("starts_at: Clocks are put back that night; this time comes twice. Write it with its offset.")
    return first
