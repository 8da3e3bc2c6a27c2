"""Every zone whose clock changes, both nights: mail, page, calendar file and API name the same instant.

With figures: `python -m tests.notifications.test_nights_of_change --into FILE`.
"""

import json
import re
import subprocess
import sys
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from pydantic import TypeAdapter

from api.views import CallView, call_view
from domain.call import Call, Invitee
from domain.ids import InviteeId, OrganizationId, uuid7
from domain.links import Links
from domain.notices import Said
from domain.people import UserRole
from notifications import invite
from notifications.calendar import Method
from notifications.guest_mail import GuestMail
from notifications.letter import Stationery
from tests.api.rounds import main, note
from tests.notifications.calendar_program import parsed, requested
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

FROM, TO = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
AROUND = tuple(MINUTE * minutes for minutes in (-90, -60, -30, -1, 0, 1, 30, 59, 60, 90))
STATIONERY = Stationery()
LINKS = Links(secret="a secret of tests that is long enough", public_url="https://calls.example.org")
WEB = Path(__file__).parents[2] / "web"
MONTHS = "January February March April May June July August September October November December".split()
OWNER = a_user(OrganizationId(uuid7()), UserRole.REP)


@cache
def changes() -> tuple[tuple[str, datetime], ...]:
    """Every zone and night of change of one year, to the minute."""
    found = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        days = [FROM + DAY * day for day in range((TO - FROM).days + 1)]
        offsets = [at.astimezone(zone).utcoffset() for at in days]
        for at, before, after in zip(days, offsets, offsets[1:], strict=False):
            if before != after:
                minutes = (at + MINUTE * minute for minute in range(24 * 60 + 1))
                found.append((name, next(later for later in minutes if later.astimezone(zone).utcoffset() == after)))
    return tuple(found)


def instants() -> list[tuple[str, datetime]]:
    return [(zone, onset + shift) for zone, onset in changes() for shift in AROUND]


def call_at(at: datetime, zone: str) -> Call:
    guest = Invitee(
        invitee_id=InviteeId(uuid7()), name="Robin Finch", email="r@finch.example", link_revision=1, time_zone=zone
    )
    return a_call(OWNER, starts_at=at, invitees=(guest,), time_zone=zone)


def mail_to(call: Call) -> GuestMail:
    return GuestMail(
        call=call,
        invitee=call.invitees[0],
        owner=replace(OWNER, time_zone="Asia/Kolkata"),
        said=Said.of(call),
        sequence=call.revision,
        link="https://calls.example.org/join#s",
        manage_link="https://calls.example.org/manage#s",
        written_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def told(text: str) -> datetime:
    """The instant that a line such as "Sunday, 14 March 2027, 01:59–03:59 (America/New York, UTC−5)" names."""
    found = re.search(r"(\d+) ([A-Z][a-z]+) (\d{4}), (\d\d):(\d\d)–[^(]*\(([^)]*)\)", text)
    assert found, text
    day, month, year, hour, minute, zone = found.groups()
    local = datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=UTC)
    return local - offset_in(zone, "UTC")


def offset_in(text: str, name: str) -> timedelta:
    """Of "…, UTC+5:30", "GMT−3" or "UTC"."""
    found = re.search(rf"{name}(?:([+−-])(\d+)(?::(\d\d))?)?$", text)
    assert found, text
    size = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
    return size if found[1] == "+" else -size


def test_the_zones_are_the_pinned_ones(request: pytest.FixtureRequest) -> None:
    assert zoneinfo.TZPATH == ()
    shipped = files("tzdata").joinpath("zones").read_text().split()
    assert available_timezones() == set(shipped)
    nights = changes()
    changing = len({zone for zone, _ in nights})
    found = {"zones": len(shipped), "changing": changing, "nights": len(nights), "tzdata": version("tzdata")}
    note(request.config, "zones", found)
    assert changing > 150


def test_mail_and_calendar_file_name_the_instant_that_was_booked(request: pytest.FixtureRequest) -> None:
    for zone, at in instants():
        mail = mail_to(call_at(at, zone))
        assert told(mail.facts()["when"]) == at, zone
        calendar = parsed(mail.calendar_file(Method.REQUEST))
        entry = requested(calendar.named("VEVENT")[0], calendar)
        assert (entry.starts_at, entry.ends_at) == (at, at + timedelta(minutes=60)), zone
    note(request.config, "mail and calendar file", {"instants right": len(instants())})


def test_both_forms_of_a_mail_name_the_instant_of_the_change_itself(request: pytest.FixtureRequest) -> None:
    for zone, at in changes():
        letter = invite.letter(mail_to(call_at(at, zone)), STATIONERY)
        assert told(letter.text.splitlines()[1]) == at, zone
        assert told(re.sub(r"<[^>]+>", "", letter.html)) == at, zone
    note(request.config, "whole mails", {"instants right": len(changes())})


def test_the_host_reads_the_same_instant_in_brackets(request: pytest.FixtureRequest) -> None:
    for zone, at in instants():
        line = mail_to(call_at(at, zone)).when(Said.of(call_at(at, zone)))
        there = at.astimezone(ZoneInfo("Asia/Kolkata"))
        assert f"{there:%H:%M} Asia/Kolkata, UTC+5:30]" in line, zone
    note(request.config, "the host's time in brackets", {"instants right": len(instants())})


def test_the_api_names_the_instant_that_was_booked(request: pytest.FixtureRequest) -> None:
    adapter = TypeAdapter(CallView)
    for zone, at in instants():
        view = json.loads(adapter.dump_json(call_view(call_at(at, zone), LINKS, participants_present=0)))
        assert datetime.fromisoformat(view["starts_at"]) == at, zone
        assert view["time_zone"] == zone
    note(request.config, "API", {"instants right": len(instants())})


def test_the_pages_name_the_instant_that_was_booked(request: pytest.FixtureRequest) -> None:
    """Also where the browser's own table of zones is older: what it says of the clock, it says with its offset."""
    asked = instants()
    ran = subprocess.run(
        ["node", str(Path(__file__).parent / "page_times.mjs"), str(WEB)],
        input=json.dumps([(at.isoformat(), zone) for zone, at in asked]),
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    texts = json.loads(ran.stdout)
    unknown = {zone for (zone, _), text in zip(asked, texts, strict=True) if text is None}
    assert len(unknown) < 5, f"zones that the page does not know: {unknown}"
    for (zone, at), text in zip(asked, texts, strict=True):
        if text is None:
            continue
        # "Sun 14 Mar, 01:59 (GMT-5)"; in another year than today's "Sun, 14 Mar 2027, 01:59 (GMT-5)".
        found = re.fullmatch(r"(\w{3}),? (\d+) (\w{3,4})(?: (\d{4}))?, (\d\d):(\d\d) \(([^)]*)\)", text)
        assert found, text
        weekday, day, month, year, hour, minute, offset = found.groups()
        number = [name[:3] for name in MONTHS].index(month[:3]) + 1
        local = datetime(int(year or at.year), number, int(day), int(hour), int(minute), tzinfo=UTC)
        assert f"{local:%a}" == weekday
        assert local - offset_in(offset, "GMT") == at, f"{zone}: {text}"
    known = len(asked) - texts.count(None)
    note(request.config, "pages", {"instants right": known, "zones unknown to the browser": len(unknown)})


if __name__ == "__main__":
    sys.exit(main(__file__))
