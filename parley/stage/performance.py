"""One scripted call from booking to hang-up, spoken or written."""

import asyncio
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from parley.stage.front_door import Booking, FrontDoor
from parley.stage.people import Person
from parley.stage.script import Script
from parley.stage.speech import Spoken, speak

READY_DEADLINE_S = 30.0
TURN_DEADLINE_S = 30.0
AGENT_SILENT_S = 0.7
AGENT_DEADLINE_S = 20.0
"""Both source: shared/calls/README, agent-led audio mode."""

SETTLE_S = 2.5
"""After the last words, for the finals and nudges they bring."""

REVIEW_DEADLINE_S = 60.0

OBSERVER = "observer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A turn fed as text, `time.time()`: begun and ended in the same moment."""

    segment_id: str
    start_s: float

    @property
    def end_s(self) -> float:
        return self.start_s

    @property
    def voiced_ends_s(self) -> tuple[float, ...]:
        return (self.start_s,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """A turn as it was given."""

    turn: int
    participant: str
    given: Spoken | Written


@dataclass
class Performance:
    script: Script
    mode: str  # audio or text
    booking: Booking
    people: dict[str, Person]
    performed: list[Performed] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    agent_joined_after_s: float | None = None
    review: dict[str, Any] | None = None  # None: there is none, or it was not done in time


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
    performance.review = await door.review(booking.call_id, within_s=REVIEW_DEADLINE_S)
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
            Performed(turn=number, participant=turn.speaker, given=Written(segment_id=segment_id, start_s=fed_s))
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
    began_s = time.time() + 0.5

    def previous_end_s() -> float:
        """Moves while the previous turn is on its way out of a microphone that falls behind."""
        return performance.performed[-1].given.end_s if performance.performed else began_s

    for number, turn in script.human_turns():
        overlap_s = 0 if script.is_led_by_agent else min(0, turn.gap_ms) / 1000
        await sleep_until(previous_end_s, overlap_s - 0.4)
        utterance = await asyncio.to_thread(
            speak, turn.text, voice=voices[turn.speaker], script_id=script.id, turn=number
        )
        if script.is_led_by_agent:
            await until_agent_has_spoken(performance, since_s=previous_end_s())
        else:
            await sleep_until(previous_end_s, turn.gap_ms / 1000)
        if colleague_of(performance).room_is_gone.is_set():
            return
        for person in performance.people.values():
            if person.fault:
                raise Broken(f"{person.script_id}'s client failed: {person.fault}")
        spoken = performance.people[turn.speaker].speak(utterance)
        performance.performed.append(Performed(turn=number, participant=turn.speaker, given=spoken))
    await sleep_until(previous_end_s, 0)
    if script.is_led_by_agent:
        await until_agent_has_spoken(performance, since_s=previous_end_s())
    await sleep_until(previous_end_s, SETTLE_S)


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


async def sleep_until(moment_s: Callable[[], float], plus_s: float) -> None:
    """`moment_s` is asked again at the end: it may have moved."""
    while (left_s := moment_s() + plus_s - time.time()) > 0:
        await asyncio.sleep(left_s)
