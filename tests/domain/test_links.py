import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LinkUnknown
from domain.ids import CallId, InviteeId, SignInLinkId, uuid7
from domain.links import Link, Links, SignInLinks
from domain.tags import TAG_BYTES

pytestmark = pytest.mark.unit

LINKS = Links(secret="s" * 32, public_url="https://parley.example/")
LINK = Link(call_id=CallId(uuid7()), invitee_id=InviteeId(uuid7()), revision=1)
SECRET = LINKS.secret_of(LINK)

links = st.builds(
    Link, call_id=st.uuids().map(CallId), invitee_id=st.uuids().map(InviteeId), revision=st.integers(0, 2**16 - 1)
)


@given(links)
def test_a_link_reads_as_what_it_was_made_of(link: Link) -> None:
    assert LINKS.read(LINKS.secret_of(link)) == link


def test_no_bit_of_a_link_can_be_changed() -> None:
    raw = SECRET.encode()
    for place in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << (place % 8)
        with pytest.raises(LinkUnknown):
            LINKS.read(changed.decode("latin-1"))


def test_no_character_of_a_link_can_be_another() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, now in enumerate(SECRET):
        for other in alphabet:
            if other != now:
                with pytest.raises(LinkUnknown):
                    LINKS.read(SECRET[:place] + other + SECRET[place + 1 :])


def test_no_part_of_a_link_is_a_link() -> None:
    for length in range(len(SECRET)):
        for part in (SECRET[:length], SECRET[len(SECRET) - length :]):
            with pytest.raises(LinkUnknown):
                LINKS.read(part)


@given(st.text(max_size=3).filter(bool), st.integers(0, len(SECRET)))
def test_nothing_can_be_added_to_a_link(more: str, place: int) -> None:
    with pytest.raises(LinkUnknown):
        LINKS.read(SECRET[:place] + more + SECRET[place:])


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_other_text_is_no_link(text: str) -> None:
    with pytest.raises(LinkUnknown):
        LINKS.read(text)


def test_another_revision_is_another_secret_and_another_installation_knows_none_of_ours() -> None:
    newer = Link(call_id=LINK.call_id, invitee_id=LINK.invitee_id, revision=2)
    assert LINKS.secret_of(newer) != SECRET
    with pytest.raises(LinkUnknown):
        Links(secret="t" * 32, public_url="https://parley.example").read(SECRET)


def test_the_secret_stands_behind_the_hash_of_the_address() -> None:
    assert LINKS.address(LINK) == f"https://parley.example/join#{SECRET}"
    assert str(LINK.call_id) not in LINKS.address(LINK)


SIGN_IN_LINKS = SignInLinks(secret="s" * 32, public_url="https://parley.example/")
LINK_ID = SignInLinkId(uuid7())
SIGN_IN_SECRET = SIGN_IN_LINKS.secret_of(LINK_ID)


@given(st.uuids().map(SignInLinkId))
def test_a_sign_in_link_reads_as_what_it_was_made_of(link_id: SignInLinkId) -> None:
    assert SIGN_IN_LINKS.read(SIGN_IN_LINKS.secret_of(link_id)) == link_id


def test_no_character_of_a_sign_in_link_can_be_another_missing_or_added() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=\n é\0"
    for place in range(len(SIGN_IN_SECRET) + 1):
        before, after = SIGN_IN_SECRET[:place], SIGN_IN_SECRET[place:]
        wrong = {before + other + after for other in alphabet} | {before + other + after[1:] for other in alphabet}
        for secret in (wrong | {before, after, before + after[1:]}) - {SIGN_IN_SECRET}:
            with pytest.raises(LinkUnknown):
                SIGN_IN_LINKS.read(secret)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_other_text_is_no_sign_in_link(text: str) -> None:
    with pytest.raises(LinkUnknown):
        SIGN_IN_LINKS.read(text)


def test_a_link_into_a_call_does_not_sign_in_and_the_other_way_round() -> None:
    for links, secret in ((SIGN_IN_LINKS, SECRET), (LINKS, SIGN_IN_SECRET)):
        with pytest.raises(LinkUnknown):
            links.read(secret)
    tag_of_a_call = base64.urlsafe_b64encode(
        LINK_ID.bytes + hmac.digest(LINKS._key, LINK_ID.bytes, "sha256")[:TAG_BYTES]
    )
    with pytest.raises(LinkUnknown):
        SIGN_IN_LINKS.read(tag_of_a_call.decode().rstrip("="))


def test_another_installation_knows_none_of_our_sign_in_links() -> None:
    with pytest.raises(LinkUnknown):
        SignInLinks(secret="t" * 32, public_url="https://parley.example").read(SIGN_IN_SECRET)


def test_the_secret_of_a_sign_in_link_stands_behind_the_hash_and_has_128_bits_that_nobody_can_guess() -> None:
    assert SIGN_IN_LINKS.address(LINK_ID) == f"https://parley.example/sign-in#{SIGN_IN_SECRET}"
    assert len(base64.urlsafe_b64decode(SIGN_IN_SECRET + "=")) - len(LINK_ID.bytes) == 16
