"""What the mails say, and whether programs that read mail can read them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from icalendar import Calendar

import notifications
from domain.call import CallKind, CallLead, Invitee, Switches
from domain.email import EmailKind
from domain.ids import InviteeId, LeadId, OrganizationId, SegmentId, uuid7
from domain.mail_server import MailSecurity, MailServer
from domain.notices import Said
from domain.people import UserRole
from domain.review import NextStep
from notifications import (
    agent_joined,
    agent_missing,
    cancel,
    changed_by_guest,
    invite,
    no_show,
    reminder,
    sign_in,
    summary,
    trial,
    undelivered,
    update,
)
from notifications.guest_mail import GuestMail
from notifications.letter import Envelope, Letter, Stationery
from notifications.mime import parcel
from notifications.times import both_spans, length_of, span_of, zone_of
from tests.jobs.test_reviewing import a_review
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

STATIONERY = Stationery()
LINK = "https://calls.example.org/join#AaH-daZbd7a7fKihU4qVSAGh_nWmW3gYsYwYMRb4UpYAAc7Q"
SERVER = MailServer(host="h", port=1, security=MailSecurity.TLS, sender_name="Parley", sender_email="p@p.example")
HOSTILE = 'A <script>alert(1)</script> & "B" {{ 7 * 7 }} <mj-raw>'


MANAGE_LINK = LINK.replace("/join#", "/manage#")
UNSUBSCRIBE = f"https://calls.example.org/api/v1/joins/unsubscriptions?link={LINK.partition('#')[2]}"


def invitation(**other: Any) -> GuestMail:
    owner = a_user(OrganizationId(uuid7()), UserRole.REP)
    zone = other.pop("zone", "America/New_York")
    name = other.pop("name", "Robin Finch")
    guest = Invitee(
        invitee_id=InviteeId(uuid7()), name=name, email="robin@finch.example", link_revision=1, time_zone=zone
    )
    facts = {"time_zone": "Europe/Berlin", "starts_at": datetime(2026, 11, 23, 13, tzinfo=UTC), "invitees": (guest,)}
    call = a_call(owner, **{**facts, **other})
    return GuestMail(
        call=call,
        invitee=guest,
        owner=owner,
        said=Said.of(call),
        sequence=call.revision,
        link=LINK,
        manage_link=MANAGE_LINK,
        written_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def invite_letter(**other: Any) -> Letter:
    return invite.letter(invitation(**other), STATIONERY)


def envelope() -> Envelope:
    return Envelope(
        server=SERVER, to_name="Robin", to_email="r@r.example", message_id="1@p.example",
        written_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


def sent(letter: Letter) -> EmailMessage:
    """As it arrives after a way over the wire."""
    arrived = message_from_bytes(parcel(letter, envelope()).content, policy=default)
    assert isinstance(arrived, EmailMessage)
    return arrived


def parsed(letter: Letter) -> Any:
    return Calendar.from_ical(letter.calendar or b"")


SIGN_IN_LINK = "https://calls.example.org/sign-in#AZ2pUy0VdL6S7mUa1bYpHqz9s3V0e8d7Tt1w8Gk2xYw"


def link_by_mail(role: UserRole = UserRole.MANAGER, **other: Any) -> sign_in.LinkByMail:
    user = replace(a_user(OrganizationId(uuid7()), role), email="ada@acme.example", **other)
    return sign_in.LinkByMail(
        user=user, link=SIGN_IN_LINK, lasts_minutes=15, expires_at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
        time_zone="Europe/Berlin",
    )  # fmt: skip


def change_by(did: str, **other: Any) -> changed_by_guest.Change:
    mail = invitation()
    facts = {"guest_name": "Robin Finch", "reason": "A train is late", "was_at": mail.said.starts_at, **other}
    page = f"https://calls.example.org/calls/{mail.call.call_id}"
    return changed_by_guest.Change(call=mail.call, owner=mail.owner, did=did, said=mail.said, link=page, **facts)


def a_refusal(**other: Any) -> undelivered.Undelivered:
    mail = invitation()
    facts = {
        "guest_name": "Robin Finch",
        "guest_email": "robin@finch.example",
        "kind": EmailKind.INVITE,
        "reply": "550 5.1.1 <robin@finch.example>: Recipient address rejected: User unknown",
        "link": f"https://calls.example.org/calls/{mail.call.call_id}",
        **other,
    }
    return undelivered.Undelivered(call=mail.call, owner=mail.owner, **facts)


def every_letter() -> dict[str, Letter]:
    mail = invitation()
    call, owner = mail.call, mail.owner
    step = NextStep(
        text="Send the offer",
        segment_id=SegmentId(uuid7()),
        quote="q",
        start_ms=0,
        name="Ada",
        owner="Ada",
        due="Friday",
    )
    done = replace(call, lead=CallLead(lead_id=LeadId(uuid7()), name="Robin Finch", company="Harbour & Finch"))
    page = f"https://calls.example.org/calls/{call.call_id}"
    before = replace(mail.said, starts_at=datetime(2026, 11, 24, 9, tzinfo=UTC), title="First talk")
    return {
        "invite": invite.letter(mail, STATIONERY),
        "update": update.letter(replace(mail, sequence=1), before, STATIONERY),
        "cancel": cancel.letter(replace(mail, sequence=2), "A train is late", is_call=True, stationery=STATIONERY),
        "removed": cancel.letter(replace(mail, sequence=2), "", is_call=False, stationery=STATIONERY),
        "reminder": reminder.letter(mail, UNSUBSCRIBE, STATIONERY),
        "no_show": no_show.to_guest(mail, STATIONERY),
        "reminder_owner": reminder.to_owner(call, owner, page, STATIONERY),
        "no_show_owner": no_show.to_owner(call, owner, page, STATIONERY),
        "agent_joined": agent_joined.letter(call, owner, call.starts_at, page, STATIONERY),
        "agent_missing": agent_missing.letter(call, owner, page, STATIONERY),
        "moved_by_guest": changed_by_guest.letter(change_by("moved", was_at=before.starts_at), STATIONERY),
        "cancelled_by_guest": changed_by_guest.letter(change_by("cancelled"), STATIONERY),
        "left_by_guest": changed_by_guest.letter(change_by("left", reason=""), STATIONERY),
        "undelivered": undelivered.letter(a_refusal(), STATIONERY),
        "summary": summary.letter(
            summary.Summary(call=done, reader=owner, review=a_review(next_steps=(step,)), score_before=50, link=page),
            STATIONERY,
        ),
        "trial": trial.letter(SERVER, "Ada", STATIONERY),
        "sign_in": sign_in.letter(link_by_mail(), STATIONERY),
        "invitation": sign_in.invitation(link_by_mail(), STATIONERY),
    }


NAMES = (
    "invite update cancel removed reminder no_show reminder_owner no_show_owner agent_joined agent_missing "
    "moved_by_guest cancelled_by_guest left_by_guest undelivered summary trial sign_in invitation"
).split()
WITHOUT_A_LINK = ("cancel", "removed", "no_show", "trial")
TO_GUESTS = ("invite", "update", "reminder")
"""Those with a link that lets a guest in."""


def test_every_mail_is_tried_here() -> None:
    assert list(every_letter()) == NAMES
    templates = {file.stem for file in (Path(notifications.__file__).parent / "templates").glob("*.mjml")}
    used = {name.replace("removed", "cancel") for name in NAMES if "_by_guest" not in name} | {"changed_by_guest"}
    assert templates - {"frame", "guest"} == used


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_is_complete_in_both_forms_and_fetches_nothing(name: str) -> None:
    letter = every_letter()[name]
    words = " ".join(re.sub(r"<(style|title)[^>]*>.*?</\1>|<[^>]+>", " ", letter.html, flags=re.S).split())
    for number in re.findall(r"\d+", letter.text):
        assert number in letter.html, "what stands in the text stands in the HTML"
    assert words
    assert re.findall(r"<(?:img|script|link|iframe)\b", letter.html) == []
    assert "url(" not in letter.html
    assert set(re.findall(r"https?://([^/\"#\s<]+)", letter.html)) <= {"calls.example.org", "www.w3.org"}
    assert "\n\n\n" not in letter.text
    assert "!" not in letter.text
    assert len(re.findall(r'class="[^"]*\bbutton\b', letter.html)) == (0 if name in WITHOUT_A_LINK else 1)
    assert "prefers-color-scheme: dark" in letter.html
    assert len(letter.html) < 100_000, "Gmail cuts longer ones"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_A_LINK])
def test_the_link_is_whole_in_both_forms(name: str) -> None:
    letter = every_letter()[name]
    link = LINK if name in TO_GUESTS else re.findall(r"https://calls\S+", letter.text)[0]
    arrived = sent(letter)
    for kind in ("plain", "html"):
        body = arrived.get_body((kind,))
        assert body is not None
        assert link in body.get_content()


@pytest.mark.parametrize("name", TO_GUESTS)
def test_guests_can_move_cancel_or_take_part_in_writing_from_every_mail(name: str) -> None:
    letter = every_letter()[name]
    assert MANAGE_LINK in letter.text
    page, _, secret = MANAGE_LINK.partition("#")
    for does, words in (("move", "Another time"), ("cancel", "Cancel"), ("text", "I prefer text")):
        assert re.search(rf'<a [^>]*href="{re.escape(f"{page}?do={does}#{secret}")}">{words}</a>', letter.html)


@pytest.mark.parametrize("name", ["cancel", "removed", "no_show"])
def test_a_mail_after_the_end_has_no_link_that_lets_nobody_in(name: str) -> None:
    letter = every_letter()[name]
    assert "/join" not in letter.text + letter.html + (letter.calendar or b"").decode()


def test_the_first_two_lines_of_an_invite_say_who_what_and_when() -> None:
    first, second = invite_letter(title="First talk").text.splitlines()[:2]
    assert first == "Ada Rep of Acme invites you to a call: First talk."
    assert second == (
        "Monday, 23 November 2026, 08:00–09:00 (America/New York, UTC−5) [14:00 Europe/Berlin, UTC+1], 1 h"
    )


def test_an_invite_says_that_an_ai_takes_part_and_what_is_kept() -> None:
    assert "An AI assistant, Nova, takes part and leads the call." in invite_letter().text
    quiet = invite_letter(
        kind=CallKind.ASSISTED,
        switches=Switches(recording=False, transcript=False, coaching=False, sentiment=False),
    ).text
    assert "takes part and listens" in quiet
    assert "Nothing is transcribed or recorded." in quiet


def test_names_and_titles_stay_words() -> None:
    letter = invite_letter(title=HOSTILE, name=HOSTILE)
    assert "<script" not in letter.html
    assert "49" not in letter.html.replace("4949", "")
    assert HOSTILE in letter.text
    assert letter.subject.startswith(f"Invitation: {HOSTILE}")
    assert sent(letter)["Subject"].startswith("Invitation: A <script>")
    assert str(parsed(letter).walk("VEVENT")[0]["summary"]) == HOSTILE


def test_a_subject_cannot_bring_headers_of_its_own() -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        sent(replace(invite_letter(), subject="Hello\r\nBcc: everybody@example.org"))


def test_the_calendar_object_is_an_alternative_with_its_method_and_a_file() -> None:
    letter = invite_letter()
    arrived = sent(letter)
    assert arrived.get_content_type() == "multipart/mixed"
    alternative, file = arrived.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(alternative.iter_parts())[2]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert (file.get_filename(), file.get_content_disposition()) == ("invite.ics", "attachment")
    assert file.get_payload(decode=True) == calendar.get_payload(decode=True) == letter.calendar


def test_the_calendar_object_holds_what_calendars_need() -> None:
    asked = invitation()
    calendar = parsed(invite.letter(asked, STATIONERY))
    assert (str(calendar["method"]), str(calendar["version"])) == ("REQUEST", "2.0")
    (event,) = calendar.walk("VEVENT")
    assert str(event["uid"]) == f"{asked.call.call_id}.{asked.invitee.invitee_id}@parley"
    assert (int(event["sequence"]), str(event["status"]), str(event["location"])) == (0, "CONFIRMED", LINK)
    assert str(event["organizer"]) == f"mailto:{asked.owner.email}"
    assert event["attendee"].params["rsvp"] == "TRUE"
    assert (event["dtstart"].dt, event["dtend"].dt) == (
        datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("America/New_York")),
        datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("America/New_York")),
    )
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt.total_seconds() == -900
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]


def test_a_cancellation_takes_the_event_out_of_the_calendar() -> None:
    letter = every_letter()["cancel"]
    alternative, file = sent(letter).iter_parts()
    part = list(alternative.iter_parts())[2]
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "CANCEL")
    assert file.get_filename() == "cancel.ics"
    calendar = parsed(letter)
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == ("CANCEL", "CANCELLED", 2)
    assert event.walk("VALARM") == []
    assert "Why: A train is late" in letter.text


def test_a_removed_guest_is_told_that_they_are_not_expected() -> None:
    first, second = every_letter()["removed"].text.splitlines()[:2]
    assert first == "Ada Rep of Acme does not expect you any more at this call: Discovery."
    assert second.startswith("It was planned for Monday, 23 November 2026, 08:00–09:00 (America/New York, UTC−5)")


def test_an_update_says_what_is_so_now_and_what_was() -> None:
    mail = replace(invitation(title="Second talk"), sequence=3)
    before = replace(mail.said, duration_minutes=30, title="First talk", owner_id="x", owner_name="Bo")
    letter = update.letter(mail, before, STATIONERY)
    assert letter.subject == "Changed: Second talk, Mon 23 Nov, 08:00"
    assert letter.text.splitlines()[:5] == [
        "Your call with Ada Rep of Acme has changed: Second talk.",
        "Monday, 23 November 2026, 08:00–09:00 (America/New York, UTC−5) [14:00 Europe/Berlin, UTC+1], 1 h",
        "It was planned for Monday, 23 November 2026, 08:00–08:30 (America/New York, UTC−5) "
        "[14:00 Europe/Berlin, UTC+1].",
        "It was called “First talk” before.",
        "Your host is Ada Rep; it was Bo.",
    ]
    (event,) = parsed(letter).walk("VEVENT")
    assert (int(event["sequence"]), str(event["status"])) == (3, "CONFIRMED")


def test_the_owners_own_zone_stands_in_brackets() -> None:
    mail = invitation()
    letter = invite.letter(replace(mail, owner=replace(mail.owner, time_zone="Asia/Kolkata")), STATIONERY)
    assert "08:00–09:00 (America/New York, UTC−5) [18:30 Asia/Kolkata, UTC+5:30]" in letter.text


def test_a_reminder_can_be_switched_off_by_one_click_and_brings_no_calendar_file() -> None:
    arrived = sent(every_letter()["reminder"])
    assert arrived["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = parcel(every_letter()["reminder"], envelope()).content
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in raw, "whole, on one line"
    assert arrived.get_content_type() == "multipart/alternative"
    assert {name for name, letter in every_letter().items() if letter.unsubscribe} == {"reminder"}


@pytest.mark.parametrize("name", [*TO_GUESTS, "cancel", "removed", "no_show"])
def test_what_a_guest_answers_goes_to_the_owner(name: str) -> None:
    arrived = sent(every_letter()[name])
    (reader,) = arrived["Reply-To"].addresses
    assert (reader.display_name, reader.domain) == ("Ada Rep", "acme.example")
    assert arrived["From"].addresses[0].addr_spec == SERVER.sender_email


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_says_that_a_program_wrote_it_and_when(name: str) -> None:
    arrived = sent(every_letter()[name])
    assert (arrived["Auto-Submitted"], arrived["Message-ID"]) == ("auto-generated", "<1@p.example>")
    assert arrived["Date"].datetime == envelope().written_at


def test_what_a_guest_did_stands_in_the_subject() -> None:
    letters = every_letter()
    assert letters["moved_by_guest"].subject == "Robin Finch has moved the call: Discovery, Mon 23 Nov, 14:00"
    assert "It was planned for Tuesday, 24 November 2026, 10:00–11:00" in letters["moved_by_guest"].text
    assert letters["cancelled_by_guest"].subject == "Robin Finch has cancelled the call: Discovery"
    assert letters["left_by_guest"].subject == "Robin Finch cannot come: Discovery"
    assert "Why:" not in letters["left_by_guest"].text


def test_an_owner_learns_who_did_not_get_what_in_the_servers_words() -> None:
    letter = undelivered.letter(a_refusal(), STATIONERY)
    assert letter.subject == "Robin Finch did not get the invitation: Discovery"
    assert letter.text.splitlines()[0] == "Robin Finch did not get the invitation of your call: Discovery."
    assert "<robin@finch.example>: Recipient address rejected: User unknown" in letter.text
    assert "&lt;robin@finch.example&gt;: Recipient address rejected: User unknown" in letter.html
    for kind in EmailKind:
        assert "did not get" in undelivered.letter(a_refusal(kind=kind), STATIONERY).subject


def test_our_own_people_read_times_on_their_own_clocks() -> None:
    mail = invitation()
    here = replace(mail.owner, time_zone="Asia/Kolkata")
    joined = agent_joined.letter(mail.call, here, mail.call.starts_at, "l", STATIONERY)
    assert "Since 18:30 (Asia/Kolkata, UTC+5:30)" in joined.text
    told = summary.Summary(call=mail.call, reader=here, review=a_review(), score_before=None, link="l")
    assert "18:30–19:30 (Asia/Kolkata, UTC+5:30)" in summary.letter(told, STATIONERY).text


def test_a_reason_keeps_its_lines() -> None:
    letter = cancel.letter(invitation(), "Ill.\nAda", is_call=True, stationery=STATIONERY)
    assert "Why: Ill.\nAda\n" in letter.text
    assert re.search(r"Why: Ill\.<br ?/>Ada", letter.html)


INSTANTS = (
    datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 1, tzinfo=UTC),
    datetime(2027, 7, 1, 23, 45, tzinfo=UTC),
)
"""Both sides of Europe's changes of the clock among them."""


