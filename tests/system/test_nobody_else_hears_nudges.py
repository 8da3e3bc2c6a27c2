"""A third client in the room keeps everything that reaches it, and never holds a nudge, a score or a note."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from livekit import rtc

from parley.product import Product
from parley.settings import CHECKOUT
from parley.stage.front_door import FrontDoor, access
from parley.stage.script import Script, load
from tests.system.recorder import Recorder

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

NOTE = "They said that they would pay twice as much"
CALL_ATTRIBUTES = {"parley.role", "parley.transcription", "lk.agent.state", "lk.agent.name", "lk.agent_name"}
STAGE = "parley.stage"  # where the agent tells the rep's client how far a staged call has come
REFUSED_WITHIN_S = 5.0


@dataclass(frozen=True)
class Room:
    """A call staged as text: the rep, a manager, a prospect, and the third, a prospect who only keeps what comes."""

    door: FrontDoor
    script: Script
    call_id: str
    link: str
    by_speaker: dict[str, Recorder]
    manager: Recorder
    third: Recorder

    @property
    def rep(self) -> Recorder:
        return self.by_speaker["r"]

    async def say(self, speaker: str, text: str, at_ms: int) -> int:
        """Returns when the agent has dealt with it: the script's time then."""
        dealt_with = len(self.rep.texts_on(STAGE))
        identity = self.by_speaker[speaker].local_participant.identity
        await self.door.feed(self.call_id, identity, str(uuid4()), text, at_ms, at_ms + 2_000)
        await self.rep.until_texts(STAGE, dealt_with + 1)
        return int(json.loads(self.rep.texts_on(STAGE)[-1])["at_ms"])


@asynccontextmanager
async def held_room(product: Product) -> AsyncIterator[Room]:
    script = load(CHECKOUT / "tests" / "corpus" / "gym.json")
    script = script.model_copy(update={"lead": script.lead.model_copy(update={"notes": NOTE})})
    door = FrontDoor(product.url)
    recorders = {name: Recorder() for name in ("r", "hq", "jq", "manager")}
    async with httpx.AsyncClient(base_url=f"{product.url}/api/v1", timeout=10) as manager:
        try:
            await door.sign_in()
            booking = await door.book(script, as_text=True)
            await recorders["r"].enter(await door.enter_as_colleague(booking.call_id))
            await manager.post("/demo/sign-ins", json={"as": "manager"})
            answer = await manager.post(f"/calls/{booking.call_id}/room-tokens", json={})
            await recorders["manager"].enter(access(answer.json()))
            for guest in ("hq", "jq"):
                link = booking.link_secrets[guest]
                await recorders[guest].enter(await door.enter_as_guest(link, guest))
            await recorders["r"].until_texts(STAGE, 1)
            yield Room(
                door=door,
                script=script,
                call_id=booking.call_id,
                link=booking.link_secrets["jq"],
                by_speaker=recorders,
                manager=recorders["manager"],
                third=recorders["jq"],
            )
            await door.end(booking.call_id)
        finally:
            for recorder in recorders.values():
                await recorder.aclose()
            await door.aclose()


async def play(room: Room) -> list[dict[str, Any]]:
    """The whole script, and a last sentence that everything before it has overtaken; the nudges that the rep got."""
    now_ms = 0
    for _, turn in room.script.human_turns():
        now_ms = await room.say(turn.speaker, turn.text, now_ms + turn.gap_ms)
    for colleague in (room.rep, room.manager):
        await colleague.until_texts("nudge", 2)
    last = "That is all for today."
    await room.say("hq", last, now_ms + 1_000)
    for recorder in (room.third, room.rep):
        await recorder.until_holds(last)
    return [json.loads(text)["nudge"] for text in room.rep.texts_on("nudge")]


def secrets_of(nudge: dict[str, Any]) -> list[str]:
    """What nobody could know but by having got it. The quote was said aloud."""
    return [nudge["nudge_id"], nudge["message"], nudge["title"], *nudge["reasons"]]


async def test_a_third_client_holds_captions_and_never_a_nudge_a_score_or_a_note(product: Product) -> None:
    async with held_room(product) as room:
        nudges = await play(room)
        third = room.third

        for secret in [secret for nudge in nudges for secret in secrets_of(nudge)]:
            forms = {secret, json.dumps(secret)[1:-1]}
            for colleague in (room.rep, room.manager):
                assert any(colleague.holds(form) for form in forms), f"the recorder does not record: {secret}"
            assert not any(third.holds(form) for form in forms), secret
        for word in ("nudge", "score", STAGE, "sentiment", "coach", NOTE, "reasons", "latency_ms"):
            assert not third.holds(word), word

        said = [turn.text for _, turn in room.script.human_turns()]
        assert [text for text in third.texts_on("lk.transcription") if text in said] == said
        assert third.topics == {"lk.transcription"}
        assert third.packets == []
        assert {name.partition(" ")[2] for name in third.labels()} <= CALL_ATTRIBUTES | {"", "metadata"}
        assert {value for name, value in third.labels().items() if name.endswith(("room", "metadata"))} == {""}

        async with httpx.AsyncClient(base_url=f"{product.url}/api/v1") as http:
            view = await http.post("/joins", json={"link": room.link})
        assert NOTE not in view.text
        assert "score" not in view.text


async def test_a_prospect_cannot_make_themselves_a_colleague_or_speak_but_by_microphone(product: Product) -> None:
    """Nothing that a prospect's own client asks of the media server is done."""
    async with held_room(product) as room:
        me, forged = room.third.local_participant, "forged by a prospect"
        as_rep = {"parley.role": "rep", "parley.transcription": "yes"}
        nudge = json.dumps({"nudge": {"title": forged}})
        everybody = [str(who.identity) for who in room.third.remote_participants.values()]
        for attempt in (
            me.set_attributes(as_rep),
            me.set_metadata(forged),
            me.set_name(forged),
            me.send_text(nudge, topic="nudge"),
            me.send_text(forged, topic="lk.transcription", destination_identities=everybody),
            me.publish_data(nudge, reliable=True, topic="parley.to-agent"),
            me.publish_data(nudge, reliable=False, topic="nudge"),
            me.publish_track(
                rtc.LocalVideoTrack.create_video_track("camera", rtc.VideoSource(64, 64)),
                rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA),
            ),
            me.publish_track(
                rtc.LocalVideoTrack.create_video_track("screen", rtc.VideoSource(64, 64)),
                rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_SCREENSHARE),
            ),
        ):
            with suppress(Exception):  # whether the client is told or only not obeyed is the media server's affair
                await asyncio.wait_for(attempt, REFUSED_WITHIN_S)

        nudges = await play(room)
        for recorder in (room.rep, room.manager, room.by_speaker["hq"]):
            assert not recorder.holds(forged)
            seen = recorder.remote_participants[me.identity]
            assert (seen.attributes["parley.role"], seen.metadata, seen.name) == ("prospect", "", "jq")
            assert dict(seen.track_publications) == {}
        assert not any(room.third.holds(nudge["nudge_id"]) for nudge in nudges)
