"""Who is told what of a change, when, and until when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.call import Call, CallOwner, CallStatus, Invitee, Switches
from domain.email import EmailKind
from domain.ids import InviteeId, OrganizationId, uuid7
from domain.notices import (
    Notice,
    Said,
    agent_missing,
    changed_by_guest,
    no_show,
    notices,
    recipients,
)
from domain.people import UserRole, UserStatus
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

OWNER = a_user(OrganizationId(uuid7()), UserRole.REP)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def guest(name: str = "Robin", email: str | None = "robin@finch.example") -> Invitee:
    return Invitee(invitee_id=InviteeId(uuid7()), name=name, email=email, link_revision=1, time_zone="Asia/Tokyo")


def call(*guests: Invitee, **other: Any) -> Call:
    return a_call(OWNER, **{"starts_at": START, "invitees": guests or (guest(),), **other})


def told(made: list[Notice]) -> list[tuple[str, str, int]]:
    """Kind, name of the recipient, lead in minutes."""
    names = [(notice.invitee or notice.user or OWNER).name for notice in made]
    return sorted((notice.kind.value, name, notice.lead_minutes) for notice, name in zip(made, names, strict=True))


def of_kind(made: list[Notice], kind: EmailKind) -> list[Notice]:
    return [notice for notice in made if notice.kind is kind]


def test_a_booking_invites_each_guest_with_an_address_and_reminds_them_and_the_owner() -> None:
    made = notices(None, call(guest(), guest("Ana", "ana@x.example"), guest("Bo", None)), OWNER, NOW)
    assert told(made) == [
        ("invite", "Ana", 0),
        ("invite", "Robin", 0),
        ("reminder", "Ada Rep", 15),
        ("reminder", "Ana", 15),
        ("reminder", "Ana", 1440),
        ("reminder", "Robin", 15),
        ("reminder", "Robin", 1440),
    ]
    assert all((notice.invitee is None) != (notice.user is None) for notice in made)


def test_each_notice_is_due_and_ends_when_it_should() -> None:
    made = notices(None, call(), OWNER, NOW)
    (invite,) = of_kind(made, EmailKind.INVITE)
    assert (invite.due_at, invite.expires_at) == (NOW, START + HOUR)
    day, quarter = sorted((n for n in of_kind(made, EmailKind.REMINDER) if n.invitee), key=lambda n: n.due_at)
    assert (day.due_at, day.expires_at) == (START - DAY, START - 15 * MINUTE), "the next one says it better"
    assert (quarter.due_at, quarter.expires_at) == (START - 15 * MINUTE, START)


@pytest.mark.parametrize(
    ("ahead", "leads"),
    [
        (37 * HOUR, [15, 1440]),
        (36 * HOUR, [15, 1440]),
        (36 * HOUR - MINUTE, [15]),
        (30 * MINUTE, [15]),
        (29 * MINUTE, []),
        (15 * MINUTE, []),
        (-5 * MINUTE, []),
    ],
)
def test_whoever_has_just_been_invited_is_not_reminded_as_well(ahead: timedelta, leads: list[int]) -> None:
    made = notices(None, call(starts_at=NOW + ahead), OWNER, NOW)
    assert sorted(n.lead_minutes for n in of_kind(made, EmailKind.REMINDER) if n.invitee) == leads


def test_an_invite_to_a_call_that_runs_over_its_time_is_still_tried() -> None:
    before = call(starts_at=NOW - 3 * HOUR, status=CallStatus.LIVE)
    after = replace(before, invitees=(*before.invitees, guest("Ana", "a@x.example")), revision=1)
    (invite,) = notices(before, after, OWNER, NOW)
    assert (invite.kind, invite.expires_at) == (EmailKind.INVITE, NOW + HOUR)


def test_a_move_is_told_to_every_guest_and_all_are_reminded_anew() -> None:
    before = call(guest(), guest("Ana", "ana@x.example"))
    after = replace(before, starts_at=START + DAY, revision=1)
    made = notices(before, after, OWNER, NOW)
    assert [kind for kind, _, _ in told(made)].count("update") == 2
    assert [kind for kind, _, _ in told(made)].count("reminder") == 5
    assert {notice.revision for notice in made} == {notice.facts["sequence"] for notice in made} == {1}
    (update, _) = of_kind(made, EmailKind.UPDATE)
    assert Said.read(update.facts) == Said.of(after)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"duration_minutes": 30},
        {"owner": CallOwner(user_id=a_user(OWNER.organization_id, UserRole.REP).user_id, name="Bo")},
    ],
)
def test_what_guests_see_is_told_to_them(change: dict[str, Any]) -> None:
    before = call()
    assert of_kind(notices(before, replace(before, revision=1, **change), OWNER, NOW), EmailKind.UPDATE)


def test_what_guests_do_not_see_is_told_to_nobody() -> None:
    before = call()
    after = replace(before, most_participants=4, switches=Switches(recording=False), revision=1)
    assert notices(before, after, OWNER, NOW) == []
    assert notices(before, replace(before, starts_at=START.astimezone()), OWNER, NOW) == [], "the same instant"


def test_an_added_guest_is_invited_and_nobody_else_is_written_to() -> None:
    before = call()
    after = replace(before, invitees=(*before.invitees, guest("Ana", "ana@x.example")), revision=1)
    assert told(notices(before, after, OWNER, NOW)) == [
        ("invite", "Ana", 0), ("reminder", "Ana", 15), ("reminder", "Ana", 1440),
    ]  # fmt: skip


@pytest.mark.parametrize("revision", [0, 1], ids=["as before", "risen"])
def test_a_removed_guest_gets_a_cancel_above_all_they_were_sent(revision: int) -> None:
    before = call(guest(), guest("Ana", "ana@x.example"))
    after = replace(before, invitees=before.invitees[:1], revision=revision)
    (cancel,) = notices(before, after, OWNER, NOW)
    assert (cancel.kind, cancel.invitee, cancel.revision) == (EmailKind.CANCEL, before.invitees[1], 1)
    assert cancel.facts["sequence"] == 1
    assert not cancel.facts["is_call"]
    assert cancel.facts["time_zone"] == "Asia/Tokyo"
    assert cancel.expires_at == NOW + 3 * DAY


def test_moved_and_removed_in_one_change_each_gets_their_own() -> None:
    before = call(guest(), guest("Ana", "ana@x.example"))
    after = replace(before, invitees=(before.invitees[0], guest("Bo", "b@x.example")), title="New", revision=1)
    kinds = [(kind, name) for kind, name, lead in told(notices(before, after, OWNER, NOW)) if not lead]
    assert kinds == [("cancel", "Ana"), ("invite", "Bo"), ("update", "Robin")]


def test_a_cancellation_is_told_once_with_its_reason() -> None:
    before = call(guest(), guest("Bo", None))
    after = replace(before, status=CallStatus.CANCELLED, cancel_reason="Illness", revision=1)
    (cancel,) = notices(before, after, OWNER, NOW)
    assert (cancel.facts["reason"], cancel.facts["is_call"], cancel.facts["sequence"]) == ("Illness", True, 1)
    assert notices(after, after, OWNER, NOW) == []


def test_mail_that_is_switched_off_is_no_mail_and_switched_on_invites() -> None:
    silent = call(switches=Switches(mail=False))
    assert notices(None, silent, OWNER, NOW) == []
    assert notices(silent, replace(silent, starts_at=START + DAY, revision=1), OWNER, NOW) == []
    spoken = replace(silent, switches=Switches())
    assert told(notices(silent, spoken, OWNER, NOW)) == told(notices(None, spoken, OWNER, NOW))
    cancelled = replace(spoken, status=CallStatus.CANCELLED, revision=1)
    assert notices(silent, cancelled, OWNER, NOW) == [], "nobody was told of the call"
    for made in (agent_missing, no_show):
        assert made(silent, OWNER, NOW) == []
    assert recipients(silent, OWNER, []) == []


def test_a_call_that_is_over_makes_no_more_news() -> None:
    for status in (CallStatus.ENDED, CallStatus.NO_SHOW):
        before = call(status=CallStatus.LIVE)
        assert notices(before, replace(before, status=status, title="New", revision=1), OWNER, NOW) == []


def test_a_new_owner_is_reminded_and_a_disabled_one_is_not_written_to() -> None:
    before = call()
    heir = a_user(OWNER.organization_id, UserRole.REP)
    after = replace(before, owner=CallOwner(user_id=heir.user_id, name=heir.name), revision=1)
    assert [n.user for n in notices(before, after, heir, NOW) if n.user] == [heir]
    gone = replace(OWNER, status=UserStatus.DISABLED)
    assert [n for n in notices(None, before, gone, NOW) if n.user] == []
    assert agent_missing(before, gone, NOW) == []


def test_the_owner_hears_what_a_guest_did() -> None:
    before = call(guest(), guest("Ana", "ana@x.example"))
    ana = before.invitees[1]
    moved = replace(before, starts_at=START + DAY, revision=1)
    left = replace(before, invitees=before.invitees[:1], revision=1)
    cancelled = replace(before, status=CallStatus.CANCELLED, revision=1)
    for after, did in ((moved, "moved"), (left, "left"), (cancelled, "cancelled")):
        (notice,) = changed_by_guest(before, after, OWNER, ana, NOW, "Ill")
        facts = notice.facts
        assert (notice.user, facts["did"], facts["guest_name"], facts["reason"]) == (OWNER, did, "Ana", "Ill")
        assert datetime.fromisoformat(facts["was_at"]) == START


def test_a_no_show_is_told_to_the_owner_and_the_guests() -> None:
    assert told(no_show(call(guest(), guest("Bo", None)), OWNER, NOW)) == [
        ("no_show", "Ada Rep", 0), ("no_show", "Robin", 0),
    ]  # fmt: skip


def test_who_would_be_written_to_is_known_before_anything_is_sent() -> None:
    manager = replace(a_user(OWNER.organization_id, UserRole.MANAGER), name="Mo")
    gone = replace(a_user(OWNER.organization_id, UserRole.MANAGER), status=UserStatus.DISABLED)
    made = recipients(call(guest(), guest("Bo", None)), OWNER, [manager, OWNER, gone])
    assert [(one.notice.value, one.name, one.why) for one in made] == [
        ("invite", "Robin", "invitee"),
        ("reminder", "Robin", "invitee"),
        ("reminder", "Ada Rep", "owner"),
        ("agent_joined", "Ada Rep", "owner"),
        ("summary", "Ada Rep", "owner"),
        ("summary", "Mo", "manager"),
    ]