@pytest.mark.parametrize("zone", sorted(available_timezones())[::25])
def test_mail_and_calendar_name_the_same_instant_in_every_zone(zone: str) -> None:
    for instant in INSTANTS:
        asked = invitation(zone=zone, starts_at=instant)
        letter = invite.letter(asked, STATIONERY)
        (event,) = parsed(letter).walk("VEVENT")
        assert event["dtstart"].dt.astimezone(UTC) == instant
        local = instant.astimezone(zone_of(zone))
        assert f"{local.day} {local:%B} {local.year}, {local:%H:%M}–" in letter.text


def test_times_are_told_as_people_do() -> None:
    berlin, kolkata = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert span_of(late, 60, berlin) == "23:30–00:30 on Tuesday (Europe/Berlin, UTC+1)"
    assert both_spans(late, 60, kolkata, berlin) == (
        "Tuesday, 24 November 2026, 04:00–05:00 (Asia/Kolkata, UTC+5:30) [Monday 23:30 Europe/Berlin, UTC+1]"
    )
    assert both_spans(late, 60, ZoneInfo("UTC"), ZoneInfo("UTC")) == "Monday, 23 November 2026, 22:30–23:30 (UTC)"
    assert [length_of(minutes) for minutes in (5, 60, 90, 480)] == ["5 min", "1 h", "1 h 30 min", "8 h"]
    assert zone_of("Not/There", None, "../../etc/passwd", "Asia/Kolkata") == kolkata
    assert zone_of("nowhere") == ZoneInfo("UTC")


