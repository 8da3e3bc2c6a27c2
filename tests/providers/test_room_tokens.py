"""Room tokens, decoded: whatever is asked for, each is within its role's list in `docs/wire.md`."""

import base64
import json
import re
import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from domain.call import Consent, colleague_identity, prospect_identity, room_of
from domain.ids import CallId, Identity, InviteeId, UserId
from domain.transcript import ParticipantRole
from parley.settings import CHECKOUT
from providers.rooms import Rooms

pytestmark = pytest.mark.unit

KEY, SECRET = "a key", "a secret of thirty-two characters"
LONGEST_S = 60
CLAIMS = {"iss", "sub", "name", "nbf", "exp", "iat", "video", "attributes", "kind"}
HUMAN_ROLES = [role for role in ParticipantRole if role is not ParticipantRole.AGENT]
IDENTITY = re.compile(r"(prospect|rep|manager)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

names = st.one_of(
    st.text(min_size=1, max_size=80),
    st.sampled_from(["Robin Finch", 'x", "roomAdmin": true', "{}", "\u202egninnaC", "🦊" * 20, "prospect-1", "*"]),
)


def listed() -> dict[str, dict[str, str]]:
    """By role, each grant of the table in `docs/wire.md` and the most that it may be."""
    text = (CHECKOUT / "docs" / "wire.md").read_text().partition("## Room tokens")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    head, _, *body = rows
    return {role: {row[0].strip("`"): row[number] for row in body} for number, role in enumerate(head) if number}


LISTED = listed()


@pytest.fixture(scope="module")
def rooms() -> Rooms:
    """Makes tokens; asks nobody anything."""
    made = Rooms.__new__(Rooms)
    made._api_key, made._api_secret = KEY, SECRET
    return made


def decoded(token: str) -> dict[str, Any]:
    """Raises JoseError or ValueError."""
    return jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims


def token_for(rooms: Rooms, name: str, who: Any) -> str:
    """A prospect's."""
    identity = identity_of(ParticipantRole.PROSPECT, who)
    consent = Consent(transcription=True, recording=False)
    return rooms.token(room_of(CallId(who)), identity, name, ParticipantRole.PROSPECT, consent)


def identity_of(role: ParticipantRole, who: Any) -> Identity:
    """As `api/join.py` makes them."""
    if role is ParticipantRole.PROSPECT:
        return prospect_identity(InviteeId(who))
    return colleague_identity(role.value, UserId(who))


def test_the_list_names_every_role_of_a_human() -> None:
    assert set(LISTED) == set(HUMAN_ROLES)
    assert all(set(grants.values()) <= {"yes", "no", "microphone", "this one"} for grants in LISTED.values())
    assert all(grants["canPublishData"] == "no" for grants in LISTED.values())


@given(
    role=st.sampled_from(HUMAN_ROLES),
    call_id=st.uuids(),
    who=st.uuids(),
    name=names,
    transcription=st.booleans(),
    recording=st.booleans(),
)
def test_every_room_token_is_within_its_roles_list(
    rooms: Rooms, role: ParticipantRole, call_id: Any, who: Any, name: str, transcription: bool, recording: bool
) -> None:
    room, identity = room_of(CallId(call_id)), identity_of(role, who)
    before_s = int(time.time())
    token = rooms.token(room, identity, name, role, Consent(transcription=transcription, recording=recording))
    claims = decoded(token)

    must_be_within(claims["video"], LISTED[role], room)
    assert claims["iss"] == KEY
    assert set(claims) <= CLAIMS
    assert claims.get("kind", "standard") == "standard"
    assert before_s < claims["exp"] <= int(time.time()) + LONGEST_S
    assert claims["exp"] - claims.get("nbf", before_s) <= LONGEST_S

    assert claims["sub"] == identity
    assert IDENTITY.fullmatch(claims["sub"])
    assert claims["name"] == name
    assert claims["attributes"] == {
        "parley.role": role.value, "parley.transcription": "yes" if transcription else "no",
    }  # fmt: skip


def must_be_within(grants: dict[str, Any], most: dict[str, str], room: str) -> None:
    """A grant that is left out is the server's to give, so those that the list denies must be denied here."""
    for grant, value in grants.items():
        assert grant in most, f"{grant} is not in the list"
        match most[grant]:
            case "this one":
                assert value == room
            case "microphone":
                assert value == ["microphone"]
            case "no":
                assert value is False, grant
            case allowed:
                assert allowed == "yes", grant
    left_out = {grant for grant, allowed in most.items() if allowed in ("no", "microphone", "this one")} - set(grants)
    assert left_out <= DENIED_UNLESS_GIVEN, f"{left_out} would be given by the server"


DENIED_UNLESS_GIVEN = {
    "roomAdmin", "roomCreate", "roomList", "roomRecord", "ingressAdmin", "hidden", "recorder", "agent",
    "canSubscribeMetrics", "canManageAgentSession", "canUpdateOwnMetadata",
}  # fmt: skip
"""False when absent; publishing, subscribing and data are not. Source: livekit protocol auth/grants.go, VideoGrant."""


@given(name=names, who=st.uuids())
def test_a_name_stands_nowhere_but_in_the_name(rooms: Rooms, name: str, who: Any) -> None:
    """Identities and rooms stand in logs, and names must not."""
    of_time = {"exp", "nbf", "iat"}
    one, other = decoded(token_for(rooms, name, who)), decoded(token_for(rooms, f"not {name}", who))
    assert {claim for claim in one if one[claim] != other[claim]} - of_time == {"name"}


@given(
    who=st.uuids(),
    part=st.sampled_from([0, 1, 2]),
    at=st.integers(min_value=0, max_value=10_000),
    bit=st.sampled_from(range(8)),
)
def test_a_token_with_a_flipped_bit_is_no_token(rooms: Rooms, who: Any, part: int, at: int, bit: int) -> None:
    """In the header, the body or the signature."""
    parts = [bytearray(base64.urlsafe_b64decode(text + "==")) for text in token_for(rooms, "Robin", who).split(".")]
    parts[part][at % len(parts[part])] ^= 1 << bit
    changed = ".".join(base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in parts)
    with pytest.raises((JoseError, ValueError)):
        decoded(changed)


def test_the_header_says_what_it_is_and_names_no_place_for_keys(rooms: Rooms) -> None:
    head = token_for(rooms, "Robin", UUID(int=1)).partition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}


def test_tokens_for_rooms_are_made_in_one_place() -> None:
    """And by the doctor, for a room that it makes, that its two clients use, and that is gone with them."""
    folders = ("agent", "api", "db", "domain", "intelligence", "jobs", "notifications", "parley", "providers")
    makers = {
        str(path.relative_to(CHECKOUT))
        for folder in folders
        for path in (CHECKOUT / folder).rglob("*.py")
        if re.search(r"\bAccessToken\b", path.read_text())
    }
    assert makers == {"providers/rooms.py", "parley/round_trip.py"}
