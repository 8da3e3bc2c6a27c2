"""One scripted call from booking to hang-up, spoken or written."""

import asyncio
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from parley.stage.front_door import Booking, FrontDoor
from parley.stage.people import Person
from parley.stage.script import Script, ScriptTurn
from parley.stage.speech import Utterance, speak

READY_DEADLINE_S = 30.0
TURN_DEADLINE_S = 30.0
AGENT_SILENT_S = 0.7
AGENT_DEADLINE_S = 20.0
"""Both source: shared/calls/README, agent-led audio mode."""

SETTLE_S = 2.5
"""After the last words, for the finals and nudges they bring."""

OBSERVER = "observer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """A turn as it was given. Times are `time.time()`; in a written call the moment it was fed."""

    turn: int
    participant: str
    start_s: float
    end_s: float  # end of speech
    voiced_ends_s: tuple[float, ...]
    segment_id: str | None  # known in a written call only


@dataclass
class Performance:
    script: Script
    mode: str  # audio or text
    booking: Booking
    people: dict[str, Person]
    performed: list[Performed] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    agent_joined_after_s: float | None = None


class Broken(Exception):
    """The call could not be played to its end; the message says where it stood."""


async def play(script: Script, door: FrontDoor, *, as_text: bool) -> Performance:
    """Raises Broken or FrontDoorClosed. Whatever happens, everybody leaves and the call is ended."""
    booking = await door.book(script, as_text=as_text)
    performance = Performance(script=script, mode="text" if as_text else "audio", booking=booking, people={})
    recording = asyncio.create_task(keep_events(door, performance))
    try:
        await bring_people_in(door, performance, as_text=as_text)
        if as_text:
            await write_turns(door, performance)
        else:
            await speak_turns(performance)
    finally:
        with suppress(Exception):
            await door.end(booking.call_id)
        await asyncio.wait([recording], timeout=10)
        recording.cancel()
        await asyncio.gather(*(person.aclose() for person in performance.people.values()))
    return performance


async def keep_events(door: FrontDoor, performance: Performance) -> None:
    async for event in door.events(performance.booking.call_id):
        performance.events.append(event)


async def bring_people_in(door: FrontDoor, performance: Performance, *, as_text: bool) -> None:
    """The colleague first, so that every nudge finds somebody; then the guests; then waits for the agent."""
    script = performance.script
    colleague = next((p.id for p in script.participants if p.is_colleague), OBSERVER)
    asked_s = time.time()
    access = await door.enter_as_colleague(performance.booking.call_id)
    people = {colleague: Person(colleague, access, seed=zlib.crc32(script.id.encode()))}
    performance.people.update(people)
    await people[colleague].connect(with_microphone=not as_text and colleague != OBSERVER)
    for guest in (p for p in script.participants if p.is_guest):
        access = await door.enter_as_guest(performance.booking.link_secrets[guest.id], guest.name)
        person = Person(guest.id, access, seed=zlib.crc32(f"{script.id} {guest.id}".encode()))
        performance.people[guest.id] = person
        await person.connect(with_microphone=not as_text)
    deadline = asked_s + READY_DEADLINE_S
    watcher = people[colleague]
    while watcher.agent_joined_s is None:
        if time.time() > deadline:
            raise Broken(f"no agent came within {READY_DEADLINE_S:.0f} s")
        await asyncio.sleep(0.01)
    performance.agent_joined_after_s = watcher.agent_joined_s - asked_s


def colleague_of(performance: Performance) -> Person:
    """The rep, or the observer who stands in for one."""
    return next(iter(performance.people.values()))


async def write_turns(door: FrontDoor, performance: Performance) -> None:
    """Feeds one turn after the other on the script's clock, each when the agent has dealt with the one before."""
    told = colleague_of(performance).news
    now_ms = (await next_news(told, "ready"))["at_ms"]
    for number, turn in performance.script.human_turns():
        start_ms = max(0, now_ms + turn.gap_ms)
        segment_id = str(uuid4())
        fed_s = time.time()
        person = performance.people[turn.speaker]
        end_ms = start_ms + turn.written_ms
        await door.feed(performance.booking.call_id, person.identity, segment_id, turn.text, start_ms, end_ms)
        performance.performed.append(
            Performed(
                turn=number,
                participant=turn.speaker,
                start_s=fed_s,
                end_s=fed_s,
                voiced_ends_s=(fed_s,),
                segment_id=segment_id,
            )
        )
        now_ms = (await next_news(told, "heard"))["at_ms"]


async def next_news(told: asyncio.Queue[dict[str, Any]], key: str) -> dict[str, Any]:
    try:
        async with asyncio.timeout(TURN_DEADLINE_S):
            while key not in (news := await told.get()):
                pass
            return news
    except TimeoutError:
        raise Broken(f"the agent did not say “{key}” within {TURN_DEADLINE_S:.0f} s") from None


async def speak_turns(performance: Performance) -> None:
    script = performance.script
    voices = {participant.id: number for number, participant in enumerate(script.participants)}
    previous_end_s = time.time() + 0.5
    for number, turn in script.human_turns():
        utterance = await asyncio.to_thread(
            speak, turn.text, voice=voices[turn.speaker], script_id=script.id, turn=number
        )
        if script.is_led_by_agent:
            await until_agent_has_spoken(performance, since_s=previous_end_s)
        else:
            await sleep_until(previous_end_s + turn.gap_ms / 1000)
        if colleague_of(performance).room_is_gone.is_set():
            return
        for person in performance.people.values():
            if person.fault:
                raise Broken(f"{person.script_id}'s client failed: {person.fault}")
        performed = start_speaking(performance, number, turn, utterance)
        previous_end_s = performed.end_s
        following = next((t for n, t in script.human_turns() if n > number), None)
        overlap_s = min(0, following.gap_ms) / 1000 if following and not script.is_led_by_agent else 0
        await sleep_until(previous_end_s + overlap_s - 0.4)
    if script.is_led_by_agent:
        await until_agent_has_spoken(performance, since_s=previous_end_s)
    await sleep_until(previous_end_s + SETTLE_S)


def start_speaking(performance: Performance, number: int, turn: ScriptTurn, utterance: Utterance) -> Performed:
    start_s = time.time()
    performance.people[turn.speaker].speak(utterance.pcm)
    performed = Performed(
        turn=number,
        participant=turn.speaker,
        start_s=start_s,
        end_s=start_s + utterance.end_of_speech_ms / 1000,
        voiced_ends_s=tuple(start_s + ms / 1000 for ms in utterance.voiced_ms),
        segment_id=None,
    )
    performance.performed.append(performed)
    return performed


async def until_agent_has_spoken(performance: Performance, *, since_s: float) -> None:
    """Until the agent has said something after `since_s` and then been silent for AGENT_SILENT_S, or the deadline."""
    watcher = colleague_of(performance)
    deadline_s = time.time() + AGENT_DEADLINE_S
    while time.time() < deadline_s and not watcher.room_is_gone.is_set():
        spoke = watcher.agent_sound.last_loud_s > since_s
        if spoke and watcher.agent_sound.silent_for_s() >= AGENT_SILENT_S:
            return
        if watcher.agent_sound.last_loud_s and not watcher.agent_sound.silent_for_s() > AGENT_SILENT_S:
            deadline_s = max(deadline_s, time.time() + AGENT_SILENT_S)
        await asyncio.sleep(0.02)


async def sleep_until(at_s: float) -> None:
    await asyncio.sleep(max(0.0, at_s - time.time()))