def test_a_summary_says_in_its_first_line_whom_it_is_about_and_how_it_stands() -> None:
    letter = every_letter()["summary"]
    first, second = letter.text.splitlines()[:2]
    assert first == "Robin Finch, Harbour & Finch: score 72 of 100 (was 50), qualified."
    assert second == "Harbour & Finch looks for a new till."
    assert "- Send the offer (Ada, Friday)" in letter.text
    assert "+22 a budget is set aside" in letter.text
    mail = invitation()
    little = summary.Summary(
        call=mail.call, reader=mail.owner, review=a_review(score_reasons=()), score_before=None, link="l"
    )
    bare = summary.letter(little, STATIONERY)
    assert "Next steps" not in bare.text + bare.html
    assert "Why this score" not in bare.text + bare.html


def test_a_link_that_signs_in_says_where_how_often_and_what_to_do_if_nobody_asked() -> None:
    letter = sign_in.letter(link_by_mail(), STATIONERY)
    assert letter.subject == "Your link to sign in to Acme"
    assert "It works once, for 15 minutes after you asked for it." in letter.text
    assert "somebody entered ada@acme.example on the sign-in page. If it was not you" in letter.text
    assert letter.reply_to is None


def test_an_invitation_says_who_invites_as_what_and_until_which_day_where_the_reader_is() -> None:
    letter = sign_in.invitation(link_by_mail(), STATIONERY)
    first, second = letter.text.splitlines()[:2]
    assert letter.subject == "Acme invites you to Parley"
    assert first == "Ada Manager, Acme invites you to Parley as a manager."
    assert second == "Set up your account until Tuesday, 1 December 2026."
    westward = sign_in.invitation(link_by_mail(time_zone="America/New_York"), STATIONERY)
    assert "until Monday, 30 November 2026" in westward.text
    assert "as an admin." in sign_in.invitation(link_by_mail(UserRole.ADMIN), STATIONERY).text
    assert "as a rep." in sign_in.invitation(link_by_mail(UserRole.REP), STATIONERY).text


def test_names_in_an_invitation_stay_words() -> None:
    letter = sign_in.invitation(link_by_mail(name=HOSTILE, organization_name=HOSTILE), STATIONERY)
    assert "<script" not in letter.html
    assert HOSTILE in letter.text
    assert sent(letter)["Subject"].strip().startswith("A <script>")
