"""Whose microphone is subscribed to: only of those who agreed, and of nobody in a call without transcript."""

from typing import Any

import pytest
from livekit import rtc

from agent.people import People
from domain.ids import Identity
from providers.rooms import ROLE_ATTRIBUTE, TRANSCRIPTION_ATTRIBUTE

pytestmark = pytest.mark.unit


class Microphone:
    source = rtc.TrackSource.SOURCE_MICROPHONE

    def __init__(self) -> None:
        self.subscribed = False

    def set_subscribed(self, subscribed: bool) -> None:
        self.subscribed = subscribed


class Guest(rtc.RemoteParticipant):
    """A participant without a server behind it."""

    identity = "prospect-1"
    name = "Robin Finch"
    kind = rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD

    def __init__(self, *, agrees: bool) -> None:
        self.microphone = Microphone()
        self.told = {ROLE_ATTRIBUTE: "prospect", TRANSCRIPTION_ATTRIBUTE: "yes" if agrees else "no"}

    @property
    def attributes(self) -> dict[str, str]:
        return self.told

    @property
    def track_publications(self) -> Any:
        return {"microphone": self.microphone}


class Room:
    def __init__(self, *guests: Guest) -> None:
        self.remote_participants = {guest.identity: guest for guest in guests}
        self.told: dict[str, Any] = {}

    def on(self, event: str, callback: Any) -> None:
        self.told[event] = callback


class Changes:
    def __init__(self) -> None:
        self.unheard: list[Identity] = []

    def arrived(self, _speaker: Any) -> None: ...
    def left(self, _speaker: Any) -> None: ...
    def may_be_heard(self, _speaker: Any, _track: Any) -> None: ...

    def may_not_be_heard(self, identity: Identity) -> None:
        self.unheard.append(identity)


def watched(guest: Guest, *, may_listen: bool) -> tuple[Room, Changes]:
    room, changes = Room(guest), Changes()
    People(room, may_listen=may_listen).watch(changes)  # type: ignore[arg-type]
    return room, changes


@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("may_listen", [True, False])
def test_a_microphone_is_subscribed_to_when_its_owner_agrees_and_the_call_is_transcribed(
    agrees: bool, may_listen: bool
) -> None:
    guest = Guest(agrees=agrees)
    watched(guest, may_listen=may_listen)
    assert guest.microphone.subscribed == (agrees and may_listen)


def test_who_agrees_in_the_call_is_heard_from_then_on_and_who_withdraws_is_not() -> None:
    guest = Guest(agrees=False)
    room, changes = watched(guest, may_listen=True)
    guest.told[TRANSCRIPTION_ATTRIBUTE] = "yes"
    room.told["participant_attributes_changed"]({}, guest)
    assert guest.microphone.subscribed is True
    before = len(changes.unheard)
    guest.told[TRANSCRIPTION_ATTRIBUTE] = "no"
    room.told["participant_attributes_changed"]({}, guest)
    assert [guest.microphone.subscribed] == [False]
    assert len(changes.unheard) == before + 1


def test_nobody_can_agree_to_be_heard_in_a_call_without_transcript() -> None:
    guest = Guest(agrees=False)
    room, _ = watched(guest, may_listen=False)
    guest.told[TRANSCRIPTION_ATTRIBUTE] = "yes"
    room.told["participant_attributes_changed"]({}, guest)
    assert not guest.microphone.subscribed
